//! The text form of functions.

use crate::{
    Block, BlockCall, Callee, DeferKind, DeferWord, Function, Inst, Op, Symbols, Term, Value,
};
use std::fmt::Write;

/// Writes values as `v1, v2`.
fn list(values: &[Value]) -> String {
    values
        .iter()
        .map(Value::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// How symbols are shown: by name where a table is at hand.
struct Names<'a>(Option<&'a Symbols>);

impl Names<'_> {
    fn sym(&self, id: crate::SymId) -> String {
        match self.0 {
            Some(symbols) => format!("@{}", symbols.name(id)),
            None => id.to_string(),
        }
    }

    fn callee(&self, callee: &Callee, args: &[Value]) -> String {
        let args = list(args);
        match callee {
            Callee::Direct(sym, _) => format!("{}({args})", self.sym(*sym)),
            Callee::Runtime(i) => {
                let name = goxide_abi::RUNTIME_CALLS
                    .get(*i as usize)
                    .map_or("?", |c| c.name);
                format!("rt.{name}({args})")
            }
            Callee::Code(v, sig) => format!("code {v} {sig} ({args})"),
            Callee::Closure(v, sig) => format!("closure {v} {sig} ({args})"),
            Callee::Known(sym, v, sig) => {
                format!("closure {v} {} {sig} ({args})", self.sym(*sym))
            }
            Callee::Interface {
                itab,
                index,
                iface,
                sig,
            } => {
                format!(
                    "method {itab}.{index} of {} {sig} ({args})",
                    self.sym(*iface)
                )
            }
        }
    }

    fn op(&self, op: &Op) -> String {
        match op {
            Op::Iconst(ty, n) => format!("iconst.{ty} {n}"),
            Op::Fconst(ty, bits) if *ty == crate::Ty::F64 => {
                format!("fconst.{ty} {:?}", f64::from_bits(*bits))
            }
            Op::Fconst(ty, bits) => format!("fconst.{ty} {:?}", f32::from_bits(*bits as u32)),
            Op::SymAddr(sym, 0) => format!("addr {}", self.sym(*sym)),
            Op::SymAddr(sym, offset) => format!("addr {}{offset:+}", self.sym(*sym)),
            Op::SlotAddr(slot, offset) => format!("addr {slot}{offset:+}"),
            Op::Unary(op, a) => format!("{op:?} {a}").to_lowercase(),
            Op::Binary(op, a, b) => format!("{op:?} {a}, {b}").to_lowercase(),
            Op::AddCarry(a, b, c) => format!("addcarry {a}, {b}, {c}"),
            Op::SubBorrow(a, b, c) => format!("subborrow {a}, {b}, {c}"),
            Op::Div128(a, b, c) => format!("div128 {a}, {b}, {c}"),
            Op::Icmp(cc, a, b) => format!("icmp.{} {a}, {b}", format!("{cc:?}").to_lowercase()),
            Op::Fcmp(cc, a, b) => format!("fcmp.{} {a}, {b}", format!("{cc:?}").to_lowercase()),
            Op::Convert(op, ty, a) => format!("{}.{ty} {a}", format!("{op:?}").to_lowercase()),
            Op::Select(c, a, b) => format!("select {c}, {a}, {b}"),
            Op::Fma(a, b, c) => format!("fma {a}, {b}, {c}"),
            Op::Load(ty, a, offset, flags) => format!("load.{ty} {a}{offset:+}{}", tags(flags)),
            Op::Store {
                addr,
                offset,
                value,
                flags,
            } => {
                format!("store {addr}{offset:+}, {value}{}", tags(flags))
            }
            Op::StorePtr {
                addr,
                offset,
                value,
                flags,
            } => {
                format!("store_ptr {addr}{offset:+}, {value}{}", tags(flags))
            }
            Op::MemCopy {
                dst,
                src,
                bytes,
                pointers,
            } => {
                format!("memcopy {dst}, {src}, {bytes}{}", self.pointers(*pointers))
            }
            Op::MemZero {
                dst,
                bytes,
                pointers,
            } => {
                format!("memzero {dst}, {bytes}{}", self.pointers(*pointers))
            }
            Op::AtomicLoad(ty, a) => format!("atomic_load.{ty} {a}"),
            Op::AtomicStore(a, v, _) => format!("atomic_store {a}, {v}"),
            Op::AtomicRmw(op, a, v, _) => {
                format!("atomic_{} {a}, {v}", format!("{op:?}").to_lowercase())
            }
            Op::AtomicCas(a, old, new, _) => format!("atomic_cas {a}, {old}, {new}"),
            Op::NilCheck(a) => format!("nilcheck {a}"),
            Op::BoundsCheck(kind, i, n) => format!("check.{kind:?} {i}, {n}"),
            Op::Check(kind, c, operands) => format!("check.{kind:?} {c} [{}]", list(operands)),
            Op::New {
                desc, bytes, align, ..
            } => {
                format!("new {bytes} align {align}{}", self.pointers(*desc))
            }
            Op::Call { callee, args, site } => {
                let site = site.map_or(String::new(), |s| format!(" ; {s}"));
                format!("call {}{site}", self.callee(callee, args))
            }
            Op::ClosureCtx => "closure_ctx".into(),
            Op::GetG => "get_g".into(),
            Op::FramePtr => "frame_ptr".into(),
            Op::CallerFrame(n) => format!("caller_frame {n}"),
            Op::KeepAlive(a) => format!("keep_alive {a}"),
            Op::DeferEnter {
                frame,
                landing,
                kind,
            } => {
                let kind = match kind {
                    DeferKind::OpenCoded => " open_coded",
                    DeferKind::Records => " records",
                    DeferKind::SharedRecords => "",
                };
                let landing = landing.map_or(String::new(), |l| {
                    format!(", recover {}", self.sym(l.handler))
                });
                format!("defer_enter{kind} {frame}{landing}")
            }
            Op::DeferRecord(addr) => format!("defer_record {addr}"),
            Op::DeferLeave(frame) => format!("defer_leave {frame}"),
            Op::DeferStore {
                frame,
                offset,
                value,
                word,
            } => {
                let word = match word {
                    DeferWord::Call(Some(code)) => format!("call {}", self.sym(*code)),
                    DeferWord::Call(None) => "call".into(),
                    DeferWord::Home => "home".into(),
                };
                format!("defer_store {frame}{offset:+}, {value} {word}")
            }
        }
    }

    fn pointers(&self, desc: Option<crate::SymId>) -> String {
        desc.map_or(String::new(), |d| format!(" {}", self.sym(d)))
    }

    fn edge(&self, to: &BlockCall) -> String {
        if to.args.is_empty() {
            to.block.to_string()
        } else {
            format!("{}({})", to.block, list(&to.args))
        }
    }

    fn term(&self, term: &Term) -> String {
        match term {
            Term::Open => "open".into(),
            Term::Jump(to) => format!("jump {}", self.edge(to)),
            Term::Branch(c, a, b) => format!("branch {c}, {}, {}", self.edge(a), self.edge(b)),
            Term::Switch(v, cases, default) => {
                let cases: Vec<String> = cases
                    .iter()
                    .map(|(n, to)| format!("{n}: {}", self.edge(to)))
                    .collect();
                format!("switch {v} [{}], {}", cases.join(", "), self.edge(default))
            }
            Term::Return(values) => format!("return {}", list(values)).trim_end().into(),
            Term::TailCall(callee, args) => format!("tail_call {}", self.callee(callee, args)),
            Term::Unreachable => "unreachable".into(),
        }
    }
}

