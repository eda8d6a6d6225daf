//! Instructions as a list that can be changed, and their layout with short branches and
//! aligned loops.

use smallvec::SmallVec;

/// A place in the code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Offset in the code as Cranelift made it; only before it is resolved.
    Offset(u32),
    /// An item.
    Item(u32),
    /// Offset in the constants.
    Constant(u32),
}

/// What layout has to do for an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nothing.
    Plain,
    /// `jmp`.
    Jump(Place),
    /// Conditional branch with this condition code.
    Branch(u8, Place),
    /// An instruction with a displacement relative to its end at `field`.
    Rip {
        /// Offset of the displacement in the instruction.
        field: u8,
        /// What it names.
        target: Place,
    },
    /// A jump table: distances from its start.
    Table(Vec<Place>),
}

impl Kind {
    /// Calls `f` for every place that is named.
    pub fn for_each_place(&mut self, mut f: impl FnMut(&mut Place)) {
        match self {
            Kind::Plain => {}
            Kind::Jump(to) | Kind::Branch(_, to) | Kind::Rip { target: to, .. } => f(to),
            Kind::Table(targets) => targets.iter_mut().for_each(f),
        }
    }

    fn is_branch(&self) -> bool {
        matches!(self, Kind::Jump(_) | Kind::Branch(..))
    }
}

/// Bytes of an instruction: 15 at most.
pub type Bytes = SmallVec<[u8; 16]>;

/// One instruction or jump table.
#[derive(Clone, Debug)]
pub struct Item {
    /// Where it was; of copies, where the original was.
    pub old_offset: u32,
    /// Whether it is a copy or new.
    extra: bool,
    /// What layout has to do.
    pub kind: Kind,
    /// Its bytes; of branches only the kind counts.
    pub bytes: Bytes,
    /// A relocation taken over from a removed item: the field's old offset, the field in
    /// this item, and what to add to the addend.
    adopted: Option<(u32, u8, i32)>,
    /// Whether the branch has its short form so far.
    short: bool,
    /// End of the inner loop that begins here, as an item number.
    loop_end: Option<u32>,
}

impl Item {
    /// An item as it was.
    pub fn new(old_offset: u32, kind: Kind, bytes: Bytes) -> Item {
        Item {
            old_offset,
            extra: false,
            kind,
            bytes,
            adopted: None,
            short: true,
            loop_end: None,
        }
    }

    /// A second one like it.
    pub fn copy(&self) -> Item {
        Item {
            extra: true,
            ..self.clone()
        }
    }

    /// A new one. Branches need no bytes.
    pub fn made(kind: Kind, bytes: Bytes) -> Item {
        Item {
            extra: true,
            ..Item::new(u32::MAX, kind, bytes)
        }
    }

    /// Whether a relocation was taken over.
    pub fn has_adopted(&self) -> bool {
        self.adopted.is_some()
    }

    /// Leaves nothing; branches to it go to the next.
    pub fn remove(&mut self) {
        self.kind = Kind::Plain;
        self.bytes.clear();
    }

    /// Replaces the instruction.
    pub fn set_bytes(&mut self, bytes: Bytes) {
        self.bytes = bytes;
    }

    /// Takes a relocation over.
    pub fn adopt(&mut self, old_field: u32, field: u8, add: i32) {
        self.adopted = Some((old_field, field, add));
    }

    fn len(&self) -> usize {
        match (&self.kind, self.short) {
            (Kind::Jump(_) | Kind::Branch(..), true) => 2,
            (Kind::Jump(_), false) => 5,
            (Kind::Branch(..), false) => 6,
            _ => self.bytes.len(),
        }
    }
}

/// New items in front of an item.
pub struct Insertion {
    /// Number of the item.
    pub at: usize,
    /// Whether jumps to the item go past the new ones.
    pub after_jumps: bool,
    /// The new items.
    pub items: Vec<Item>,
}

/// A function's instructions and constants.
pub struct Stream {
    /// Instructions in order.
    pub items: Vec<Item>,
    /// Constants, behind the code.
    pub constants: Vec<u8>,
    /// Offset of the constants modulo 16, which must stay.
    pub constants_phase: u32,
}

/// Laid-out code with maps from old offsets.
pub struct LaidOut {
    /// Prefix, code, tail, constants.
    pub code: Vec<u8>,
    /// Where the tail is.
    pub tail: usize,
    /// Old and new offset of every item, ascending.
    offsets: Vec<(u32, u32)>,
    /// (new offset, new end, old offset) of copied instructions, ascending.
    pub copies: Vec<(u32, u32, u32)>,
    /// (old field, new field, addition to the addend) of adopted relocations.
    adopted: Vec<(u32, u32, i32)>,
}

const LINE_BYTES: usize = 64;
const RETURN: [u8; 1] = [0xc3];
/// Loops longer than this many lines gain nothing from alignment.
const ALIGNED_LINES: usize = 8;

