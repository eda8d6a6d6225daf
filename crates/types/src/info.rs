//! What the checker found out about a package's syntax tree, by node id.

use crate::constant::Value;
use crate::object::ObjId;
use crate::package::NodeId;
use crate::scope::ScopeId;
use crate::types::{List, TypeId};
use goxide_base::FxHashMap;
use std::sync::Arc;

/// Facts about one package. For packages with lazy bodies, a function's nodes have facts
/// only after [`crate::Program::check_body`].
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// The type of each node and what it stands for; see [`Kind`].
    types: Numbers,
    kinds: Vec<Kind>,
    values: FxHashMap<NodeId, Value>,
    uses: Numbers,
    defs: Numbers,
    /// Objects without an identifier of their own: the variable of each type switch clause
    /// (by the clause), the package name of an import without a name (by the import spec),
    /// parameters without a name (by the parameter).
    pub implicits: FxHashMap<NodeId, ObjId>,
    /// What each selector expression (by its id) means, except qualified identifiers, for
    /// which only `uses` of the selected identifier is recorded.
    pub selections: FxHashMap<NodeId, Selection>,
    /// Instantiations, by the id of the generic function's or type's identifier (of `Sel`
    /// in a qualified one).
    pub instances: FxHashMap<NodeId, Instance>,
    /// Scopes by file, function type, block or clause.
    pub scopes: FxHashMap<NodeId, ScopeId>,
}

/// A number for some nodes, one less than what stands there; 0: none. All zeros is what
/// fresh memory is: what belongs to bodies that nobody checks is never touched.
#[derive(Clone, Debug, Default)]
struct Numbers(Vec<u32>);

impl Numbers {
    fn get(&self, id: NodeId) -> Option<u32> {
        self.0.get(id.index())?.checked_sub(1)
    }

    fn set(&mut self, id: NodeId, number: u32) {
        grow_to(&mut self.0, id);
        self.0[id.index()] = number + 1;
    }
}

/// Makes room for a node; bodies that are read later bring new ones.
fn grow_to<T: Copy + Default>(list: &mut Vec<T>, id: NodeId) {
    if id.index() >= list.len() {
        let n = (id.index() + 1).max(list.len() * 2);
        list.resize(n, T::default());
    }
}

/// A [`Mode`] as its place in [`MODES`] and one more, 0 for none; with [`HAS_VALUE`] if
/// there is a constant's value.
type Kind = u8;

const HAS_VALUE: Kind = 0x80;

const MODES: [Mode; 9] = [
    Mode::NoValue,
    Mode::Builtin,
    Mode::TypeExpr,
    Mode::Constant,
    Mode::Variable,
    Mode::MapIndex,
    Mode::Value,
    Mode::NilValue,
    Mode::CommaOk,
];

/// What an expression stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// A call without results.
    NoValue,
    /// A built-in function.
    Builtin,
    /// A type.
    TypeExpr,
    /// A constant; the value is in [`Info::value`].
    Constant,
    /// Addressable.
    Variable,
    /// `m[k]`: assignable, not addressable; two values on demand.
    MapIndex,
    /// A computed value.
    Value,
    /// `nil`, with the type it was converted to (or untyped nil).
    NilValue,
    /// A value with a second boolean on demand: type assertion, channel receive. If the
    /// two-value form was used, the recorded type is a tuple.
    CommaOk,
}

/// A selector expression `x.f` that selects a field or a method.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Field, method value, or method expression.
    pub kind: SelectionKind,
    /// The type of `x` (of the type `x`, for a method expression).
    pub recv: TypeId,
    /// The field or method. For methods of instances: the instance's own method object,
    /// whose [`crate::Func::origin`] is the declared one.
    pub obj: ObjId,
    /// Field indices along embedded fields to the field; for methods the last index is the
    /// method's in its type or (sorted) interface.
    pub path: List<u32>,
    /// Whether a pointer was followed on the way.
    pub indirect: bool,
}

