//! Broken and unusual Go sources, made from good ones: for tests that no input makes the
//! compiler panic, hang or need more memory than it should.
//!
//! A source is cut into tokens, and the changes follow its structure: groups in brackets
//! are removed, doubled, exchanged, wrapped; names, literals and operators replaced, also by
//! extreme ones; pieces of other sources spliced in. The same seed and number always give
//! the same source.

/// Numbers that look random (SplitMix64), the same on every run.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The next number below `n`; 0 if there is none.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z % n.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }
}

/// Makes sources from a collection of good ones.
pub struct Mutator {
    sources: Vec<Vec<String>>,
    seed: u64,
    /// How many changes are made at most.
    changes: usize,
}

/// What may stand for an expression and is hard.
const EXTREMES: [&str; 26] = [
    "1<<1000000000",
    "1<<62",
    "-1<<63",
    "1>>1000000000",
    "9223372036854775808",
    "1e1000000000",
    "1e-1000000000",
    "0x1p-1000000000",
    "'\\U0010ffff'",
    "0i",
    "1e309i",
    "\"\"",
    "nil",
    "iota",
    "_",
    "[1<<40]int{}",
    "[...]int{1<<40: 0}",
    "make([]int, 1<<40)",
    "struct{}{}",
    "func() {}",
    "(*int)(nil)",
    "*new(any)",
    "len([1<<62]struct{}{})",
    "\"a\"[0]",
    "unsafe.Sizeof([1<<50]int{})",
    "append([]byte(nil), \"x\"...)",
];

/// What may stand for a type.
const TYPES: [&str; 20] = [
    "int",
    "any",
    "string",
    "error",
    "[0]int",
    "[1<<50]int",
    "[]any",
    "map[any]any",
    "chan<- int",
    "func(...int) (a, b int)",
    "struct{}",
    "struct{ *T; T2 }",
    "interface{ ~int | string; m() }",
    "comparable",
    "complex128",
    "uintptr",
    "*T",
    "T[T]",
    "T[int, T[int, int]]",
    "unsafe.Pointer",
];

/// Tokens and openings to throw in.
const PIECES: [&str; 44] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ":",
    ".",
    "...",
    ":=",
    "=",
    "<-",
    "*",
    "&",
    "~",
    "|",
    "++",
    "+=",
    "!",
    "func",
    "type",
    "var",
    "const",
    "if",
    "else",
    "for",
    "range",
    "switch",
    "case",
    "default",
    "select",
    "go",
    "defer",
    "return",
    "goto",
    "break",
    "continue",
    "fallthrough",
    "chan",
    "struct",
    "interface",
    "map",
];

const OPERATORS: [&str; 26] = [
    "+", "-", "*", "/", "%", "&", "|", "^", "&^", "<<", ">>", "==", "!=", "<", "<=", ">", ">=",
    "&&", "||", "=", ":=", "+=", "<<=", "<-", "!", "...",
];

impl Mutator {
    /// A mutator over these sources; each result has up to `changes` changes.
    pub fn new(sources: &[Vec<u8>], seed: u64, changes: usize) -> Mutator {
        let sources = sources
            .iter()
            .map(|text| tokens(&String::from_utf8_lossy(text)))
            .filter(|t| !t.is_empty())
            .collect();
        Mutator {
            sources,
            seed,
            changes,
        }
    }

    /// The source with this number.
    pub fn source(&self, number: u64) -> Vec<u8> {
        let seed = self.seed ^ number.wrapping_mul(0xa076_1d64_78bd_642f);
        let mut random = Random::new(seed);
        let Some(source) = random.pick(&self.sources) else {
            return Vec::new();
        };
        let mut tokens = source.clone();
        for _ in 0..=random.below(self.changes) {
            self.change(&mut tokens, &mut random);
        }
        tokens.concat().into_bytes()
    }

