//! From a command's arguments to an executable, by way of the cache where that is shorter.

use crate::cache::{Cache, Key, KeyMaker, write_program};
use crate::check::check;
use crate::code_cache::CodeCache;
use crate::compile::{CompileOptions, Steps, executable, libraries};
use crate::failure::Failure;
use crate::session::Session;
use crate::stamp::LinkFlags;
use goxide_load::{COMMAND_LINE, Package, PackageGraph, PackageId, os_text};
use std::any::Any;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// An executable on disk.
#[derive(Debug)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// The folder to remove after use, if it is not in the cache.
    temporary: Option<PathBuf>,
    /// What compiling has left behind.
    rest: Rest,
}

/// What is known about a program that has been compiled: large, and slow to take apart.
#[derive(Debug, Default)]
pub struct Rest(pub(crate) Option<Box<dyn Any>>);

impl Program {
    /// Frees the memory that compiling took; else it is freed with the program.
    pub fn free_rest(&mut self) {
        self.rest.0 = None;
    }

    /// Leaves that memory to the end of the process, which is near.
    pub fn leave_rest(&mut self) {
        std::mem::forget(self.rest.0.take());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(dir) = &self.temporary {
            let _ = std::fs::remove_dir_all(dir);
        }
    }
}

impl Session {
    /// Makes the executable of the one main package that `args` mean.
    pub fn program(&self, args: &[String]) -> Result<Program, Failure> {
        self.program_of(args, None)
    }

    /// The same, of a graph that `args` have been found to mean.
    pub fn program_loaded(&self, args: &[String], graph: PackageGraph) -> Result<Program, Failure> {
        self.program_of(args, Some(graph))
    }

    fn program_of(&self, args: &[String], graph: Option<PackageGraph>) -> Result<Program, Failure> {
        if self.options.dry_run {
            return self.print_plan(args);
        }
        let started = SystemTime::now();
        let request = self.request_key(args);
        let dir = self.env.cache_dir();
        // What was compiled before has nothing to report.
        let anew = self.options.compile_anew || self.options.keep_work || self.reports().any();
        let looked_up = dir.as_deref().filter(|_| !anew);
        if let Some(path) = looked_up.and_then(|dir| Cache::find_request(dir, &request)) {
            return Ok(Program {
                path,
                temporary: None,
                rest: Rest::default(),
            });
        }
        let mut steps = Steps::new(self.options.print_steps);
        let graph = match graph {
            Some(graph) => graph,
            None => self.load(args)?,
        };
        steps.done("load");
        let main = only_main(&graph)?;
        let Some(cache) = self.open_cache(dir.as_deref()) else {
            return self.compile_to_temporary(graph, main);
        };
        let key = self.program_key(&graph, main);
        let inputs = graph.inputs.clone();
        let known = cache.find_program(&key).filter(|_| !anew);
        let (path, rest) = match known {
            Some(path) => (path, Rest::default()),
            None => {
                let (bytes, rest) = self.compile(graph, main)?;
                match cache.store_program(&key, &bytes) {
                    Ok(path) => (path, rest),
                    Err(e) => {
                        let cache_dir = dir.unwrap_or_default();
                        warn_of_cache(&cache_dir, &e);
                        return temporary_program(&bytes);
                    }
                }
            }
        };
        if self.options.keep_work {
            keep_work(&path)?;
        }
        if self.overlay_dir().is_none() {
            // What cannot be remembered is found out again the next time.
            let _ = cache.store_request(&request, &path, inputs, started);
        }
        Ok(Program {
            path,
            temporary: None,
            rest,
        })
    }

    /// `-n`: prints what would be compiled; there is no program then.
    fn print_plan(&self, args: &[String]) -> Result<Program, Failure> {
        let graph = self.load(args)?;
        for package in graph.packages.iter() {
            eprintln!("compile {}", package.path);
        }
        for &id in graph
            .roots
            .iter()
            .filter(|&&id| graph.packages[id].is_main())
        {
            eprintln!("link {}", graph.packages[id].path);
        }
        Ok(Program {
            path: PathBuf::new(),
            temporary: None,
            rest: Rest::default(),
        })
    }

    /// Compiles the main package of a graph to the bytes of an executable.
    pub fn compile(
        &self,
        graph: PackageGraph,
        main: PackageId,
    ) -> Result<(Vec<u8>, Rest), Failure> {
        if self.options.print_packages {
            for package in graph.packages.iter() {
                eprintln!("{}", package.path);
            }
        }
        let mut steps = Steps::new(self.options.print_steps);
        let options = self.compile_options(Some(&graph.packages[main]))?;
        let checked = check(graph, &self.check_options())?;
        steps.done("check");
        executable(checked, main, &options)
    }

    /// Compiles all packages that `args` mean, programs and others, and keeps nothing.
    pub fn compile_and_discard(&self, args: &[String]) -> Result<(), Failure> {
        if self.options.dry_run {
            return self.print_plan(args).map(|_| ());
        }
        let graph = self.load(args)?;
        let is_program = |id: &PackageId| graph.packages[*id].is_main();
        let (programs, others): (Vec<PackageId>, Vec<PackageId>) =
            graph.roots.iter().partition(|id| is_program(id));
        let paths: Vec<String> = programs
            .iter()
            .map(|id| graph.packages[*id].path.clone())
            .collect();
        let checked = check(graph, &self.check_options())?;
        if !others.is_empty() {
            libraries(checked, &others, &self.compile_options(None)?)?;
        }
        for path in paths {
            let one = if path == COMMAND_LINE {
                args.to_vec()
            } else {
                vec![path]
            };
            self.program(&one)?;
        }
        Ok(())
    }

