//! A session: options, environment and overlay, and what they make of a command's
//! arguments.

use crate::check::{CheckOptions, Checked, check};
use crate::env::Env;
use crate::failure::Failure;
use crate::gcflags;
use crate::options::Options;
use crate::reports::Reports;
use crate::stamp::LinkFlags;
use goxide_load::{
    BuildContext, Config, Files, GoVersion, ModuleOptions, Overlay, PackageGraph, load,
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
}

impl Session {
    /// A session. `GOXIDE_OVERLAY` names a folder that is used instead of the built-in
    /// patches of the standard library, for working on them.
    pub fn new(options: Options) -> Result<Session, Failure> {
        for list in &options.compiler_flags {
            gcflags::check(flags_of(list))?;
        }
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
            all_errors: self.all_errors(),
            allow_bodyless: self.options.compiler_only && !self.compiler_flag("-complete"),
            language: self.compiler_value("-lang=").and_then(GoVersion::parse),
        }
    }

    /// The reports that `-gcflags` ask for. The bare compiler's habit of printing them is
    /// no part of what its tests look at.
    pub(crate) fn reports(&self) -> Reports {
        if self.options.compiler_only {
            return Reports::default();
        }
        let lists = self.options.compiler_flags.iter();
        let flags = lists.flat_map(|list| flags_of(list).split_whitespace());
        let mut reports = Reports::default();
        for flag in flags {
            match flag {
                "-m" => reports.decisions += 1,
                "-S" => reports.listing = true,
                "-d=defer" => reports.defers = true,
                _ => {
                    if let Some(level) = flag.strip_prefix("-m=") {
                        reports.decisions = level.parse().unwrap_or(1);
                    }
                }
            }
        }
        reports
    }

    /// The last value of a flag among `-gcflags` that ends in `=`.
    fn compiler_value(&self, flag: &str) -> Option<&str> {
        let lists = self.options.compiler_flags.iter();
        lists
            .flat_map(|list| flags_of(list).split_whitespace())
            .filter_map(|f| f.strip_prefix(flag))
            .next_back()
    }

    fn all_errors(&self) -> bool {
        let lists = self.options.compiler_flags.iter();
        let flags = lists.flat_map(|list| flags_of(list).split_whitespace());
        flags.fold(false, |all, flag| match flag {
            "-e" | "-e=1" | "-e=true" => true,
            "-e=0" | "-e=false" => false,
            _ => all,
        })
    }

    /// The folder that replaces the built-in patches, if one does.
    pub(crate) fn overlay_dir(&self) -> Option<&Path> {
        overlay_dir(&self.env)
    }

    /// What `-ldflags` asks for.
    pub(crate) fn link_flags(&self) -> Result<LinkFlags, Failure> {
        let lists = self.options.linker_flags.iter();
        LinkFlags::parse(&lists.map(|l| flags_of(l).to_string()).collect::<Vec<_>>())
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

    /// Whether a flag is among `-gcflags`.
    pub(crate) fn compiler_flag(&self, flag: &str) -> bool {
        let lists = self.options.compiler_flags.iter();
        lists
            .flat_map(|list| flags_of(list).split_whitespace())
            .any(|f| f == flag)
    }
}

/// The flags in one value of `-gcflags`, which may begin with a pattern: `all=-e`.
fn flags_of(list: &str) -> &str {
    match list.split_once('=') {
        Some((pattern, flags)) if !pattern.trim_start().starts_with('-') => flags,
        _ => list,
    }
}

fn overlay_dir(env: &Env) -> Option<&Path> {
    env.go.get("GOXIDE_OVERLAY").map(Path::new)
}
