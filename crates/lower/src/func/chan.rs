//! Channels and `select`.

use super::{FuncLower, Listed, Mem, Place, Val};
use crate::mono::{RKind, RType};
use goxide_abi::SiteKind;
use goxide_base::{Pos, Symbol};
use goxide_ir::{Block, IntCc, Value};
use goxide_syntax::ast::{
    AssignOp, AssignStmt, CommClause, Expr, ExprKind, SelectStmt, SendStmt, Stmt, StmtKind, UnaryOp,
};

/// One `case` of a `select`, its operands evaluated.
struct Case {
    chan: Value,
    /// Where the value to send is, or the received one goes.
    element: Option<Mem>,
    elem_ty: RType,
    send: bool,
    /// Index of the clause.
    clause: usize,
}

impl FuncLower<'_, '_> {
    /// `ch <- v`
    pub fn send_stmt(&mut self, s: &Stmt, send: &SendStmt) {
        let ty = self.type_of_single(&send.chan);
        let to = self.elem_of(ty);
        self.first_round([Listed::Value(&send.chan), Listed::As(&send.value, to)].into_iter());
        let (ch, _, elem) = self.send_operands(send);
        self.at(s.pos);
        let site = self.site_word(SiteKind::Send, s.pos);
        let elem = self.mem_addr(elem);
        self.rt("chansend1", &[ch, elem, site]);
    }

    /// Evaluates channel and value. (Those of a `select` strictly one after the other.)
    fn send_operands(&mut self, send: &SendStmt) -> (Value, RType, Mem) {
        let ty = self.type_of_single(&send.chan);
        let elem = self.elem_of(ty);
        self.first_round_of(&send.chan);
        let ch = self.expr(&send.chan);
        let ch = self.scalar(&ch);
        self.first_round(std::iter::once(Listed::As(&send.value, elem)));
        let val = self.expr_as(&send.value, elem);
        let val = self.stable(val, elem);
        (ch, elem, self.in_memory(&val, elem))
    }

    /// `<-ch`, or with `ok`.
    pub fn receive(&mut self, e: &Expr, x: &Expr, comma_ok: bool) -> (Val, Value) {
        let ty = self.type_of_single(x);
        self.first_round_of(x);
        let ch = self.expr(x);
        let ch = self.scalar(&ch);
        self.at(e.pos);
        self.receive_from(ch, ty, e.pos, comma_ok, SiteKind::Receive)
    }

    /// Receives from a channel of type `ty`.
    pub fn receive_from(
        &mut self,
        ch: Value,
        ty: RType,
        pos: Pos,
        comma_ok: bool,
        kind: SiteKind,
    ) -> (Val, Value) {
        let elem = self.elem_of(ty);
        let slot = self.slot(elem);
        let site = self.site_word(kind, pos);
        let addr = self.mem_addr(slot);
        let ok = if comma_ok {
            self.rt1("chanrecv2", &[ch, addr, site])
        } else {
            self.rt("chanrecv1", &[ch, addr, site]);
            self.bool(true)
        };
        (self.load(slot, elem), ok)
    }

    /// `select {…}`
    pub fn select_stmt(&mut self, pos: Pos, s: &SelectStmt, label: Option<Symbol>) {
        let default = s.clauses.iter().position(|c| c.comm.is_none());
        let mut cases = Vec::new();
        for (i, c) in s.clauses.iter().enumerate() {
            cases.extend(self.select_case(i, c));
        }
        self.at(pos);
        let site = self.site_word(SiteKind::Select, pos);
        if cases.is_empty() && default.is_none() {
            self.rt("block", &[site]);
            return self.unreachable();
        }
        let done = self.b.new_block();
        let bodies: Vec<Block> = s.clauses.iter().map(|_| self.b.new_block()).collect();
        let received = match (&cases[..], default) {
            ([], Some(d)) => {
                self.b.jump(bodies[d]);
                None
            }
            ([one], Some(d)) => Some(self.select_one(one, bodies[one.clause], bodies[d], site)),
            ([one], None) => self.select_only(one, bodies[one.clause], pos),
            _ => Some(self.select_many(&cases, default, &bodies, site)),
        };
        for (i, c) in s.clauses.iter().enumerate() {
            self.b.switch_to_sealed(bodies[i]);
            if let Some(comm) = &c.comm
                && let Some(case) = cases.iter().find(|k| k.clause == i)
            {
                self.bind_received(comm, case, received);
            }
            self.with_jump(label, done, None, |this| this.stmts(&c.body));
            self.b.jump(done);
        }
        self.end_block(done);
    }

    fn select_case(&mut self, clause: usize, c: &CommClause) -> Option<Case> {
        let comm = c.comm.as_ref()?;
        self.at(comm.pos);
        if let StmtKind::Send(send) = &comm.kind {
            let (chan, elem_ty, element) = self.send_operands(send);
            return Some(Case {
                chan,
                element: Some(element),
                elem_ty,
                send: true,
                clause,
            });
        }
        let (x, wanted) = received_operand(comm)?;
        let ty = self.type_of_single(x);
        let elem_ty = self.elem_of(ty);
        self.first_round_of(x);
        let ch = self.expr(x);
        let chan = self.scalar(&ch);
        let element = wanted.then(|| self.slot(elem_ty));
        Some(Case {
            chan,
            element,
            elem_ty,
            send: false,
            clause,
        })
    }

