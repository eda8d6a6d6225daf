//! What is kept about a function beside its IR, so that the IR need not be looked at.

use super::hash::{Bytes, Hash};
use super::keys::Base;
use super::names::Names;
use super::program::Item;
use goxide_base::Pos;
use goxide_ir::{Packed, SymId};
use goxide_lower::Answers;
use goxide_opt::{Leads, Outline, Partly, References};
use serde::{Deserialize, Serialize};

/// About a function as lowering leaves it, and as the first half of the optimiser leaves it
/// then. Symbols are numbers of the unit.
#[derive(Serialize, Deserialize)]
pub struct Facts {
    /// Its symbol.
    pub sym: u32,
    /// Its name in tracebacks.
    pub name: String,
    /// Its position in its file ([`Pos::in_file`]).
    pub pos: u32,
    /// Only called where another goes on after `recover`.
    pub is_handler: bool,
    /// The symbols in it, and the methods of interface types that it calls, when it was
    /// lowered.
    symbols: Vec<u32>,
    interface_calls: Vec<(u32, u32)>,
    /// What these led to: as long as they do, the first half of the optimiser does what it
    /// did.
    leads: Hash,
    cases: Hash,
    /// What it costs inlined before calls of methods are rewritten, if it is small.
    pub small_cost: Option<u32>,
    /// The hash of the function as the first half left it, and the symbols in that.
    base: Hash,
    base_symbols: Vec<Reference>,
    /// The functions that it calls and in whose place it ends, as numbers in that list: 0 is
    /// the function itself.
    calls: Vec<u32>,
    ends_as: Vec<u32>,
    may_recover: bool,
    may_inline: bool,
    /// The length of its IR.
    pub ir_bytes: u32,
}

/// A symbol: a number of the unit, or what the optimiser has brought in, by name.
#[derive(Serialize, Deserialize)]
enum Reference {
    Number(u32),
    Name(Hash),
}

/// What symbols mean in a program.
pub struct Meaning<'a> {
    /// Lasting names.
    pub names: &'a Names,
    /// What static data says about code.
    pub references: &'a References,
}

impl Facts {
    /// The facts about a function: as it was lowered (`packed`), as the first half of the
    /// optimiser leaves it (`item`), and where its file begins. `None`: something has no
    /// lasting name.
    pub fn of(
        item: &Item,
        packed: &Packed,
        file: Pos,
        number: impl Fn(SymId) -> Option<u32>,
        meaning: &Meaning<'_>,
        partly: &mut Partly,
    ) -> Option<Facts> {
        let Item { base, outline, .. } = item;
        let symbols: Vec<u32> = (packed.symbols.iter())
            .map(|&sym| number(sym))
            .collect::<Option<_>>()?;
        let interface_calls: Vec<(u32, u32)> = (packed.interface_calls.iter())
            .map(|&(iface, index)| Some((number(iface)?, index)))
            .collect::<Option<_>>()?;
        let reference = |&sym: &SymId| match number(sym) {
            Some(number) => Some(Reference::Number(number)),
            None => Some(Reference::Name(meaning.names.get(sym)?)),
        };
        let place = |&sym: &SymId| match sym == outline.sym {
            true => Some(0),
            false => {
                let place = base.symbols.iter().position(|s| *s == sym)?;
                Some(place as u32 + 1)
            }
        };
        Some(Facts {
            sym: number(item.sym)?,
            name: item.name.as_str().to_string(),
            pos: item.pos.in_file(file),
            is_handler: item.is_handler,
            leads: meaning.leads(packed.symbols.iter().copied())?,
            cases: meaning.cases(packed.interface_calls.iter().copied(), partly)?,
            symbols,
            interface_calls,
            small_cost: partly.small_cost(item.sym),
            base: base.hash,
            base_symbols: (base.symbols.iter())
                .map(reference)
                .collect::<Option<_>>()?,
            calls: outline.calls.iter().map(place).collect::<Option<_>>()?,
            ends_as: outline.ends_as.iter().map(place).collect::<Option<_>>()?,
            may_recover: outline.may_recover,
            may_inline: outline.may_inline,
            ir_bytes: packed.bytes.len() as u32,
        })
    }

    /// Whether what the function names leads where it led.
    pub fn leads_there(&self, answers: &Answers, meaning: &Meaning<'_>) -> bool {
        let symbols = self.symbols.iter().map(|&n| symbol(answers, n));
        let symbols = symbols.collect::<Option<Vec<_>>>();
        symbols.is_some_and(|s| meaning.leads(s) == Some(self.leads))
    }

    /// Whether calls of interface methods are compared with what they were.
    pub fn has_cases(&self, answers: &Answers, meaning: &Meaning<'_>, partly: &mut Partly) -> bool {
        let calls = self.interface_calls.iter();
        let calls = calls.map(|&(iface, index)| Some((symbol(answers, iface)?, index)));
        let calls = calls.collect::<Option<Vec<_>>>();
        calls.is_some_and(|c| meaning.cases(c, partly) == Some(self.cases))
    }

    /// The function as the first half of the optimiser leaves it; `None`: a symbol is not
    /// there.
    pub fn prepared(&self, answers: &Answers, names: &Names) -> Option<(Base, Outline)> {
        let known = |reference: &Reference| match reference {
            Reference::Number(number) => symbol(answers, *number),
            Reference::Name(name) => names.find(name),
        };
        let symbols = self.base_symbols.iter().map(known);
        let symbols: Vec<SymId> = symbols.collect::<Option<_>>()?;
        let sym = symbol(answers, self.sym)?;
        let at = |&place: &u32| match place {
            0 => Some(sym),
            n => symbols.get(n as usize - 1).copied(),
        };
        let outline = Outline {
            sym,
            calls: self.calls.iter().map(at).collect::<Option<_>>()?,
            ends_as: self.ends_as.iter().map(at).collect::<Option<_>>()?,
            may_recover: self.may_recover,
            may_inline: self.may_inline,
        };
        let base = Base {
            hash: self.base,
            symbols,
        };
        Some((base, outline))
    }
}

/// The symbol of a number of a unit.
fn symbol(answers: &Answers, number: u32) -> Option<SymId> {
    *answers.symbols.get(number as usize)?
}

impl Meaning<'_> {
    /// A hash of what symbols lead to.
    fn leads(&self, symbols: impl IntoIterator<Item = SymId>) -> Option<Hash> {
        let mut bytes = Bytes::default();
        for (at, sym) in symbols.into_iter().enumerate() {
            match self.references.of_symbol(sym) {
                Leads::Nowhere => continue,
                Leads::Code(code) => {
                    bytes.word(at as u32);
                    bytes.0.extend(self.names.get(code)?);
                }
                Leads::Methods(methods) => {
                    bytes.word(at as u32);
                    bytes.word(methods.len() as u32);
                    for method in methods {
                        bytes.word(method.is_some().into());
                        if let Some(code) = method {
                            bytes.0.extend(self.names.get(*code)?);
                        }
                    }
                }
            }
        }
        Some(bytes.hash())
    }

    /// A hash of what calls of interface methods are compared with.
    fn cases(
        &self,
        calls: impl IntoIterator<Item = (SymId, u32)>,
        partly: &mut Partly,
    ) -> Option<Hash> {
        let mut bytes = Bytes::default();
        for (interface, index) in calls {
            let cases = partly.cases(interface, index).unwrap_or_default();
            bytes.word(cases.len() as u32);
            for (itab, code) in cases {
                bytes.0.extend(self.names.get(*itab)?);
                bytes.0.extend(self.names.get(*code)?);
            }
        }
        Some(bytes.hash())
    }
}
