//! A `vendor/` folder: the modules and packages in it, as `modules.txt` lists them, and
//! whether that list agrees with the `go.mod` files, without which nothing is built from it.

use crate::error::{LoadError, Result};
use crate::folder::Shown;
use crate::modfile::Replace;
use crate::modules::{Found, Mains, Module, find_replace};
use crate::version::{GoVersion, compare};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A module in `vendor/modules.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendoredModule {
    /// Module path.
    pub path: String,
    /// Its version; empty if a folder replaces all versions.
    pub version: String,
    /// Its language version.
    pub go: GoVersion,
    /// Whether the main module requires it itself.
    pub explicit: bool,
    /// Module path or folder that replaces it, with the version of the former.
    pub replaced: Option<String>,
    /// Its packages that are there.
    pub packages: Vec<String>,
}

/// Reads `vendor/modules.txt`: `# module version [=> …]`, `## annotations`, packages.
pub fn parse_modules_txt(text: &str) -> Vec<VendoredModule> {
    let mut modules: Vec<VendoredModule> = Vec::new();
    for line in text.lines() {
        if let Some(notes) = line.strip_prefix("## ") {
            let Some(module) = modules.last_mut() else {
                continue;
            };
            for note in notes.split(';').map(str::trim) {
                module.explicit |= note == "explicit";
                if let Some(go) = note.strip_prefix("go ").and_then(GoVersion::parse) {
                    module.go = go;
                }
            }
        } else if let Some(head) = line.strip_prefix("# ") {
            modules.push(heading(head));
        } else if let Some(module) = modules.last_mut()
            && !line.trim().is_empty()
        {
            module.packages.push(line.trim().to_string());
        }
    }
    modules
}

/// `path [version] [=> path [version]]`
fn heading(line: &str) -> VendoredModule {
    let (module, new) = match line.split_once("=>") {
        Some((module, new)) => (module, Some(new)),
        None => (line, None),
    };
    let mut words = module.split_whitespace();
    VendoredModule {
        path: words.next().unwrap_or_default().to_string(),
        version: words.next().unwrap_or_default().to_string(),
        go: GoVersion::MODULE_DEFAULT,
        explicit: false,
        replaced: new.map(|new| new.split_whitespace().collect::<Vec<_>>().join("@")),
        packages: Vec::new(),
    }
}

/// A `vendor/` folder that is used.
pub struct Vendor {
    /// Where it is.
    pub dir: PathBuf,
    /// What `modules.txt` lists.
    pub modules: Vec<VendoredModule>,
}

impl Vendor {
    /// The package that an import path means.
    pub fn lookup(&self, path: &str) -> Option<Found> {
        let module = self
            .modules
            .iter()
            .find(|m| m.packages.iter().any(|p| p == path))?;
        let found = Module {
            path: module.path.clone(),
            version: module.version.clone(),
            dir: self.dir.join(&module.path),
            go: module.go,
            main: false,
            ignore: Vec::new(),
        };
        Some(Found {
            module: Arc::new(found),
            dir: self.dir.join(path),
        })
    }

    /// Compares with the `go.mod` files, in the go command's words.
    ///
    /// # Errors
    /// If the two do not agree.
    pub fn check(&self, mains: &Mains, shown: &Shown) -> Result<()> {
        let check = Check {
            vendor: self,
            mains,
            shown,
            root: mains.root.as_deref().unwrap_or(&self.dir),
            // modules.txt told less before Go 1.14.
            old: !mains.workspace && mains.files.iter().any(|(_, f)| f.go_version().0 < 14),
        };
        let found = check.requirements() + &check.replacements() + &check.what_is_too_much();
        if found.is_empty() {
            return Ok(());
        }
        let command = if mains.workspace { "work" } else { "mod" };
        Err(LoadError::new(format!(
            "go: inconsistent vendoring in {}:{found}\n\n\tTo ignore the vendor directory, use \
             -mod=readonly or -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo {command} \
             vendor",
            check.root.display()
        )))
    }

    /// The entry of exactly this version (empty: of all versions).
    fn entries<'a>(
        &'a self,
        path: &'a str,
        version: &'a str,
    ) -> impl Iterator<Item = &'a VendoredModule> {
        let all = self.modules.iter();
        all.filter(move |m| m.path == path && m.version == version)
    }
}