    fn change(&self, tokens: &mut Vec<String>, random: &mut Random) {
        let Some(at) = pick_word(tokens, random) else {
            return;
        };
        let group = group_at(tokens, at);
        match random.below(14) {
            0 => drop(tokens.drain(group)),
            1 => {
                let copy: Vec<String> = tokens[group.clone()].to_vec();
                let gap = [" ", "\n", ", ", " + "][random.below(4)].to_string();
                tokens.splice(
                    group.end..group.end,
                    std::iter::once(gap).chain(copy).collect::<Vec<_>>(),
                );
            }
            2 => exchange(tokens, at, random),
            3 | 4 => {
                // A name for another of the same file.
                let names: Vec<usize> =
                    (0..tokens.len()).filter(|&i| is_word(&tokens[i])).collect();
                if let (Some(&a), Some(&b)) = (random.pick(&names), random.pick(&names)) {
                    tokens[a] = tokens[b].clone();
                }
            }
            5 => replace_where(tokens, random, is_literal, &EXTREMES),
            6 => replace_where(tokens, random, is_operator, &OPERATORS),
            7 => replace_where(tokens, random, is_word, &EXTREMES),
            8 => replace_where(tokens, random, is_word, &TYPES),
            9 => {
                let piece = PIECES[random.below(PIECES.len())];
                tokens.insert(at, format!(" {piece} "));
            }
            10 => self.splice(tokens, at, random),
            11 => wrap(tokens, group, random),
            12 => {
                // A statement or declaration twice, or somewhere else.
                let line = line_at(tokens, at);
                let copy = tokens[line.clone()].to_vec();
                if random.below(2) == 0 {
                    tokens.drain(line);
                }
                let to = random.below(tokens.len());
                let to = line_at(tokens, to).start;
                tokens.splice(to..to, copy);
            }
            _ => {
                let end = (at + 1 + random.below(6)).min(tokens.len());
                tokens.drain(at..end);
            }
        }
    }

    /// A group of another source in place of a group.
    fn splice(&self, tokens: &mut Vec<String>, at: usize, random: &mut Random) {
        let Some(other) = random.pick(&self.sources) else {
            return;
        };
        let Some(from) = pick_word(other, random) else {
            return;
        };
        let theirs = other[group_at(other, from)].to_vec();
        if theirs.len() < 400 {
            tokens.splice(group_at(tokens, at), theirs);
        }
    }
}

/// Nests a group in itself, few times or very many.
fn wrap(tokens: &mut Vec<String>, group: std::ops::Range<usize>, random: &mut Random) {
    const AROUND: [(&str, &str); 12] = [
        ("(", ")"),
        ("[]", ""),
        ("*", ""),
        ("&", ""),
        ("-", ""),
        ("func() { ", " }"),
        ("{", "}"),
        ("if true {", "}"),
        ("struct{ f ", "}"),
        ("T[", "]"),
        ("map[string]", ""),
        ("f(", ")"),
    ];
    let (before, after) = AROUND[random.below(AROUND.len())];
    let times = [1, 2, 9, 60, 900, 12_000][random.below(6)];
    tokens.insert(group.end, after.repeat(times));
    tokens.insert(group.start, before.repeat(times));
}

/// Exchanges the group at `at` with another one of the same kind.
fn exchange(tokens: &mut Vec<String>, at: usize, random: &mut Random) {
    let Some(b) = pick_word(tokens, random) else {
        return;
    };
    let (a, b) = (group_at(tokens, at.min(b)), group_at(tokens, at.max(b)));
    if a.end > b.start {
        return;
    }
    let first = tokens[a.clone()].to_vec();
    let second = tokens[b.clone()].to_vec();
    tokens.splice(b, first);
    tokens.splice(a, second);
}

fn replace_where(
    tokens: &mut [String],
    random: &mut Random,
    wanted: impl Fn(&str) -> bool,
    by: &[&str],
) {
    let places: Vec<usize> = (0..tokens.len()).filter(|&i| wanted(&tokens[i])).collect();
    if let Some(&i) = random.pick(&places) {
        tokens[i] = by[random.below(by.len())].to_string();
    }
}

/// Any token that is not white space.
fn pick_word(tokens: &[String], random: &mut Random) -> Option<usize> {
    (0..20)
        .map(|_| random.below(tokens.len()))
        .find(|&i| tokens.get(i).is_some_and(|t| !t.trim().is_empty()))
}

/// The tokens from an opening bracket to its closing one; else the token alone.
fn group_at(tokens: &[String], at: usize) -> std::ops::Range<usize> {
    let mut depth = 0i32;
    for (i, t) in tokens.iter().enumerate().skip(at) {
        match t.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth <= 0 {
            return at..i + 1;
        }
    }
    at..at + 1
}

fn line_at(tokens: &[String], at: usize) -> std::ops::Range<usize> {
    let newline = |t: &String| t.contains('\n');
    let start = tokens[..at].iter().rposition(newline).map_or(0, |i| i + 1);
    let end = tokens[at..].iter().position(newline);
    start..end.map_or(tokens.len(), |i| at + i + 1)
}

