//! Which places are live, and which are stale, at each call of a function.

use super::Frame;
use super::effects::{Effect, Effects, PRESERVED};
use crate::layout::{Item, Kind, Place};
use iced_x86::{FlowControl, Instruction, Mnemonic, Register};
use smallvec::{SmallVec, smallvec};
use std::ops::Range;

/// A set of places.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Places(SmallVec<[u64; 2]>);

impl Places {
    fn none(count: u32) -> Places {
        Places(smallvec![0; count.div_ceil(64) as usize])
    }

    fn insert(&mut self, place: u32) {
        self.0[place as usize / 64] |= 1 << (place % 64);
    }

    fn remove(&mut self, place: u32) {
        self.0[place as usize / 64] &= !(1 << (place % 64));
    }

    /// Adds all of `other`; whether there were new ones.
    fn add(&mut self, other: &Places) -> bool {
        let mut grown = false;
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            grown |= *more & !*word != 0;
            *word |= more;
        }
        grown
    }

    fn subtract(&mut self, other: &Places) {
        self.0.iter_mut().zip(&other.0).for_each(|(w, o)| *w &= !o);
    }

    fn keep(&mut self, other: &Places) {
        self.0.iter_mut().zip(&other.0).for_each(|(w, o)| *w &= o);
    }

    /// All that are not in the set.
    fn others(&self, count: u32) -> Places {
        let mut others = Places(self.0.iter().map(|word| !word).collect());
        if let Some(last) = others.0.last_mut()
            && !count.is_multiple_of(64)
        {
            *last &= (1 << (count % 64)) - 1;
        }
        others
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Their numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        let words = self.0.iter().zip(0u32..);
        words.flat_map(|(&word, n)| {
            (0..64)
                .filter(move |b| word >> b & 1 != 0)
                .map(move |b| n * 64 + b)
        })
    }
}

/// How many loops of a function are looked at: each may have the function looked at again.
const MOST_LOOPS: usize = 32;
/// The largest function that is looked at, as places times calls and blocks: in those beyond,
/// which are tables written as code, dead values stay.
const MOST_WORK: usize = 1 << 24;

/// Places to be set to zero in front of an item.
pub struct Clearing {
    /// Number of the item.
    pub item: usize,
    /// Whether jumps to the item go past it.
    pub after_jumps: bool,
    /// The places.
    pub places: Places,
}

/// An instruction that does something to places.
struct Step {
    item: usize,
    effects: Range<usize>,
    is_call: bool,
    /// The number of a call in which the goroutine may stay.
    stays: Option<usize>,
}

/// A basic block. Sets are those at its beginning or end.
struct Block {
    first_item: usize,
    steps: Range<usize>,
    end: End,
    next: Vec<usize>,
    before: Vec<usize>,
    live_in: Places,
    live_out: Places,
    stale_out: Places,
    /// What calls further on would set to zero.
    wanted: Places,
    /// What is set to zero at the end.
    cleared: Places,
}

/// How a block ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// It goes on with the next.
    Falls,
    /// A jump or branch, which is this item.
    Jumps(usize),
    /// A jump table, the end of the function, or no end at all.
    Other,
}

/// A function, as far as places are concerned.
pub struct Code {
    /// Number of places.
    count: u32,
    steps: Vec<Step>,
    effects: Vec<Effect>,
    blocks: Vec<Block>,
    /// The blocks that are landings of `recover`.
    landings: Vec<usize>,
    /// What they read.
    landing_reads: Places,
    /// What is dead during each call in which the goroutine may stay.
    dead: Vec<Places>,
}