impl Stream {
    /// An upper bound of the code's length.
    pub fn max_len(&self) -> usize {
        let padding = |n: usize, item: &Item| match item.kind {
            Kind::Jump(Place::Item(to)) | Kind::Branch(_, Place::Item(to)) if to as usize <= n => {
                LINE_BYTES
            }
            _ => 0,
        };
        let items = self.items.iter().enumerate();
        items
            .map(|(n, item)| item.bytes.len() + padding(n, item))
            .sum()
    }

    /// Lays out prefix, code, a tail of `tail` bytes (zeros for now), and the constants.
    pub fn lay_out(mut self, prefix: Vec<u8>, tail: usize) -> LaidOut {
        self.find_inner_loops();
        let positions = self.positions(prefix.len());
        let end = positions[self.items.len()];
        let mut constants = end + tail;
        if !self.constants.is_empty() {
            let phase = self.constants_phase as usize;
            constants += (phase + 16 - constants % 16) % 16;
        }
        let mut out = LaidOut {
            code: prefix,
            tail: end,
            offsets: Vec::with_capacity(self.items.len()),
            copies: Vec::new(),
            adopted: Vec::new(),
        };
        for (n, item) in self.items.iter().enumerate() {
            pad(&mut out.code, positions[n]);
            item.emit(&positions, constants, &mut out);
        }
        out.code.resize(end + tail, 0);
        out.code.resize(constants, 0xcc);
        out.code.extend_from_slice(&self.constants);
        out
    }

    /// Puts other items in place of single ones. `changes` ascends by item number.
    pub fn replace(&mut self, changes: Vec<(usize, Vec<Item>)>) {
        if changes.is_empty() {
            return;
        }
        let old = std::mem::take(&mut self.items);
        let mut numbers = Vec::with_capacity(old.len() + 1);
        let mut changes = changes.into_iter().peekable();
        for (n, item) in old.into_iter().enumerate() {
            numbers.push(self.items.len() as u32);
            match changes.next_if(|change| change.0 == n) {
                Some((_, items)) => {
                    // The old offset stays known.
                    let mut gone = item;
                    gone.remove();
                    self.items.push(gone);
                    self.items.extend(items);
                }
                None => self.items.push(item),
            }
        }
        self.renumber(&numbers);
    }

    /// Puts new items in front of others. `insertions` ascends by item number, and for the
    /// same item those that jumps go past come first.
    pub fn insert(&mut self, insertions: &[Insertion]) {
        let old = std::mem::take(&mut self.items);
        let mut numbers = Vec::with_capacity(old.len());
        let mut insertions = insertions.iter().peekable();
        for (n, item) in old.into_iter().enumerate() {
            while let Some(past) = insertions.next_if(|i| i.at == n && i.after_jumps) {
                self.items.extend(past.items.iter().cloned());
            }
            numbers.push(self.items.len() as u32);
            while let Some(insertion) = insertions.next_if(|i| i.at == n) {
                self.items.extend(insertion.items.iter().cloned());
            }
            self.items.push(item);
        }
        self.renumber(&numbers);
    }

    /// Items have got these numbers.
    fn renumber(&mut self, numbers: &[u32]) {
        for item in &mut self.items {
            item.kind.for_each_place(|place| {
                if let Place::Item(n) = place {
                    *n = numbers[*n as usize];
                }
            });
        }
    }

    /// A loop is the span of a backward branch; only spans without another inside count. Cold
    /// blocks lie behind the last return: a branch from there back over it is no loop.
    fn find_inner_loops(&mut self) {
        let last_return = self
            .items
            .iter()
            .rposition(|item| item.bytes[..] == RETURN)
            .unwrap_or(self.items.len());
        let mut spans: Vec<(u32, u32)> = Vec::new();
        for (n, item) in self.items.iter().enumerate() {
            if let Kind::Jump(Place::Item(to)) | Kind::Branch(_, Place::Item(to)) = item.kind
                && to as usize <= n
                && !(to as usize..=n).contains(&last_return)
            {
                spans.push((to, n as u32 + 1));
            }
        }
        // By end, then by falling start: an inner span comes before those around it.
        spans.sort_by_key(|&(start, end)| (end, u32::MAX - start));
        let mut innermost_start = None;
        for (start, end) in spans {
            // Equal starts are several ways back to one head.
            if innermost_start.is_none_or(|inner| start >= inner) {
                self.items[start as usize].loop_end = Some(end);
                innermost_start = Some(start);
            }
        }
    }

