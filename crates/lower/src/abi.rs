//! How Go signatures become scalar ones (ARCHITECTURE.md, "Calling convention").

use crate::layout::Layout;
use crate::mono::RType;
use goxide_abi::{MAX_FLOAT_RESULTS, MAX_INT_RESULTS};
use goxide_ir::{Signature, Ty};
use std::rc::Rc;

/// A function's parameters and results, in Go's terms and in scalars.
#[derive(Clone, Debug)]
pub struct Abi {
    /// Receiver first, then parameters.
    pub params: Vec<Param>,
    /// Result types.
    pub results: Rc<[RType]>,
    /// Layout of each result.
    pub result_layouts: Vec<Rc<Layout>>,
    /// Layout of the result area (a struct of the results) whose address is the first
    /// scalar parameter; `None` if results travel in registers.
    pub area: Option<Rc<Layout>>,
    /// All scalars.
    pub sig: Signature,
}

/// One Go parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Type.
    pub ty: RType,
    /// Layout.
    pub layout: Rc<Layout>,
    /// Index of its first scalar among the signature's parameters.
    pub first: usize,
}

impl Abi {
    /// The convention for these types; `area` is the layout of a struct of the results.
    pub fn new(
        params: Vec<(RType, Rc<Layout>)>,
        results: Rc<[RType]>,
        result_layouts: Vec<Rc<Layout>>,
        area: Rc<Layout>,
    ) -> Abi {
        let mut sig = Signature::default();
        let area = if in_registers(&result_layouts) {
            for l in &result_layouts {
                sig.results
                    .extend(l.comps.iter().flat_map(|c| c.iter()).map(|c| c.ty));
            }
            None
        } else {
            sig.params.push(Ty::Ptr);
            Some(area)
        };
        let mut list = Vec::new();
        for (ty, layout) in params {
            let first = sig.params.len();
            match &layout.comps {
                Some(comps) => sig.params.extend(comps.iter().map(|c| c.ty)),
                None => sig.params.push(Ty::Ptr),
            }
            list.push(Param { ty, layout, first });
        }
        Abi {
            params: list,
            results,
            result_layouts,
            area,
            sig,
        }
    }
}

fn in_registers(results: &[Rc<Layout>]) -> bool {
    let (mut ints, mut floats) = (0, 0);
    for l in results {
        let Some(comps) = &l.comps else {
            return false;
        };
        for c in comps.iter() {
            if c.ty.is_float() {
                floats += 1;
            } else {
                ints += 1;
            }
        }
    }
    ints <= MAX_INT_RESULTS && floats <= MAX_FLOAT_RESULTS
}
