//! A session: options, environment and overlay, and what they make of a command's
//! arguments.

use crate::check::{CheckOptions, Checked, check};
use crate::env::Env;
use crate::failure::Failure;
use crate::gcflags::CompilerFlags;
use crate::options::Options;
use crate::reports::Reports;
use crate::stamp::LinkFlags;
use crate::tool_flags::ToolFlags;
use goxide_load::{
    BuildContext, Config, Files, ModuleOptions, Overlay, Package, PackageGraph, load,
};
use std::path::Path;

/// Packages that every program needs, whether it imports them or not.
const IMPLICIT: [&str; 1] = ["runtime"];

/// Trees are walked by recursion and input decides how deep they are.
const WORKER_STACK_BYTES: usize = 1 << 28;

/// The state of one command.
pub struct Session {
    /// What it was asked to do.
    pub options: Options,
    /// Its environment.
    pub env: Env,
    config: Config,
    /// `-gcflags`: each value can be parsed.
    compiler: ToolFlags,
    linker: ToolFlags,
}

impl Session {
    /// A session. `GOXIDE_OVERLAY` names a folder that is used instead of the built-in
    /// patches of the standard library, for working on them.
    pub fn new(options: Options) -> Result<Session, Failure> {
        let form = |flag: &str, values: &[String]| {
            let flags = ToolFlags::parse(values);
            flags.map_err(|why| Failure::Usage(format!("invalid value for flag -{flag}: {why}")))
        };
        let compiler = form("gcflags", &options.compiler_flags)?;
        for list in compiler.lists() {
            CompilerFlags::parse(list)?;
        }
        let linker = form("ldflags", &options.linker_flags)?;
        let env = Env::from_process();
        let overlay = match overlay_dir(&env) {
            Some(dir) => Overlay::read(dir).map_err(|e| Failure::Load(vec![e]))?,
            None => Overlay::embedded(),
        };
        let pool = rayon::ThreadPoolBuilder::new().stack_size(WORKER_STACK_BYTES);
        // Fails only if the pool was made before, by an earlier session.
        let _ = pool
            .num_threads(options.threads.unwrap_or(0))
            .build_global();
        let files = match &options.replaced_files {
            Some(list) => {
                Files::with_overlay(list, &options.cwd).map_err(|e| Failure::Load(vec![e]))?
            }
            None => Files::default(),
        };
        let config = Config {
            cwd: options.cwd.clone(),
            env: env.go.clone(),
            context: BuildContext::new(options.tags.iter().cloned()),
            modules: ModuleOptions {
                use_vendor: options.use_vendor,
                mod_file: options.mod_file.clone(),
                files,
            },
            overlay,
            compiler_only: options.compiler_only,
            implicit: IMPLICIT.iter().map(|p| p.to_string()).collect(),
        };
        Ok(Session {
            options,
            env,
            config,
            compiler,
            linker,
        })
    }

    /// The packages that arguments mean, with all that they import.
    pub fn load(&self, args: &[String]) -> Result<PackageGraph, Failure> {
        Ok(load(&self.config, args)?)
    }

    /// The packages that arguments mean, parsed and type-checked.
    pub fn check(&self, args: &[String]) -> Result<Checked, Failure> {
        check(self.load(args)?, &self.check_options())
    }

    pub(crate) fn check_options(&self) -> CheckOptions {
        CheckOptions {
            cwd: self.options.cwd.clone(),
            trim_paths: self.options.trim_paths,
            flags: self.compiler.clone(),
            bodyless_allowed: self.options.compiler_only,
        }
    }

    /// The reports that `-gcflags` ask for. The bare compiler's habit of printing them is
    /// no part of what its tests look at.
    pub(crate) fn reports(&self) -> Reports {
        match self.options.compiler_only {
            true => Reports::default(),
            false => Reports::new(self.compiler.clone(), self.options.cwd.clone()),
        }
    }

    /// The folder that replaces the built-in patches, if one does.
    pub(crate) fn overlay_dir(&self) -> Option<&Path> {
        overlay_dir(&self.env)
    }

    /// What `-ldflags` asks for, for a program.
    pub(crate) fn link_flags(&self, main: &Package) -> Result<LinkFlags, Failure> {
        LinkFlags::parse(self.linker.of(main, &self.options.cwd))
    }

    /// The choices of the user's that `go version -m` shows.
    pub(crate) fn build_settings(&self) -> Vec<(&'static str, String)> {
        let o = &self.options;
        let mut settings = vec![
            ("-gcflags", o.compiler_flags.join(" ")),
            ("-ldflags", o.linker_flags.join(" ")),
            ("-tags", o.tags.join(",")),
        ];
        if o.trim_paths {
            settings.push(("-trimpath", "true".to_string()));
        }
        settings.retain(|(_, value)| !value.is_empty());
        settings
    }

    /// Whether the compiler's flags of any package ask for something that is done for the
    /// whole program.
    pub(crate) fn any_compiler_flags(&self, asks: impl Fn(&CompilerFlags) -> bool) -> bool {
        let lists = self.compiler.lists();
        lists
            .filter_map(|list| CompilerFlags::parse(list).ok())
            .any(|flags| asks(&flags))
    }
}

fn overlay_dir(env: &Env) -> Option<&Path> {
    env.go.get("GOXIDE_OVERLAY").map(Path::new)
}