    /// New offsets of the items and of the end. Branches start short and grow until all
    /// reach; padding is decided again each round.
    fn positions(&mut self, start: usize) -> Vec<usize> {
        let count = self.items.len();
        let mut positions = vec![0usize; count + 1];
        let mut padding = vec![0usize; count];
        for round in 0.. {
            let old = positions.clone();
            let mut at = start;
            for (n, item) in self.items.iter().enumerate() {
                // Padding that goes to and fro would never settle: it stays in later rounds.
                if round < 4 {
                    padding[n] = item.loop_padding(n, at, &old);
                }
                at += padding[n];
                positions[n] = at;
                at += item.len();
            }
            positions[count] = at;
            let grown = self.grow_branches(&positions);
            if !grown && old == positions {
                break;
            }
        }
        positions
    }

    fn grow_branches(&mut self, positions: &[usize]) -> bool {
        let mut grown = false;
        for (n, item) in self.items.iter_mut().enumerate() {
            if let Kind::Jump(Place::Item(to)) | Kind::Branch(_, Place::Item(to)) = item.kind {
                let distance = positions[to as usize] as i64 - (positions[n] as i64 + 2);
                if item.short && i8::try_from(distance).is_err() {
                    item.short = false;
                    grown = true;
                }
            }
        }
        grown
    }
}

impl Item {
    /// Bytes to leave before a loop, so that it does not touch one line too many.
    fn loop_padding(&self, n: usize, at: usize, old: &[usize]) -> usize {
        let Some(end) = self.loop_end else { return 0 };
        let length = old[end as usize].saturating_sub(old[n]).max(1);
        if length > ALIGNED_LINES * LINE_BYTES {
            return 0;
        }
        let touched = (at + length - 1) / LINE_BYTES - at / LINE_BYTES + 1;
        if touched > length.div_ceil(LINE_BYTES) {
            at.next_multiple_of(LINE_BYTES) - at
        } else {
            0
        }
    }

    fn emit(&self, positions: &[usize], constants: usize, out: &mut LaidOut) {
        let here = out.code.len();
        if !self.extra {
            out.offsets.push((self.old_offset, here as u32));
        } else if self.old_offset != u32::MAX {
            let end = here + self.len();
            out.copies.push((here as u32, end as u32, self.old_offset));
        }
        if let Some((old_field, field, add)) = self.adopted {
            out.adopted
                .push((old_field, here as u32 + u32::from(field), add));
        }
        let target = |place: &Place| match *place {
            Place::Item(n) => positions[n as usize],
            Place::Constant(offset) => constants + offset as usize,
            Place::Offset(_) => unreachable!("a place that was not resolved"),
        };
        let end = here + self.len();
        let distance = |place: &Place| (target(place) as i64 - end as i64) as i32;
        match &self.kind {
            Kind::Plain => out.code.extend_from_slice(&self.bytes),
            Kind::Jump(to) if self.short => out.code.extend([0xeb, distance(to) as u8]),
            Kind::Jump(to) => {
                out.code.push(0xe9);
                out.code.extend(distance(to).to_le_bytes());
            }
            Kind::Branch(condition, to) if self.short => {
                out.code.extend([0x70 | condition, distance(to) as u8]);
            }
            Kind::Branch(condition, to) => {
                out.code.extend([0x0f, 0x80 | condition]);
                out.code.extend(distance(to).to_le_bytes());
            }
            Kind::Rip { field, target: to } => {
                out.code.extend_from_slice(&self.bytes);
                let field = here + usize::from(*field);
                out.code[field..field + 4].copy_from_slice(&distance(to).to_le_bytes());
            }
            Kind::Table(targets) => {
                for to in targets {
                    let distance = target(to) as i64 - here as i64;
                    out.code.extend((distance as i32).to_le_bytes());
                }
            }
        }
        debug_assert!(self.kind.is_branch() || out.code.len() == end);
    }
}

impl LaidOut {
    /// New offset of a relocated field, and what to add to its addend.
    pub fn field(&self, old: u32) -> (u32, i64) {
        if let Some(&(_, new, add)) = self.adopted.iter().find(|a| a.0 == old) {
            return (new, add.into());
        }
        let (item_old, item_new) = self.offsets[self.item_at(old)];
        (item_new + (old - item_old), 0)
    }

    /// New offset of an instruction.
    pub fn offset(&self, old: u32) -> u32 {
        let at = self.offsets.partition_point(|o| o.0 < old);
        self.offsets.get(at).map_or(self.code.len() as u32, |o| o.1)
    }

    fn item_at(&self, old: u32) -> usize {
        self.offsets.partition_point(|o| o.0 <= old) - 1
    }
}

/// Fills up to `end` with as few instructions as possible.
pub fn pad(out: &mut Vec<u8>, end: usize) {
    const NOPS: [&[u8]; 9] = [
        &[0x90],
        &[0x66, 0x90],
        &[0x0f, 0x1f, 0x00],
        &[0x0f, 0x1f, 0x40, 0x00],
        &[0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
        &[0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
    ];
    while out.len() < end {
        let n = (end - out.len()).min(9);
        out.extend_from_slice(NOPS[n - 1]);
    }
}