/// A comparison; what is found is a line each, beginning with a line's end.
struct Check<'a> {
    vendor: &'a Vendor,
    mains: &'a Mains,
    shown: &'a Shown<'a>,
    root: &'a Path,
    old: bool,
}

impl Check<'_> {
    fn requirements(&self) -> String {
        let mut out = String::new();
        let required = self.mains.files.iter().flat_map(|(_, f)| &f.require);
        for r in required {
            let mut entries = self.vendor.entries(&r.path, &r.version);
            if entries.any(|m| m.explicit) {
                continue;
            }
            let name = format!(
                "\n\t{}@{}: is explicitly required in go.mod",
                r.path, r.version
            );
            if !self.old {
                out += &name;
                out += ", but not marked as explicit in vendor/modules.txt";
                continue;
            }
            let all = self.vendor.modules.iter();
            let chosen = all
                .filter(|m| m.path == r.path && !m.packages.is_empty())
                .map(|m| &m.version)
                .max_by(|a, b| compare(a, b));
            if let Some(other) = chosen.filter(|v| **v != r.version) {
                let path = &r.path;
                let _ = write!(
                    out,
                    "{name}, but vendor/modules.txt indicates {path}@{other}"
                );
            }
        }
        out
    }

    fn replacements(&self) -> String {
        let mut out = String::new();
        let mut seen: Vec<(&str, Option<&str>)> = Vec::new();
        for (_, r) in &self.mains.replaces {
            let old = (r.path.as_str(), r.version.as_deref());
            let is_main = self.mains.files.iter().any(|(_, f)| f.module == r.path);
            if seen.contains(&old) || self.mains.workspace && is_main {
                continue;
            }
            seen.push(old);
            let version = old.1.unwrap_or_default();
            let Some((dir, new)) = find_replace(&self.mains.replaces, old.0, version) else {
                continue;
            };
            let name = at(old.0, version);
            let file = self.shown.path(&self.file_of(dir));
            let mut entries = self.vendor.entries(old.0, version);
            match entries.find_map(|m| m.replaced.as_ref()) {
                None if self.old && !self.is_chosen(old) => {}
                None => {
                    let _ = write!(
                        out,
                        "\n\t{name}: is replaced in {file}, but not marked as replaced in \
                         vendor/modules.txt"
                    );
                }
                Some(listed) if *listed != self.as_listed(dir, new) => {
                    let new = at(
                        &new.new_path,
                        new.new_version.as_deref().unwrap_or_default(),
                    );
                    let _ = write!(
                        out,
                        "\n\t{name}: is replaced by {new} in {file}, but marked as replaced by \
                         {listed} in vendor/modules.txt"
                    );
                }
                Some(_) => {}
            }
        }
        out
    }

    /// Whether there are packages of this version.
    fn is_chosen(&self, (path, version): (&str, Option<&str>)) -> bool {
        let version = version.unwrap_or_default();
        let mut entries = self.vendor.entries(path, version);
        !version.is_empty() && entries.any(|m| !m.packages.is_empty())
    }

    /// The file that replaces something as seen from `dir`.
    fn file_of(&self, dir: &Path) -> PathBuf {
        let work = self.mains.workspace && dir == self.root;
        dir.join(if work { "go.work" } else { "go.mod" })
    }

    /// A replacement as `modules.txt` has it: folders as seen from the workspace.
    fn as_listed(&self, dir: &Path, r: &Replace) -> String {
        if let Some(version) = &r.new_version {
            return at(&r.new_path, version);
        }
        if !self.mains.workspace || Path::new(&r.new_path).is_absolute() {
            return r.new_path.clone();
        }
        let full = crate::modules::normalize(&dir.join(&r.new_path));
        match crate::folder::relative(self.root, &full) {
            Some(short) if short.starts_with("..") => short,
            Some(short) => format!("./{short}"),
            None => full.display().to_string(),
        }
    }

    /// What `modules.txt` has and no `go.mod`.
    fn what_is_too_much(&self) -> String {
        let mut out = String::new();
        let article = if self.mains.workspace { "a " } else { "" };
        let listed = self.vendor.modules.iter();
        for m in listed
            .clone()
            .filter(|m| m.explicit && !m.packages.is_empty())
        {
            let mut files = self.mains.files.iter();
            let same = |r: &crate::modfile::Require| r.path == m.path && r.version == m.version;
            if !files.any(|(_, f)| f.require.iter().any(same)) {
                let _ = write!(
                    out,
                    "\n\t{}: is marked as explicit in vendor/modules.txt, but not explicitly \
                     required in {article}go.mod",
                    at(&m.path, &m.version)
                );
            }
        }
        let place = match self.mains.workspace {
            true => "the workspace",
            false => "go.mod",
        };
        for m in listed.filter(|m| m.replaced.is_some()) {
            if find_replace(&self.mains.replaces, &m.path, &m.version).is_none() {
                let _ = write!(
                    out,
                    "\n\t{}: is marked as replaced in vendor/modules.txt, but not replaced in \
                     {place}",
                    at(&m.path, &m.version)
                );
            }
        }
        out
    }
}