impl Code {
    /// Reads a function; `None` if there is nothing to do, or something is not understood.
    pub fn read(items: &[Item], decoded: &[Instruction], frame: &Frame<'_>) -> Option<Code> {
        let stays = |n: usize| {
            is_call(&items[n], &decoded[n]) && {
                let start = items[n].old_offset;
                let next = frame.quiet.partition_point(|&field| field < start);
                let end = start + items[n].bytes.len() as u32;
                frame.quiet.get(next).is_none_or(|&field| field >= end)
            }
        };
        if !(0..items.len()).any(stays) {
            return None;
        }
        let mut reader = Effects::new(frame.spills.clone());
        let mut code = Code {
            count: reader.places(),
            steps: Vec::new(),
            effects: Vec::new(),
            blocks: Vec::new(),
            landings: Vec::new(),
            landing_reads: Places::none(reader.places()),
            dead: Vec::new(),
        };
        let starts = Starts::find(items, decoded)?;
        let mut frames = 0;
        let mut calls = 0;
        let mut n = 0;
        while n < items.len() {
            let (first_item, first_step) = (n, code.steps.len());
            let mut end = End::Falls;
            let mut next = Vec::new();
            loop {
                let (item, i) = (&items[n], &decoded[n]);
                if has_effects(item) {
                    frames += usize::from(makes_frame(i));
                    let from = code.effects.len();
                    reader.of(i, &mut code.effects).ok()?;
                    if !matches!(item.kind, Kind::Jump(_) | Kind::Branch(..))
                        && is_exit(item, i, &starts)
                    {
                        let preserved = 0..PRESERVED.len() as u32;
                        code.effects.extend(preserved.map(Effect::Read));
                    }
                    let is_call = is_call(item, i);
                    let stays = stays(n).then_some(calls);
                    calls += usize::from(stays.is_some());
                    if is_call || code.effects.len() > from {
                        code.steps.push(Step {
                            item: n,
                            effects: from..code.effects.len(),
                            is_call,
                            stays,
                        });
                    }
                }
                let to = |place: &Place| match place {
                    Place::Item(to) => starts.block_at(*to as usize),
                    _ => None,
                };
                n += 1;
                match &item.kind {
                    Kind::Jump(place) => {
                        next.push(to(place)?);
                        end = End::Jumps(n - 1);
                    }
                    Kind::Branch(_, place) => {
                        next.push(to(place)?);
                        next.extend(starts.block_at(n));
                        end = End::Jumps(n - 1);
                    }
                    Kind::Table(_) => end = End::Other,
                    _ if !has_effects(item) => {}
                    _ if i.flow_control() == FlowControl::IndirectBranch => {
                        next.clone_from(&starts.table_targets);
                        end = End::Other;
                    }
                    _ if stops(i) => end = End::Other,
                    _ => {}
                }
                if end != End::Falls || n == items.len() || starts.block_at(n).is_some() {
                    break;
                }
            }
            if end == End::Falls {
                next.extend(starts.block_at(n));
            }
            let none = || Places::none(code.count);
            code.blocks.push(Block {
                first_item,
                steps: first_step..code.steps.len(),
                end,
                next,
                before: Vec::new(),
                live_in: none(),
                live_out: none(),
                stale_out: none(),
                wanted: none(),
                cleared: none(),
            });
        }
        if frames > 1 || code.blocks.len() != starts.count {
            return None;
        }
        code.landings = starts.landings;
        for block in 0..code.blocks.len() {
            for next in code.blocks[block].next.clone() {
                code.blocks[next].before.push(block);
            }
        }
        if (calls + code.blocks.len()) * code.count as usize > MOST_WORK {
            return None;
        }
        code.dead = vec![Places::none(code.count); calls];
        code.find_live();
        code.find_wanted();
        Some(code)
    }

