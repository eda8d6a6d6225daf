//! The packages that are compiled, as the reference's go command describes them, and the
//! command lines with which it would call its programs on them.

use crate::root;
use goxide_testkit::{Limits, Toolchains, run};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One package.
pub struct Package {
    /// Import path.
    pub path: String,
    sources: Vec<PathBuf>,
    /// Files in assembly.
    pub assembly: Vec<PathBuf>,
    /// The archive that the reference made.
    export: String,
    /// Import paths in its files and the packages that they mean, where they differ.
    import_map: Vec<(String, String)>,
}

/// All packages of the standard library, and one program.
pub struct Packages {
    all: Vec<Package>,
    include: PathBuf,
    work: PathBuf,
}

/// The name that the compiler gives to a program's package.
const MAIN: &str = "main";

/// Fields of a package, one in a line, its name before it.
const FORMAT: &str = "path {{.ImportPath}}\nexport {{.Export}}\n{{$d := .Dir}}\
    {{range .GoFiles}}go {{$d}}/{{.}}\n{{end}}{{range .SFiles}}asm {{$d}}/{{.}}\n{{end}}\
    {{range $from, $to := .ImportMap}}map {{$from}}={{$to}}\n{{end}}";

impl Packages {
    /// Asks the reference, which compiles all packages if it has not yet.
    pub fn find(toolchains: &Toolchains, work: &Path) -> Result<Packages, String> {
        let mut all = list(toolchains, work, &["-export", "std"])?;
        let main = root().join("tests/go-programs/linked/main.go");
        let mut program = list(toolchains, work, &[&main.display().to_string()])?;
        if let Some(package) = program.first_mut() {
            package.path = MAIN.to_string();
        }
        all.append(&mut program);
        let packages = Packages {
            all,
            include: toolchains.goroot.join("pkg/include"),
            work: work.to_path_buf(),
        };
        let file = packages.compile_config_file();
        std::fs::write(&file, packages.compile_config())
            .map_err(|e| format!("{}: {e}", file.display()))?;
        Ok(packages)
    }

    /// The package of an import path.
    pub fn find_package(&self, path: &str) -> Option<&Package> {
        self.all.iter().find(|p| p.path == path)
    }

    /// The program.
    pub fn main(&self) -> Option<&Package> {
        self.find_package(MAIN)
    }

    fn compile_config_file(&self) -> PathBuf {
        self.work.join("compile.cfg")
    }

    fn compile_config(&self) -> String {
        let mut text = String::new();
        for package in &self.all {
            for (from, to) in &package.import_map {
                let line = format!("importmap {from}={to}\n");
                if !text.contains(&line) {
                    text += &line;
                }
            }
        }
        text + &self.package_files(|p| p.export.clone())
    }

    fn package_files(&self, file: impl Fn(&Package) -> String) -> String {
        let exported = self.all.iter().filter(|p| !p.export.is_empty());
        exported.fold(String::new(), |mut text, p| {
            let _ = writeln!(text, "packagefile {}={}", p.path, file(p));
            text
        })
    }

    /// The compiler's arguments for a package.
    pub fn compiler(&self, package: &Package, object: &str) -> Vec<String> {
        let config = self.compile_config_file().display().to_string();
        let mut args = vec!["-p", &package.path, "-lang=go1.27", "-pack", "-c=2"];
        args.extend(["-importcfg", &config, "-o", object]);
        if package.path != MAIN {
            args.push("-std");
        }
        let symbols = format!("{}.symabis", package.file_name());
        if !package.assembly.is_empty() {
            args.extend(["-symabis", &symbols, "-asmhdr", "go_asm.h"]);
        }
        let files = package.sources.iter().map(|f| f.display().to_string());
        args.into_iter().map(str::to_string).chain(files).collect()
    }

    /// The assembler's arguments for a package; its sources are the last.
    pub fn assembler(&self, package: &Package, options: &[&str]) -> Vec<String> {
        let include = self.include.display().to_string();
        let mut args = vec!["-p", &package.path, "-std", "-I", ".", "-I", &include];
        for name in ["GOOS_linux", "GOARCH_amd64", "GOAMD64_v1"] {
            args.extend(["-D", name]);
        }
        args.extend(options);
        let files = package.assembly.iter().map(|f| f.display().to_string());
        args.into_iter().map(str::to_string).chain(files).collect()
    }

