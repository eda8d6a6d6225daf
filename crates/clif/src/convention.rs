//! Where the parameters of a Go function travel (ARCHITECTURE.md, "Calling convention").

use cranelift_codegen::ir::{AbiParam, Signature, Type, types};
use cranelift_codegen::isa::CallConv;
use goxide_abi::{MAX_FLOAT_PARAMS, MAX_INT_PARAMS};
use goxide_ir::Ty;

/// Cranelift's type for a scalar.
pub fn clif_type(ty: Ty) -> Type {
    match ty {
        Ty::I8 => types::I8,
        Ty::I16 => types::I16,
        Ty::I32 => types::I32,
        Ty::I64 | Ty::Ptr => types::I64,
        Ty::F32 => types::F32,
        Ty::F64 => types::F64,
    }
}

/// Where one parameter is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In a register: the n-th parameter of the packed signature.
    Register(usize),
    /// The n-th word of the argument block.
    Block(usize),
}

/// The parameters of a function, spread over registers and argument block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Packing {
    /// One place for each parameter.
    pub places: Vec<Place>,
    /// Number of words in the argument block; its address is the last packed parameter
    /// if this is not 0.
    pub block_words: usize,
}

/// Spreads parameters. With more than [`MAX_INT_PARAMS`] integer words, or with more than
/// [`MAX_FLOAT_PARAMS`] floats, the address of the argument block takes an integer
/// register, the last one at most.
pub fn pack(params: &[Ty]) -> Packing {
    let floats = params.iter().filter(|ty| ty.is_float()).count();
    let ints = params.len() - floats;
    let floats_left = floats.saturating_sub(MAX_FLOAT_PARAMS);
    let needs_block = ints > MAX_INT_PARAMS || floats_left > 0;
    let int_registers = if needs_block {
        ints.min(MAX_INT_PARAMS - 1)
    } else {
        ints
    };
    let ints_left = ints - int_registers;
    let (mut int, mut float, mut register) = (0, 0, 0);
    let mut places = Vec::with_capacity(params.len());
    for ty in params {
        let (nth, limit, first_word) = if ty.is_float() {
            (&mut float, MAX_FLOAT_PARAMS, ints_left)
        } else {
            (&mut int, int_registers, 0)
        };
        places.push(if *nth < limit {
            register += 1;
            Place::Register(register - 1)
        } else {
            Place::Block(first_word + *nth - limit)
        });
        *nth += 1;
    }
    Packing {
        places,
        block_words: ints_left + floats_left,
    }
}

/// Cranelift's signature of a Go function.
pub fn go_signature(params: &[Ty], results: &[Ty], packing: &Packing) -> Signature {
    let mut sig = Signature::new(CallConv::Tail);
    for (ty, place) in params.iter().zip(&packing.places) {
        if let Place::Register(_) = place {
            sig.params.push(AbiParam::new(clif_type(*ty)));
        }
    }
    if packing.block_words > 0 {
        sig.params.push(AbiParam::new(types::I64));
    }
    sig.returns
        .extend(results.iter().map(|ty| AbiParam::new(clif_type(*ty))));
    sig
}

/// Cranelift's signature of a runtime call's stub.
pub fn runtime_signature(params: usize, results: usize) -> Signature {
    let mut sig = Signature::new(CallConv::SystemV);
    sig.params = vec![AbiParam::new(types::I64); params];
    sig.returns = vec![AbiParam::new(types::I64); results];
    sig
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(params: &[Ty]) -> String {
        let packing = pack(params);
        let places: Vec<String> = packing
            .places
            .iter()
            .map(|p| match p {
                Place::Register(n) => format!("r{n}"),
                Place::Block(n) => format!("b{n}"),
            })
            .collect();
        format!("{} / {}", places.join(" "), packing.block_words)
    }

    #[test]
    fn parameters_beyond_the_registers_go_to_the_block() {
        use Ty::*;
        assert_eq!(shown(&[I64; 6]), "r0 r1 r2 r3 r4 r5 / 0");
        assert_eq!(shown(&[I64; 7]), "r0 r1 r2 r3 r4 b0 b1 / 2");
        assert_eq!(shown(&[F64, I64, F32]), "r0 r1 r2 / 0");
        assert_eq!(shown(&[F64; 9]), "r0 r1 r2 r3 r4 r5 r6 r7 b0 / 1");
        let mut mixed = vec![I8; 6];
        mixed.extend([F64; 9]);
        assert_eq!(
            shown(&mixed),
            "r0 r1 r2 r3 r4 b0 r5 r6 r7 r8 r9 r10 r11 r12 b1 / 2"
        );
    }
}