    fn find_live(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for block in (0..self.blocks.len()).rev() {
                let mut live_out = std::mem::take(&mut self.blocks[block].live_out);
                for &next in &self.blocks[block].next {
                    live_out.add(&self.blocks[next].live_in);
                }
                let live_in = self.live_through(block, live_out.clone(), |_, _| {});
                changed |= self.blocks[block].live_in.add(&live_in);
                self.blocks[block].live_out = live_out;
            }
            for &landing in &self.landings {
                changed |= self.landing_reads.add(&self.blocks[landing].live_in);
            }
        }
        let mut dead = std::mem::take(&mut self.dead);
        for block in 0..self.blocks.len() {
            let live_out = self.blocks[block].live_out.clone();
            self.live_through(block, live_out, |step, live| {
                if let Some(call) = step.stays {
                    dead[call] = live.others(self.count);
                    // What the call itself reads is read before the goroutine stays.
                    for effect in &self.effects[step.effects.clone()] {
                        if let Effect::Read(place) = *effect {
                            dead[call].remove(place);
                        }
                    }
                }
            });
        }
        self.dead = dead;
    }

    /// From what is live at the end of a block to what is at its beginning; `at_call` gets
    /// what is live behind each call.
    fn live_through(
        &self,
        block: usize,
        mut live: Places,
        mut at_call: impl FnMut(&Step, &Places),
    ) -> Places {
        for step in self.steps[self.blocks[block].steps.clone()].iter().rev() {
            if step.is_call {
                live.add(&self.landing_reads);
                at_call(step, &live);
            }
            for effect in self.effects[step.effects.clone()].iter().rev() {
                match *effect {
                    Effect::Read(place) => live.insert(place),
                    Effect::Write(place) | Effect::WriteNumber(place) => live.remove(place),
                }
            }
        }
        live
    }

    fn find_wanted(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for block in (0..self.blocks.len()).rev() {
                let mut wanted = Places::none(self.count);
                for &next in &self.blocks[block].next {
                    wanted.add(&self.blocks[next].wanted);
                }
                for step in self.steps[self.blocks[block].steps.clone()].iter().rev() {
                    if let Some(call) = step.stays {
                        wanted.add(&self.dead[call]);
                    }
                    for effect in &self.effects[step.effects.clone()] {
                        match *effect {
                            Effect::Read(place)
                            | Effect::Write(place)
                            | Effect::WriteNumber(place) => wanted.remove(place),
                        }
                    }
                }
                changed |= self.blocks[block].wanted.add(&wanted);
            }
        }
    }

    /// Finds out what is stale where; calls `at_call` for what each call sets to zero.
    fn find_stale(&mut self, mut at_call: impl FnMut(usize, Places)) {
        for block in &mut self.blocks {
            block.stale_out = Places::none(self.count);
        }
        let mut changed = true;
        while changed {
            changed = false;
            for block in 0..self.blocks.len() {
                let stale = self.stale_at_end(block, |_, _| {});
                changed |= self.blocks[block].stale_out.add(&stale);
            }
        }
        for block in 0..self.blocks.len() {
            self.stale_at_end(block, &mut at_call);
        }
    }

    fn stale_at_end(&self, block: usize, mut at_call: impl FnMut(usize, Places)) -> Places {
        let mut stale = Places::none(self.count);
        let registers = if self.landings.contains(&block) {
            0
        } else {
            PRESERVED.len() as u32
        };
        if block == 0 || self.landings.contains(&block) {
            (registers..self.count).for_each(|place| stale.insert(place));
        }
        for &before in &self.blocks[block].before {
            stale.add(&self.blocks[before].stale_out);
        }
        for step in &self.steps[self.blocks[block].steps.clone()] {
            if let Some(call) = step.stays {
                let mut cleared = stale.clone();
                cleared.keep(&self.dead[call]);
                stale.subtract(&cleared);
                at_call(step.item, cleared);
            }
            for effect in &self.effects[step.effects.clone()] {
                match *effect {
                    Effect::Read(_) => {}
                    Effect::Write(place) => stale.insert(place),
                    Effect::WriteNumber(place) => stale.remove(place),
                }
            }
        }
        stale.subtract(&self.blocks[block].cleared);
        stale
    }

    /// What is to be set to zero, and where.
    pub fn clearings(mut self) -> Vec<Clearing> {
        let mut all = Vec::new();
        let is_loop = |&head: &usize| self.blocks[head].before.iter().any(|&b| b >= head);
        let loops: Vec<usize> = (0..self.blocks.len())
            .filter(is_loop)
            .take(MOST_LOOPS)
            .collect();
        let mut is_known = false;
        for head in loops {
            if !is_known {
                self.find_stale(|_, _| {});
            }
            is_known = !self.clear_before(head, &mut all);
        }
        self.find_stale(|item, places| {
            if !places.is_empty() {
                all.push(Clearing {
                    item,
                    after_jumps: false,
                    places,
                });
            }
        });
        all
    }

    /// Sets to zero on the ways into a loop what would be set to zero in it, if all of them
    /// can; whether there is anything.
    fn clear_before(&mut self, head: usize, all: &mut Vec<Clearing>) -> bool {
        let before = &self.blocks[head].before;
        let entries: Vec<usize> = before.iter().copied().filter(|&b| b < head).collect();
        let mut places = Places::none(self.count);
        for &entry in &entries {
            places.add(&self.blocks[entry].stale_out);
        }
        places.keep(&self.blocks[head].wanted);
        places.subtract(&self.blocks[head].live_in);
        for &entry in &entries {
            places.subtract(&self.blocks[entry].live_out);
        }
        let possible = |&b: &usize| self.blocks[b].end != End::Other;
        if places.is_empty() || !entries.iter().all(possible) {
            return false;
        }
        for &entry in &entries {
            let mut places = places.clone();
            places.keep(&self.blocks[entry].stale_out);
            let first_item = self.blocks[head].first_item;
            let (item, after_jumps) = match self.blocks[entry].end {
                End::Jumps(item) => (item, false),
                _ => (first_item, true),
            };
            self.blocks[entry].cleared.add(&places);
            if !places.is_empty() {
                all.push(Clearing {
                    item,
                    after_jumps,
                    places,
                });
            }
        }
        true
    }
}