    fn compile_to_temporary(
        &self,
        graph: PackageGraph,
        main: PackageId,
    ) -> Result<Program, Failure> {
        temporary_program(&self.compile(graph, main)?.0)
    }

    pub(crate) fn compile_options(
        &self,
        main: Option<&Package>,
    ) -> Result<CompileOptions, Failure> {
        let passes = goxide_opt::Options {
            optimize: !self.any_compiler_flags(|flags| flags.plain),
            inline: !self.any_compiler_flags(|flags| flags.calls_stay),
            notes: self.reports().any(),
            ..goxide_opt::Options::default()
        };
        let backend = goxide_clif::Options {
            opt: match passes.optimize {
                true => goxide_clif::OptLevel::Speed,
                false => goxide_clif::OptLevel::None,
            },
            ..goxide_clif::Options::default()
        };
        Ok(CompileOptions {
            backend,
            passes,
            print_steps: self.options.print_steps,
            cache: self
                .env
                .cache_dir()
                .map(|dir| CodeCache::new(dir, !self.options.compile_anew, &passes)),
            link: match main {
                Some(main) => self.link_flags(main)?,
                None => LinkFlags::default(),
            },
            trim_paths: self.options.trim_paths,
            settings: self.build_settings(),
            reports: self.reports(),
        })
    }

    fn open_cache(&self, dir: Option<&Path>) -> Option<Cache> {
        let dir = dir?;
        Cache::open(dir).inspect_err(|e| warn_of_cache(dir, e)).ok()
    }

    /// Everything but the contents of files that decides what a command line means.
    fn request_key(&self, args: &[String]) -> Key {
        let mut maker = KeyMaker::new();
        maker.add(self.options.cwd.as_os_str().as_encoded_bytes());
        for arg in args {
            maker.add(arg.as_bytes());
        }
        self.add_settings(&mut maker);
        for name in [
            "GOXIDE_SDK",
            "GOXIDE_OVERLAY",
            "GOROOT",
            "PATH",
            "GOPATH",
            "GOMODCACHE",
            "GOWORK",
            "HOME",
        ] {
            maker.add(self.env.go.get(name).unwrap_or_default().as_bytes());
        }
        maker.finish()
    }

    fn add_settings(&self, maker: &mut KeyMaker) {
        let o = &self.options;
        for list in [&o.tags, &o.compiler_flags, &o.linker_flags] {
            maker.add(list.join("\0").as_bytes());
        }
        let others = (o.use_vendor, o.trim_paths, &o.mod_file, &o.replaced_files);
        maker.add(format!("{others:?}").as_bytes());
    }

    /// Everything that decides what an executable is.
    fn program_key(&self, graph: &PackageGraph, main: PackageId) -> Key {
        let mut maker = KeyMaker::new();
        self.add_settings(&mut maker);
        maker.add(graph.packages[main].path.as_bytes());
        maker.add(format!("{:?}", graph.defaults).as_bytes());
        for package in graph.packages.iter() {
            maker.add(package.path.as_bytes());
            maker.add(package.go_version.to_string().as_bytes());
            for file in &package.files {
                maker.add(file.path.as_os_str().as_encoded_bytes());
                maker.add(&file.text);
            }
            let mut patterns: Vec<_> = package.embeds.iter().collect();
            patterns.sort_by_key(|(pattern, _)| pattern.as_str());
            for (pattern, files) in patterns {
                maker.add(pattern.as_bytes());
                for file in files {
                    maker.add(file.name.as_bytes());
                    maker.add(&file.text);
                }
            }
        }
        maker.finish()
    }
}

/// The main package of a graph whose roots are one program.
fn only_main(graph: &PackageGraph) -> Result<PackageId, Failure> {
    match graph.roots[..] {
        [main] if graph.packages[main].is_main() => Ok(main),
        [other] => Err(Failure::Plain(format!(
            "package {} is not a main package",
            graph.packages[other].path
        ))),
        [] => Err(Failure::Plain("go: no packages loaded".to_string())),
        _ => {
            let mut paths = String::new();
            for &root in &graph.roots {
                paths += &format!("\n\t{}", graph.packages[root].path);
            }
            let why = format!("one program is wanted, these are several packages:{paths}");
            Err(Failure::Other(why))
        }
    }
}

/// `-work`: keeps a copy of the executable where a user can look at it. (There are no other
/// temporary files: object code stays in memory.)
fn keep_work(program: &Path) -> Result<(), Failure> {
    let dir = std::env::temp_dir().join(format!("goxide-build{}", std::process::id()));
    eprintln!("WORK={}", dir.display());
    let copied = std::fs::create_dir_all(&dir)
        .and_then(|()| std::fs::copy(program, dir.join("a.out")).map(|_| ()));
    copied.map_err(|e| Failure::Other(format!("writing {}: {}", dir.display(), os_text(&e))))
}

fn warn_of_cache(dir: &Path, error: &std::io::Error) {
    eprintln!(
        "goxide: the cache {} cannot be written ({}): compiling without it\n\
         \tset GOXIDE_CACHE to a folder that can be written, to start faster the next time",
        dir.display(),
        os_text(error)
    );
}

fn temporary_program(bytes: &[u8]) -> Result<Program, Failure> {
    let dir = std::env::temp_dir().join(format!("goxide-run-{}", std::process::id()));
    let path = dir.join("program");
    let made = std::fs::create_dir_all(&dir).and_then(|()| write_program(&path, bytes));
    match made {
        Ok(()) => Ok(Program {
            path,
            temporary: Some(dir),
            rest: Rest::default(),
        }),
        Err(e) => {
            let _ = std::fs::remove_dir_all(&dir);
            Err(Failure::Other(format!(
                "writing {}: {} (TMPDIR names another folder)",
                path.display(),
                os_text(&e)
            )))
        }
    }
}
