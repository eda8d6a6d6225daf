//! Complaints about compiler directives that stand where they mean nothing. The parser
//! only collects directives; which of them a declaration can take is decided here, for the
//! user's own packages.

use goxide_base::{FxHashSet, Pos, Symbol};
use goxide_syntax::ast::{Decl, Directive, File, FuncDecl, VarSpec};
use std::sync::Arc;

/// Directives that only function declarations can take.
const OF_FUNCTIONS: [&str; 14] = [
    "go:cgo_unsafe_args",
    "go:nocheckptr",
    "go:noescape",
    "go:noinline",
    "go:nointerface",
    "go:norace",
    "go:nosplit",
    "go:nowritebarrier",
    "go:nowritebarrierrec",
    "go:registerparams",
    "go:systemstack",
    "go:uintptrescapes",
    "go:uintptrkeepalive",
    "go:yeswritebarrierrec",
];

const MISPLACED: &str = "misplaced compiler directive";

/// What gc's back end says of a body that `//go:noescape` says is not there.
pub const BODY_NOT_EXPECTED: &str = "can only use //go:noescape with external func implementations";

/// Directives that only the runtime may use.
const OF_THE_RUNTIME: [&str; 4] = [
    "go:nowritebarrier",
    "go:nowritebarrierrec",
    "go:systemstack",
    "go:yeswritebarrierrec",
];

/// What is wrong with a file's directives, by position. `minor` is its language version.
pub fn check(file: &File, minor: u32) -> Vec<(Pos, String)> {
    let mut complaints = Vec::new();
    let mut taken: FxHashSet<Pos> = FxHashSet::default();
    for decl in &file.decls {
        match decl {
            Decl::Func(f) => function(f, &mut taken, &mut complaints),
            Decl::Var(group) => {
                for spec in &group.specs {
                    variable(file, spec, minor, &mut taken, &mut complaints);
                }
            }
            _ => {}
        }
    }
    let rest = file
        .all_directives
        .iter()
        .filter(|d| !taken.contains(&d.pos));
    complaints.extend(rest.filter_map(|d| Some((d.pos, nowhere(file, d)?))));
    complaints.sort_by_key(|(pos, _)| *pos);
    complaints
}

/// What gc says of directives while it parses, so also of a file with syntax errors: only that
/// they stand where no declaration can take them.
pub fn while_parsing(file: &File) -> Vec<(Pos, &'static str)> {
    let crowded = file.all_directives.iter().filter(|d| !d.own_line);
    let mut complaints: Vec<(Pos, &str)> = crowded.map(|d| (d.pos, MISPLACED)).collect();
    for d in file.stray_directives.iter().filter(|d| d.own_line) {
        match d.verb() {
            "go:embed" => complaints.push((d.pos, "misplaced go:embed directive")),
            "go:build" => complaints.push((d.pos, MISPLACED)),
            verb if OF_FUNCTIONS.contains(&verb) => complaints.push((d.pos, MISPLACED)),
            _ => {}
        }
    }
    complaints
}

fn function(f: &FuncDecl, taken: &mut FxHashSet<Pos>, complaints: &mut Vec<(Pos, String)>) {
    for d in f.directives.iter().filter(|d| d.own_line) {
        let verb = d.verb();
        if verb == "go:noescape" && f.body.is_some() {
            complaints.push((f.pos, BODY_NOT_EXPECTED.to_string()));
        }
        if OF_THE_RUNTIME.contains(&verb) {
            complaints.push((d.pos, format!("//{verb} only allowed in runtime")));
        }
        if verb == "go:uintptrkeepalive" {
            let message = format!("//{verb} is only allowed in the standard library");
            complaints.push((d.pos, message));
        }
        if OF_FUNCTIONS.contains(&verb) {
            taken.insert(d.pos);
        }
    }
}

fn variable(
    file: &File,
    spec: &VarSpec,
    minor: u32,
    taken: &mut FxHashSet<Pos>,
    complaints: &mut Vec<(Pos, String)>,
) {
    for d in spec.directives.iter().filter(|d| d.verb() == "go:embed") {
        taken.insert(d.pos);
        let imports_embed = file
            .imports()
            .any(|i| i.path_value().is_some_and(|p| p.as_str() == "embed"));
        let message = if minor < 16 {
            "go:embed requires go1.16 or later"
        } else if !imports_embed {
            "go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)"
        } else if spec.names.len() > 1 {
            "go:embed cannot apply to multiple vars"
        } else if !spec.values.is_empty() {
            "go:embed cannot apply to var with initializer"
        } else if spec.ty.is_none() {
            "go:embed cannot apply to var without type"
        } else {
            continue;
        };
        complaints.push((d.pos, message.to_string()));
    }
}

