//! A module of ten packages: `goxide build` and `go build` of it with fresh caches, and after
//! an edit of a function's body in one of the packages.

use super::table::median;
use crate::Failed;
use crate::differential::complain;
use goxide_testkit::{Limits, Toolchain, Toolchains, run};
use std::path::{Path, PathBuf};
use std::time::Duration;

const PACKAGES: usize = 10;
/// The package that is edited: some come before it and some behind.
const EDITED: usize = 4;
/// What an edit changes: a number in the middle of a function.
const PLACE: &str = "const round = 0";

/// One build, in milliseconds.
#[derive(Clone, Copy)]
struct Time {
    wall: f64,
    processor: f64,
}

/// A row of the table: milliseconds of goxide's and of Go's, and their ratio.
pub type Row = (&'static str, (f64, f64, f64));

/// A toolchain, its cache and its copy of the module.
struct Side<'a> {
    toolchain: &'a Toolchain,
    variable: &'static str,
    cache: PathBuf,
    module: PathBuf,
    template: String,
}

/// Measures both and gives the rows.
pub fn rows(
    toolchains: &Toolchains,
    dir: &Path,
    work: &Path,
    cold_rounds: usize,
    rounds: usize,
) -> Result<Vec<Row>, Failed> {
    let template = dir.join("start/package.go.txt");
    let template = std::fs::read_to_string(template).map_err(complain)?;
    let side = |toolchain, variable: &'static str| Side {
        toolchain,
        variable,
        cache: work.join(format!("edit-{variable}")),
        module: work.join(format!("edit-{variable}-module")),
        template: template.clone(),
    };
    let sides = [
        side(&toolchains.goxide, "GOXIDE_CACHE"),
        side(&toolchains.go, "GOCACHE"),
    ];
    for side in &sides {
        side.write_module()?;
    }
    let mut cold = Vec::new();
    for _ in 0..cold_rounds {
        for side in &sides {
            // Nothing may be there yet.
            let _ = std::fs::remove_dir_all(&side.cache);
        }
        cold.push([sides[0].build()?, sides[1].build()?]);
    }
    let mut edited = Vec::new();
    for round in 1..=rounds {
        for side in &sides {
            side.write_package(EDITED, round)?;
        }
        edited.push([sides[0].build()?, sides[1].build()?]);
    }
    for side in &sides {
        let _ = std::fs::remove_dir_all(&side.cache);
        let _ = std::fs::remove_dir_all(&side.module);
    }
    let row = |times: &[[Time; 2]], part: fn(Time) -> f64| {
        let middle = |of: &dyn Fn(&[Time; 2]) -> f64| median(times.iter().map(of).collect());
        (
            middle(&|t| part(t[0])),
            middle(&|t| part(t[1])),
            middle(&|t| part(t[0]) / part(t[1])),
        )
    };
    Ok(vec![
        ("cold ten packages", row(&cold, |t| t.wall)),
        ("  processor time", row(&cold, |t| t.processor)),
        ("one of ten edited", row(&edited, |t| t.wall)),
        ("  processor time", row(&edited, |t| t.processor)),
    ])
}

impl Side<'_> {
    fn write(&self, name: &str, text: &str) -> Result<(), Failed> {
        let path = self.module.join(name);
        let parent = path.parent().unwrap_or(&self.module);
        std::fs::create_dir_all(parent).map_err(complain)?;
        std::fs::write(path, text).map_err(complain)
    }

    fn write_module(&self) -> Result<(), Failed> {
        self.write("go.mod", "module ten\n\ngo 1.27\n")?;
        let mut imports = String::new();
        let mut calls = String::new();
        for number in 0..PACKAGES {
            self.write_package(number, 0)?;
            imports += &format!("\t\"ten/p{number}\"\n");
            calls += &format!("\tshow(p{number}.Run(text))\n");
        }
        let main = format!(
            "package main\n\nimport (\n\t\"fmt\"\n\n{imports})\n\n\
             const text = \"one two three two one\"\n\n\
             func show(text string, err error) {{ fmt.Println(text, err) }}\n\n\
             func main() {{\n{calls}}}\n"
        );
        self.write("main.go", &main)
    }

    fn write_package(&self, number: usize, round: usize) -> Result<(), Failed> {
        let name = format!("p{number}");
        let text = self.template.replace("NAME", &name);
        let edited = text.replace(PLACE, &format!("const round = {round}"));
        self.write(&format!("{name}/{name}.go"), &edited)
    }

    fn build(&self) -> Result<Time, Failed> {
        let limits = Limits {
            time: Duration::from_secs(300),
            ..Limits::default()
        };
        let line = ["build", "-o", "program", "."];
        let mut command = self.toolchain.command(&self.module, &line);
        command.env(self.variable, &self.cache);
        let done = run(&mut command, b"", limits).map_err(complain)?;
        if !done.success() {
            let text = String::from_utf8_lossy(&done.stderr);
            let program = self.toolchain.program.display();
            return Err(complain(format!(
                "{program} build: {}\n{text}",
                done.status()
            )));
        }
        Ok(Time {
            wall: done.time.as_secs_f64() * 1e3,
            processor: done.cpu_time.as_secs_f64() * 1e3,
        })
    }
}