/// Where blocks begin.
struct Starts {
    /// The block that begins at each item, or `u32::MAX`.
    blocks: Vec<u32>,
    count: usize,
    table_targets: Vec<usize>,
    landings: Vec<usize>,
}

impl Starts {
    fn find(items: &[Item], decoded: &[Instruction]) -> Option<Starts> {
        let mut begins = vec![false; items.len()];
        *begins.first_mut()? = true;
        let (mut tables, mut landings) = (Vec::new(), Vec::new());
        for (n, item) in items.iter().enumerate() {
            let mut named = |place: &Place| {
                let Place::Item(to) = *place else { return None };
                begins[to as usize] = true;
                Some(to as usize)
            };
            let ends = match &item.kind {
                Kind::Jump(to) | Kind::Branch(_, to) => {
                    named(to)?;
                    true
                }
                Kind::Table(targets) => {
                    for target in targets {
                        tables.push(named(target)?);
                    }
                    true
                }
                Kind::Rip { target, .. } => {
                    if let Some(to) = named(target)
                        && !matches!(items[to].kind, Kind::Table(_))
                    {
                        landings.push(to);
                    }
                    false
                }
                Kind::Plain => has_effects(item) && stops(&decoded[n]),
            };
            if ends && n + 1 < items.len() {
                begins[n + 1] = true;
            }
        }
        let mut count = 0;
        let blocks: Vec<u32> = begins
            .iter()
            .map(|&begins| {
                count += u32::from(begins);
                if begins { count - 1 } else { u32::MAX }
            })
            .collect();
        let block = |item: usize| blocks[item] as usize;
        Some(Starts {
            count: count as usize,
            table_targets: tables.into_iter().map(block).collect(),
            landings: landings.into_iter().map(block).collect(),
            blocks,
        })
    }

    fn block_at(&self, item: usize) -> Option<usize> {
        let block = *self.blocks.get(item)?;
        (block != u32::MAX).then_some(block as usize)
    }
}

/// Whether an item is an instruction that is still there.
fn has_effects(item: &Item) -> bool {
    !item.bytes.is_empty() && !matches!(item.kind, Kind::Table(_))
}

fn is_call(item: &Item, i: &Instruction) -> bool {
    let calls = matches!(
        i.flow_control(),
        FlowControl::Call | FlowControl::IndirectCall
    );
    calls && has_effects(item)
}

/// Whether the function's next instruction does not follow.
fn stops(i: &Instruction) -> bool {
    matches!(
        i.flow_control(),
        FlowControl::Return
            | FlowControl::UnconditionalBranch
            | FlowControl::IndirectBranch
            | FlowControl::Exception
            | FlowControl::Interrupt
    )
}

/// Whether the function is left, with the caller's registers as they were.
fn is_exit(item: &Item, i: &Instruction, starts: &Starts) -> bool {
    match i.flow_control() {
        FlowControl::Return => true,
        FlowControl::UnconditionalBranch => item.kind == Kind::Plain,
        FlowControl::IndirectBranch => starts.table_targets.is_empty(),
        _ => false,
    }
}

/// Whether the function makes room for its frame.
fn makes_frame(i: &Instruction) -> bool {
    i.mnemonic() == Mnemonic::Sub && i.op0_register() == Register::RSP
}