    /// What the go command tells vet about a package of one file.
    pub fn vet_config(&self, source: &Path, facts_only: bool) -> String {
        let quote = |text: &str| format!("{text:?}");
        let object = |pairs: Vec<(String, String)>| {
            let fields = pairs
                .iter()
                .map(|(k, v)| format!("{}: {}", quote(k), quote(v)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        };
        let known = || self.all.iter().filter(|p| !p.export.is_empty());
        let files = known().map(|p| (p.path.clone(), p.export.clone()));
        let names = self.all.iter().map(|p| (p.path.clone(), p.path.clone()));
        let dir = source.parent().unwrap_or(Path::new("."));
        format!(
            "{{\"ID\": \"vetted\", \"Compiler\": \"gc\", \"Dir\": {}, \"ImportPath\": \"vetted\",\n\
             \"GoFiles\": [{}], \"GoVersion\": \"go1.27\", \"ImportMap\": {},\n\
             \"PackageFile\": {}, \"VetxOnly\": {facts_only}, \"VetxOutput\": \"facts\"}}\n",
            quote(&dir.display().to_string()),
            quote(&source.display().to_string()),
            object(names.collect()),
            object(files.collect())
        )
    }

    /// Writes what the linker is told into `dir`: the archives of `replaced` are those
    /// made there, all others the reference's.
    ///
    /// # Errors
    /// If a file cannot be written or is no archive.
    pub fn write_link_config(&self, dir: &Path, replaced: &[&Package]) -> Result<(), String> {
        for package in replaced {
            package.complete_archive(dir)?;
        }
        let text = self.package_files(|p| {
            if replaced.iter().any(|r| r.path == p.path) {
                format!("{}.o", p.file_name())
            } else {
                p.export.clone()
            }
        });
        std::fs::write(dir.join("link.cfg"), text).map_err(|e| e.to_string())
    }
}

impl Package {
    /// Its path as a file's name.
    pub fn file_name(&self) -> String {
        self.path.replace('/', "-")
    }

    /// Adds the assembler's object files to the compiler's archive, as the go command does.
    fn complete_archive(&self, dir: &Path) -> Result<(), String> {
        let path = dir.join(format!("{}.o", self.file_name()));
        let failed = |e: std::io::Error| format!("{}: {e}", path.display());
        let mut archive = std::fs::read(&path).map_err(failed)?;
        if !archive.starts_with(b"!<arch>\n") {
            return Err(format!("{} is no archive", path.display()));
        }
        for number in 0..self.assembly.len() {
            let object = dir.join(format!("{}.{number}.asm.o", self.file_name()));
            let bytes = std::fs::read(object).map_err(failed)?;
            let name = format!("asm{number}.o");
            let (date, owner, mode, size) = (0, 0, 0o644, bytes.len());
            archive.extend(
                format!("{name:<16}{date:<12}{owner:<6}{owner:<6}{mode:<8o}{size:<10}`\n")
                    .into_bytes(),
            );
            archive.extend(&bytes);
            if size % 2 == 1 {
                archive.push(0);
            }
        }
        std::fs::write(&path, archive).map_err(failed)
    }
}

fn list(toolchains: &Toolchains, work: &Path, what: &[&str]) -> Result<Vec<Package>, String> {
    let args = [&["list", "-f", FORMAT], what].concat();
    let limits = Limits {
        time: Duration::from_secs(1800),
        output_bytes: 64 << 20,
    };
    let mut command = toolchains.go.command(work, &args);
    let done = run(&mut command, b"", limits).map_err(|e| e.to_string())?;
    if !done.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned());
    }
    Ok(parse(&String::from_utf8_lossy(&done.stdout)))
}

fn parse(text: &str) -> Vec<Package> {
    let mut all: Vec<Package> = Vec::new();
    for line in text.lines() {
        let (name, value) = line.split_once(' ').unwrap_or((line, ""));
        if name == "path" {
            all.push(Package {
                path: value.to_string(),
                sources: Vec::new(),
                assembly: Vec::new(),
                export: String::new(),
                import_map: Vec::new(),
            });
            continue;
        }
        let Some(package) = all.last_mut() else {
            continue;
        };
        match (name, value.split_once('=')) {
            ("export", _) => package.export = value.to_string(),
            ("go", _) => package.sources.push(value.into()),
            ("asm", _) => package.assembly.push(value.into()),
            ("map", Some((from, to))) => package.import_map.push((from.into(), to.into())),
            _ => {}
        }
    }
    all
}
