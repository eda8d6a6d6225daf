//! Prints the trees of the files given, in the form of Go's `ast.Print`; with `-json` as
//! JSON; with `-hash` only the FNV-1a hash of each, to compare many with Go's own.

use goxide_base::SourceMap;
use goxide_syntax::ast::NodeId;
use goxide_syntax::{ParseMode, dump, parse_file};
use std::path::Path;

fn main() {
    let (flags, paths): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with('-'));
    for path in paths {
        let Ok(text) = std::fs::read(&path) else {
            continue;
        };
        let source = SourceMap::new().add(Path::new(&path), &path, text);
        let parsed = parse_file(&source, NodeId::default(), ParseMode::default());
        if let Some(error) = parsed.errors.first() {
            let at = source.shown(error.pos.0 - source.base.0);
            eprintln!("{path}:{}: {}", at.line, error.msg);
        } else if flags.iter().any(|f| f == "-hash") {
            println!(
                "{path} {:016x}",
                fnv1a(dump::to_text(&parsed.file, &source).as_bytes())
            );
        } else if flags.iter().any(|f| f == "-json") {
            print!("{}", dump::to_json(&parsed.file, &source));
        } else {
            print!("{}", dump::to_text(&parsed.file, &source));
        }
    }
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}