/// The complaint about a directive that no declaration took, if it needs one.
fn nowhere(file: &File, d: &Directive) -> Option<String> {
    let in_function = || {
        file.decls.iter().any(|decl| match decl {
            Decl::Func(f) => f
                .body
                .as_ref()
                .is_some_and(|b| b.lbrace < d.pos && d.pos < b.rbrace),
            _ => false,
        })
    };
    match d.verb() {
        "go:embed" if in_function() => Some("go:embed cannot apply to var inside func".to_string()),
        "go:embed" => Some("misplaced go:embed directive".to_string()),
        verb if verb.starts_with("go:cgo_") && verb != "go:cgo_unsafe_args" => {
            // Only what cgo has written may say how to link.
            let text = format!("//{verb} {}", d.args());
            let text = text.trim_end();
            Some(format!("{text} only allowed in cgo-generated code"))
        }
        "go:build" if d.pos > file.pos => Some(MISPLACED.to_string()),
        verb if OF_FUNCTIONS.contains(&verb) => Some(MISPLACED.to_string()),
        _ => None,
    }
}

/// What is wrong with the `//go:linkname` directives of a package.
pub fn check_linknames(files: &[Arc<File>]) -> Vec<(Pos, String)> {
    let mut complaints = Vec::new();
    let mut declared: FxHashSet<Symbol> = FxHashSet::default();
    for decl in files.iter().flat_map(|f| &f.decls) {
        match decl {
            Decl::Func(f) if f.recv.is_none() => drop(declared.insert(f.name.name)),
            Decl::Var(group) => {
                let names = group.specs.iter().flat_map(|s| &s.names);
                declared.extend(names.map(|n| n.name));
            }
            _ => {}
        }
    }
    let mut taken = FxHashSet::default();
    for file in files {
        let mut imports = file.imports().filter_map(|i| i.path_value());
        let imports_unsafe = imports.any(|p| p.as_str() == "unsafe");
        let named = file
            .all_directives
            .iter()
            .filter(|d| d.verb() == "go:linkname");
        for d in named {
            let mut words = d.args().split_whitespace();
            let local = Symbol::intern(words.next().unwrap_or_default());
            let remote = words.next().unwrap_or_default();
            let why = if !imports_unsafe {
                "//go:linkname only allowed in Go files that import \"unsafe\"".to_string()
            } else if remote.contains('[') && remote.contains(']') {
                "//go:linkname reference of an instantiation is not allowed".to_string()
            } else if !declared.contains(&local) {
                "//go:linkname must refer to declared function or variable".to_string()
            } else if !taken.insert(local) {
                format!("duplicate //go:linkname for {local}")
            } else {
                continue;
            };
            complaints.push((d.pos, why));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use goxide_base::SourceMap;
    use goxide_syntax::ast::NodeId;
    use goxide_syntax::{ParseMode, parse_file};
    use std::path::Path;

    #[test]
    fn directives_belong_to_declarations() {
        let text = "package p\nimport _ \"embed\"\n//go:noinline\nfunc f() {\n\t//go:noinline\n}\n\
                    //go:noinline\ntype T int\n//go:embed x\nvar a, b string\n//go:embed x\nvar c string\n\
                    //go:build no\nfunc g() {\n\t//go:embed x\n\tvar c string\n\t_ = c\n}\n//go:unknown\n";
        let source = SourceMap::new().add(Path::new("x.go"), "x.go", text.as_bytes());
        let parsed = parse_file(&source, NodeId::default(), ParseMode::default());
        let shown: Vec<String> = check(&parsed.file, 27)
            .iter()
            .map(|(pos, text)| format!("{}: {text}", source.line_col(pos.0 - source.base.0).0))
            .collect();
        assert_eq!(
            shown,
            [
                "5: misplaced compiler directive",
                "7: misplaced compiler directive",
                "9: go:embed cannot apply to multiple vars",
                "13: misplaced compiler directive",
                "15: go:embed cannot apply to var inside func",
            ]
        );
    }

    /// What is between the errors and the next declaration belongs to none.
    #[test]
    fn directives_among_syntax_errors() {
        let text = "package p\n\nfunc f(a int, {\n\t//go:noinline\n\tx := 1\n}\n\n\
                    //go:noinline\nfunc g() {}\n\n//go:noinline\nvar x int //go:nosplit\n\n\
                    func h() {\n\t//go:embed x\n\ty := 1\n}\n";
        let source = SourceMap::new().add(Path::new("x.go"), "x.go", text.as_bytes());
        let parsed = parse_file(&source, NodeId::default(), ParseMode::default());
        let mut shown = while_parsing(&parsed.file);
        shown.sort();
        let shown: Vec<String> = shown
            .iter()
            .map(|(pos, text)| format!("{}: {text}", source.line_col(pos.0 - source.base.0).0))
            .collect();
        assert_eq!(
            shown,
            [
                "4: misplaced compiler directive",
                "8: misplaced compiler directive",
                "12: misplaced compiler directive",
                "15: misplaced go:embed directive",
            ]
        );
    }
}
