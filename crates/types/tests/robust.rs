//! No source makes the checker panic, whatever is wrong with it. A short run; `cargo xtask
//! fuzz types` is the long one, over Go's own sources.

mod common;

use goxide_testkit::mutate::Mutator;

/// Valid files that between them use all of the language.
const SOURCES: [&str; 2] = [
    include_str!("fixtures/values.go"),
    include_str!("fixtures/types.go"),
];

#[test]
fn the_sources_are_valid() {
    for source in SOURCES {
        assert_eq!(common::errors(source), "");
    }
}

#[test]
fn mutated_sources_never_panic() {
    let sources = SOURCES.map(|s| format!("package p\n{s}").into_bytes());
    let mutator = Mutator::new(&sources, 0x676f, 4);
    // As deep a stack as the compiler's own threads have.
    let run = move || {
        for number in 0..1000 {
            let source = String::from_utf8_lossy(&mutator.source(number)).into_owned();
            let text = source.strip_prefix("package p\n").unwrap_or(&source);
            common::errors(text);
        }
    };
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(run);
    thread.expect("a thread").join().expect("no panic");
}