fn is_word(t: &str) -> bool {
    t.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn is_literal(t: &str) -> bool {
    t.starts_with(|c: char| c.is_ascii_digit() || "\"'`".contains(c))
}

fn is_operator(t: &str) -> bool {
    OPERATORS.contains(&t)
}

/// Cuts a source into tokens, white space among them; comments become white space.
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let len = token_len(rest, first);
        let (token, after) = rest.split_at(len);
        rest = after;
        match token.starts_with("//") || token.starts_with("/*") {
            true if token.contains('\n') => tokens.push("\n".to_string()),
            true => tokens.push(" ".to_string()),
            false => tokens.push(token.to_string()),
        }
    }
    tokens
}

fn token_len(rest: &str, first: char) -> usize {
    let run = |wanted: &dyn Fn(char) -> bool| rest.find(|c: char| !wanted(c)).unwrap_or(rest.len());
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if let Some(comment) = rest.strip_prefix("/*") {
        return comment.find("*/").map_or(rest.len(), |i| i + 4);
    }
    match first {
        '\n' => 1,
        c if c.is_whitespace() => run(&|c| c.is_whitespace() && c != '\n'),
        c if c.is_alphanumeric() || c == '_' => {
            let dots = c.is_ascii_digit();
            run(&|c| c.is_alphanumeric() || c == '_' || dots && c == '.')
        }
        '"' | '\'' | '`' => literal_len(rest, first),
        _ => {
            let two: String = rest.chars().take(2).collect();
            let long = ["<<=", ">>=", "&^=", "..."];
            match long.iter().find(|l| rest.starts_with(**l)) {
                Some(l) => l.len(),
                None if OPERATORS.contains(&two.as_str()) || ["++", "--"].contains(&&*two) => {
                    two.len()
                }
                None => first.len_utf8(),
            }
        }
    }
}

fn literal_len(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            '\n' if quote != '`' => return i,
            c if c == quote && !escaped => return i + 1,
            _ => escaped = c == '\\' && !escaped && quote != '`',
        }
    }
    rest.len()
}

/// Makes a failing source smaller: removes groups of lines, then of tokens, as long as
/// `fails` says that it still fails. Asks at most `budget` times.
pub fn minimise(source: &[u8], mut budget: usize, mut fails: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let text = String::from_utf8_lossy(source).into_owned();
    let lines: Vec<String> = text.split_inclusive('\n').map(str::to_string).collect();
    let lines = shrink(lines, &mut budget, &mut fails);
    let tokens = shrink(tokens(&lines.concat()), &mut budget, &mut fails);
    tokens.concat().into_bytes()
}

fn shrink(
    mut pieces: Vec<String>,
    budget: &mut usize,
    fails: &mut impl FnMut(&[u8]) -> bool,
) -> Vec<String> {
    let mut size = pieces.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < pieces.len() && *budget > 0 {
            let end = (at + size).min(pieces.len());
            let shorter = [&pieces[..at], &pieces[end..]].concat();
            *budget -= 1;
            match fails(shorter.concat().as_bytes()) {
                true => pieces = shorter,
                false => at = end,
            }
        }
        size /= 2;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "package p // x\nfunc f(a int) string {\n\treturn \"a\\\"b\"[a<<1:]\n}\n";

    #[test]
    fn tokens_put_together_are_the_source() {
        let tokens = tokens(SOURCE);
        assert_eq!(tokens.concat(), SOURCE.replace("// x", " "));
        assert!(tokens.contains(&"\"a\\\"b\"".to_string()) && tokens.contains(&"<<".to_string()));
    }

    #[test]
    fn sources_depend_on_seed_and_number_only() {
        let mutator = Mutator::new(&[SOURCE.as_bytes().to_vec()], 7, 3);
        let all: Vec<Vec<u8>> = (0..50).map(|n| mutator.source(n)).collect();
        let again = Mutator::new(&[SOURCE.as_bytes().to_vec()], 7, 3);
        assert!((0..50).all(|n| again.source(n) == all[n as usize]));
        assert!(
            all.iter()
                .filter(|s| s.as_slice() != SOURCE.as_bytes())
                .count()
                > 40
        );
    }

    #[test]
    fn minimal_sources_still_fail() {
        let fails = |s: &[u8]| s.windows(2).any(|w| w == b"<<");
        let small = minimise(SOURCE.as_bytes(), 1000, fails);
        assert_eq!(String::from_utf8_lossy(&small), "<<");
    }
}