fn tags(flags: &crate::MemFlags) -> String {
    let mut text = String::new();
    if flags.no_trap {
        text += " notrap";
    }
    if flags.immutable {
        text += " immutable";
    }
    if flags.tag.0 != 0 {
        let _ = write!(text, " tag{}", flags.tag.0);
    }
    text
}

impl Function {
    /// One instruction as text, without symbol names.
    pub fn inst_text(&self, inst: Inst) -> String {
        self.inst_with(inst, &Names(None))
    }

    fn inst_with(&self, inst: Inst, names: &Names<'_>) -> String {
        let data = &self.insts[inst];
        let op = names.op(&data.op);
        if data.results.is_empty() {
            op
        } else {
            format!("{} = {op}", list(&data.results))
        }
    }

    /// The function as text. `line_of` may give a source line to show beside instructions.
    pub fn text(
        &self,
        symbols: &Symbols,
        line_of: &dyn Fn(goxide_base::Pos) -> Option<u32>,
    ) -> String {
        let names = Names(Some(symbols));
        let mut out = format!("func {}{} {{\n", self.name, self.sig);
        for (slot, data) in self.slots.iter_enumerated() {
            let _ = writeln!(out, "    {slot} = slot {} align {}", data.bytes, data.align);
        }
        for block in self.blocks.indices() {
            self.block_text(block, &names, line_of, &mut out);
        }
        out.push_str("}\n");
        out
    }

    fn block_text(
        &self,
        block: Block,
        names: &Names<'_>,
        line_of: &dyn Fn(goxide_base::Pos) -> Option<u32>,
        out: &mut String,
    ) {
        let data = &self.blocks[block];
        let params: Vec<String> = data
            .params
            .iter()
            .map(|p| format!("{p}: {}", self.ty(*p)))
            .collect();
        let cold = if data.cold { " cold" } else { "" };
        let params = if params.is_empty() {
            String::new()
        } else {
            format!("({})", params.join(", "))
        };
        let _ = writeln!(out, "{block}{params}{cold}:");
        let mut last = None;
        let mut emit = |text: String, loc: crate::Loc| {
            let line = line_of(self.locs[loc].pos);
            if line.is_some() && line != last {
                let _ = writeln!(out, "    {text:<60} ; line {}", line.unwrap_or(0));
            } else {
                let _ = writeln!(out, "    {text}");
            }
            last = line;
        };
        for &inst in &data.insts {
            emit(self.inst_with(inst, names), self.insts[inst].loc);
        }
        emit(names.term(&data.term), data.term_loc);
    }
}