    fn element_addr(&mut self, case: &Case) -> Value {
        match case.element {
            Some(mem) => self.mem_addr(mem),
            None => self.nil(),
        }
    }

    /// One case and `default`. Gives whether a value was received.
    fn select_one(&mut self, case: &Case, body: Block, default: Block, site: Value) -> Value {
        let elem = self.element_addr(case);
        if case.send {
            let sent = self.rt1("selectnbsend", &[case.chan, elem, site]);
            self.b.branch(sent, body, default);
            return sent;
        }
        let r = self.rt("selectnbrecv", &[elem, case.chan, site]);
        self.b.branch(r[0], body, default);
        r[1]
    }

    /// One case and nothing else: the plain operation, as in Go, where one sees it in dumps.
    fn select_only(&mut self, case: &Case, body: Block, pos: Pos) -> Option<Value> {
        let elem = self.element_addr(case);
        let received = if case.send {
            let site = self.site_word(SiteKind::Send, pos);
            self.rt("chansend1", &[case.chan, elem, site]);
            None
        } else {
            let site = self.site_word(SiteKind::Receive, pos);
            Some(self.rt1("chanrecv2", &[case.chan, elem, site]))
        };
        self.b.jump(body);
        received
    }

    /// Everything else. Sends come first in the array of cases.
    fn select_many(
        &mut self,
        cases: &[Case],
        default: Option<usize>,
        bodies: &[Block],
        site: Value,
    ) -> Value {
        let array = self.slot_of(16 * cases.len() as u64, 8);
        let order: Vec<&Case> = cases
            .iter()
            .filter(|c| c.send)
            .chain(cases.iter().filter(|c| !c.send))
            .collect();
        for (i, case) in order.iter().enumerate() {
            let elem = self.element_addr(case);
            let mem = self.offset_mem(array, 16 * i as u64);
            self.store_scalar(mem, 0, case.chan);
            self.store_scalar(mem, 8, elem);
        }
        let sends = order.iter().filter(|c| c.send).count();
        let addr = self.mem_addr(array);
        let args = [
            addr,
            self.int(sends as i64),
            self.int((order.len() - sends) as i64),
            self.bool(default.is_none()),
            site,
        ];
        let r = self.rt("selectcases", &args);
        let chosen = r[0];
        for (i, case) in order.iter().enumerate() {
            if i + 1 == order.len() && default.is_none() {
                self.b.jump(bodies[case.clause]);
                break;
            }
            let n = self.int(i as i64);
            let hit = self.b.icmp(IntCc::Eq, chosen, n);
            let next = self.b.new_block();
            self.b.branch(hit, bodies[case.clause], next);
            self.b.switch_to_sealed(next);
        }
        if let Some(d) = default {
            self.b.jump(bodies[d]);
        }
        r[1]
    }

    /// Assigns what a receive case received.
    fn bind_received(&mut self, comm: &Stmt, case: &Case, received: Option<Value>) {
        let StmtKind::Assign(a) = &comm.kind else {
            return;
        };
        self.at(comm.pos);
        if let (Some(lhs), Some(mem)) = (a.lhs.first(), case.element) {
            let val = self.load(mem, case.elem_ty);
            self.assign_received(a, lhs, val, case.elem_ty);
        }
        if let (Some(lhs), Some(ok)) = (a.lhs.get(1), received) {
            let ok = self.truth(ok);
            self.assign_received(a, lhs, Val::one(ok), RType::BOOL);
        }
    }

    fn assign_received(&mut self, a: &AssignStmt, lhs: &Expr, val: Val, from: RType) {
        self.assign_value(lhs, a.op == AssignOp::Define, val, from);
    }

    /// Assigns a value to a left side, which may declare a variable.
    pub fn assign_value(&mut self, lhs: &Expr, define: bool, val: Val, from: RType) {
        if let ExprKind::Ident(name) = &lhs.unparen().kind
            && name.is_blank()
        {
            return;
        }
        if define && let Some(obj) = self.info().def_of(lhs.id) {
            let ty = self.obj_type(obj);
            let val = self.assign_convert(val, from, ty);
            self.declare(obj, ty, Some(&val));
            return;
        }
        let ty = match lhs.as_ident().and_then(|_| self.info().object_of(lhs.id)) {
            Some(obj) => self.obj_type(obj),
            None => self.type_of_single(lhs),
        };
        self.first_round(std::iter::once(Listed::Target(lhs)));
        let place: Place = self.place(lhs);
        let val = self.assign_convert(val, from, ty);
        self.write(&place, ty, &val);
    }

    /// Whether values of a type are channels.
    pub fn is_chan(&mut self, ty: RType) -> bool {
        matches!(self.l.under_kind(ty), RKind::Chan(..))
    }
}

/// The channel of a receive case, and whether its value is wanted.
fn received_operand(comm: &Stmt) -> Option<(&Expr, bool)> {
    let (e, wanted) = match &comm.kind {
        StmtKind::Expr(e) => (e, false),
        StmtKind::Assign(a) => {
            let blank = |e: &Expr| matches!(&e.kind, ExprKind::Ident(n) if n.is_blank());
            (a.rhs.first()?, !a.lhs.first().is_none_or(blank))
        }
        _ => return None,
    };
    match &e.unparen().kind {
        ExprKind::Unary(u) if u.op == UnaryOp::Recv => Some((&u.x, wanted)),
        _ => None,
    }
}