/// `path@version`, or only the path.
fn at(path: &str, version: &str) -> String {
    match version {
        "" => path.to_string(),
        _ => format!("{path}@{version}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modfile::ModFile;
    use expect_test::{Expect, expect};

    #[test]
    fn vendored_modules() {
        let modules = parse_modules_txt(
            "# a.b/c v1.2.3 => ../c\n## explicit; go 1.19\na.b/c\na.b/c/d\n# e v0.1.0\ne/f\n\
             # g => h.i/g v1.0.0\n",
        );
        let shown: Vec<String> = modules
            .iter()
            .map(|m| {
                format!(
                    "{}@{} go{} {} {:?} {}",
                    m.path,
                    m.version,
                    m.go,
                    m.explicit,
                    m.replaced.as_deref().unwrap_or_default(),
                    m.packages.join(",")
                )
            })
            .collect();
        expect![[r#"
            a.b/c@v1.2.3 go1.19 true "../c" a.b/c,a.b/c/d
            e@v0.1.0 go1.16 false "" e/f
            g@ go1.16 false "h.i/g@v1.0.0" "#]]
        .assert_eq(&shown.join("\n"));
    }

    fn check(go_mod: &str, modules_txt: &str, want: Expect) {
        let parsed = ModFile::parse(go_mod, "go.mod", true).expect("a good go.mod");
        let mut mains = Mains::default();
        mains.add(Path::new("/m/go.mod"), parsed);
        mains.root = Some(PathBuf::from("/m"));
        let vendor = Vendor {
            dir: PathBuf::from("/m/vendor"),
            modules: parse_modules_txt(modules_txt),
        };
        let cwd = Path::new("/m");
        want.assert_eq(&match vendor.check(&mains, &Shown { cwd }) {
            Ok(()) => String::new(),
            Err(e) => e.to_string(),
        });
    }

    #[test]
    fn agreement_with_go_mod() {
        check(
            "module m\ngo 1.27\nrequire a.b/c v1.0.0\nrequire d v1.0.0\nreplace d => ./d\n",
            "# a.b/c v1.0.0\n## explicit\na.b/c\n# d v1.0.0 => ./d\n## explicit\nd\n# d => ./d\n",
            expect![""],
        );
        check(
            "module m\ngo 1.27\nrequire a.b/c v1.1.0\nrequire d v1.0.0\nreplace d => ./d\n\
             replace e v1.2.0 => ../e\n",
            "# a.b/c v1.0.0\n## explicit\na.b/c\n# d v1.0.0\n## explicit\nd\n# d => ./other\n\
             # f v1.0.0 => ../f\n",
            expect![[r#"
                go: inconsistent vendoring in /m:
                	a.b/c@v1.1.0: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt
                	d: is replaced by ./d in go.mod, but marked as replaced by ./other in vendor/modules.txt
                	e@v1.2.0: is replaced in go.mod, but not marked as replaced in vendor/modules.txt
                	a.b/c@v1.0.0: is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod
                	f@v1.0.0: is marked as replaced in vendor/modules.txt, but not replaced in go.mod

                	To ignore the vendor directory, use -mod=readonly or -mod=mod.
                	To sync the vendor directory, run:
                		go mod vendor"#]],
        );
        // Versions are all that can be compared.
        check(
            "module m\ngo 1.13\nrequire a.b/c v1.1.0\nrequire d v1.0.0\n",
            "# a.b/c v1.0.0\na.b/c\n",
            expect![[r#"
                go: inconsistent vendoring in /m:
                	a.b/c@v1.1.0: is explicitly required in go.mod, but vendor/modules.txt indicates a.b/c@v1.0.0

                	To ignore the vendor directory, use -mod=readonly or -mod=mod.
                	To sync the vendor directory, run:
                		go mod vendor"#]],
        );
    }
}