/// The kinds of [`Selection`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SelectionKind {
    /// `x.f` is a field.
    Field,
    /// `x.m` is a method of a value: a call's callee, or a method value.
    MethodValue,
    /// `T.m` is a function with the receiver as first parameter.
    MethodExpr,
}

/// What a generic function or type was instantiated with.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The type arguments, explicit or inferred.
    pub targs: List<TypeId>,
    /// The type of the instance.
    pub ty: TypeId,
}

/// One step of the initialization of a package's variables.
#[derive(Clone, Debug)]
pub struct Initializer {
    /// The variables; several for `var a, b = f()`, blank ones included.
    pub lhs: Vec<ObjId>,
    /// Where the right-hand side is: [`crate::Package::var_init`] gives the expression.
    pub init: InitRef,
}

/// Place of a variable initializer in the tree: file, declaration, spec within the
/// declaration, value within the spec.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub struct InitRef {
    pub file: u32,
    pub decl: u32,
    pub spec: u32,
    pub value: u32,
}

/// Initializers in order of execution.
pub type InitOrder = Arc<[Initializer]>;

impl Info {
    /// Facts with room for `n` nodes.
    pub fn with_nodes(n: usize) -> Info {
        Info {
            types: Numbers(vec![0; n]),
            kinds: vec![0; n],
            uses: Numbers(vec![0; n]),
            defs: Numbers(vec![0; n]),
            ..Info::default()
        }
    }

    fn kind(&self, id: NodeId) -> Kind {
        self.kinds.get(id.index()).copied().unwrap_or(0)
    }

    /// The final type of an expression, untyped constants converted.
    pub fn ty(&self, id: NodeId) -> Option<TypeId> {
        self.types.get(id).map(TypeId)
    }

    /// What an expression stands for.
    pub fn mode(&self, id: NodeId) -> Option<Mode> {
        let number = usize::from(self.kind(id) & !HAS_VALUE);
        number.checked_sub(1).map(|at| MODES[at])
    }

    /// The value of a constant expression, represented in its final type.
    pub fn value(&self, id: NodeId) -> Option<&Value> {
        match self.kind(id) & HAS_VALUE {
            0 => None,
            _ => self.values.get(&id),
        }
    }

    /// All objects that identifiers declare.
    pub(crate) fn defs(&self) -> impl Iterator<Item = ObjId> + '_ {
        let defs = self.defs.0.iter();
        defs.filter_map(|def| def.checked_sub(1)).map(ObjId)
    }

    /// The object an identifier refers to.
    pub fn use_of(&self, id: NodeId) -> Option<ObjId> {
        self.uses.get(id).map(ObjId)
    }

    /// The object an identifier declares. An embedded field's identifier declares the
    /// field and uses the type.
    pub fn def_of(&self, id: NodeId) -> Option<ObjId> {
        self.defs.get(id).map(ObjId)
    }

    /// The object an identifier declares or else uses.
    pub fn object_of(&self, id: NodeId) -> Option<ObjId> {
        self.def_of(id).or_else(|| self.use_of(id))
    }

    /// Records an expression's facts.
    pub fn set_type(&mut self, id: NodeId, mode: Mode, ty: TypeId, value: Option<Value>) {
        grow_to(&mut self.kinds, id);
        let kind = &mut self.kinds[id.index()];
        debug_assert_eq!(MODES[mode as usize], mode);
        let had_value = *kind & HAS_VALUE != 0;
        *kind = mode as Kind + 1;
        self.types.set(id, ty.0);
        match value {
            Some(value) => {
                *kind |= HAS_VALUE;
                self.values.insert(id, value);
            }
            None if had_value => drop(self.values.remove(&id)),
            None => {}
        }
    }

    /// Records a use.
    pub fn set_use(&mut self, id: NodeId, obj: ObjId) {
        self.uses.set(id, obj.0);
    }

    /// Records a definition.
    pub fn set_def(&mut self, id: NodeId, obj: ObjId) {
        self.defs.set(id, obj.0);
    }
}

use goxide_base::Idx as _;
