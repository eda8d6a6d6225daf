//! From an import path, as one package writes it, to the folder it means.

use crate::error::{LoadError, Result};
use crate::modules::{Module, Modules};
use crate::overlay::Overlay;
use crate::package::COMMAND_LINE;
use crate::sdk::Sdk;
use crate::vendor::{VendoredModule, parse_modules_txt};
use crate::version::GoVersion;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A package's place.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its full import path.
    pub path: String,
    /// Its folder.
    pub dir: PathBuf,
    /// Whether it belongs to the SDK.
    pub is_std: bool,
    /// Its module, if it does not.
    pub module: Option<Arc<Module>>,
    /// Its language version.
    pub go: GoVersion,
}

/// Resolves import paths against the SDK and the modules of the build.
pub struct Resolver<'a> {
    /// The source tree of the standard library.
    pub sdk: &'a Sdk,
    /// The modules of the build.
    pub modules: &'a Modules,
    /// Our patches.
    pub overlay: &'a Overlay,
    vendored: [OnceLock<Vec<VendoredModule>>; 2],
}

impl<'a> Resolver<'a> {
    /// A resolver.
    pub fn new(sdk: &'a Sdk, modules: &'a Modules, overlay: &'a Overlay) -> Resolver<'a> {
        Resolver {
            sdk,
            modules,
            overlay,
            vendored: Default::default(),
        }
    }

    /// The package that `path` means when `importer` (or, without one, the command line)
    /// names it.
    pub fn resolve(&self, importer: Option<&Place>, path: &str) -> Result<Place> {
        if path.starts_with("./") || path.starts_with("../") || matches!(path, "." | "..") {
            return Err(LoadError::new(format!(
                "{path:?} is relative, but relative import paths are not supported in module mode"
            )));
        }
        if path.starts_with('/') {
            return Err(LoadError::new(format!(
                "{path:?} is not a package path; see 'go help packages'"
            )));
        }
        let wrong = match path {
            p if p.contains("//") => Some("double slash"),
            p if p.ends_with('/') => Some("trailing slash"),
            _ => None,
        };
        if let Some(why) = wrong {
            return Err(LoadError::new(format!(
                "malformed import path {path:?}: {why}"
            )));
        }
        let vendored = importer
            .filter(|i| i.is_std)
            .and_then(|i| self.std_vendored(i, path));
        if let Some(place) = vendored.or_else(|| self.std(path)) {
            return Ok(place);
        }
        let named = importer.map(|i| i.path.as_str());
        let named = named.filter(|path| *path != COMMAND_LINE);
        if let Some(found) = self.modules.lookup(path, named)? {
            return Ok(Place {
                path: path.to_string(),
                dir: found.dir,
                is_std: false,
                go: found.module.go,
                module: Some(found.module),
            });
        }
        let first = path.split('/').next().unwrap_or_default();
        Err(LoadError::new(if first.contains('.') {
            self.modules.not_found(path)
        } else {
            format!(
                "package {path} is not in std ({})",
                self.sdk.src().join(path).display()
            )
        }))
    }

    fn std(&self, path: &str) -> Option<Place> {
        let dir = self.sdk.src().join(path);
        let ours = self.overlay.package(path, true).is_some_and(|p| p.replace);
        (ours || dir_has_go(&dir)).then(|| Place {
            path: path.to_string(),
            dir,
            is_std: true,
            module: None,
            go: self.std_version(path),
        })
    }

    /// The SDK's packages find others in `vendor/`, its commands in `cmd/vendor/`.
    fn std_vendored(&self, importer: &Place, path: &str) -> Option<Place> {
        if !path.split('/').next()?.contains('.') {
            return None;
        }
        let is_cmd = importer.path.starts_with("cmd/");
        self.std(&format!(
            "{}/{path}",
            if is_cmd { "cmd/vendor" } else { "vendor" }
        ))
    }

    /// Vendored packages have their own modules' language versions.
    fn std_version(&self, path: &str) -> GoVersion {
        let (slot, folder, rest) = if let Some(rest) = path.strip_prefix("cmd/vendor/") {
            (&self.vendored[1], "cmd/vendor", rest)
        } else if let Some(rest) = path.strip_prefix("vendor/") {
            (&self.vendored[0], "vendor", rest)
        } else {
            return GoVersion::CURRENT;
        };
        let modules = slot.get_or_init(|| {
            let file = self.sdk.src().join(folder).join("modules.txt");
            parse_modules_txt(&std::fs::read_to_string(file).unwrap_or_default())
        });
        let module = modules
            .iter()
            .find(|m| m.packages.iter().any(|p| p == rest));
        module.map_or(GoVersion::CURRENT, |m| m.go)
    }

    /// The place of a package given as files in `dir`.
    pub fn command_line(&self, dir: &Path) -> Place {
        let module = self.modules.path_of_dir(dir).map(|(module, _)| module);
        let go = match (&module, self.modules.mains()) {
            (Some(module), _) => module.go,
            (None, [main, ..]) => main.go,
            (None, []) => GoVersion::CURRENT,
        };
        Place {
            path: COMMAND_LINE.to_string(),
            dir: dir.to_path_buf(),
            is_std: false,
            module,
            go,
        }
    }

    /// Go's complaint if `importer` may not import `imported` because of an `internal`
    /// folder: such a package is only for those below that folder's parent.
    pub fn check_internal(&self, importer: &Place, imported: &Place) -> Option<String> {
        let path = &imported.path;
        let at = match path.rfind("/internal") {
            Some(at) if matches!(path.as_bytes().get(at + 9), None | Some(b'/')) => at,
            _ if path == "internal" || path.starts_with("internal/") => {
                return (!importer.is_std).then(|| not_allowed(path));
            }
            _ => return None,
        };
        let parent = &path[..at];
        let own = match importer.path.as_str() {
            COMMAND_LINE => self
                .modules
                .path_of_dir(&importer.dir)
                .map(|(_, path)| path),
            path => Some(path.to_string()),
        };
        let below = |own: &str| own == parent || own.starts_with(&format!("{parent}/"));
        // Our own patches may reach into everything.
        let patch = importer.is_std && self.overlay.package(&importer.path, true).is_some();
        (!patch && !own.is_some_and(|own| below(&own))).then(|| not_allowed(path))
    }
}

fn not_allowed(path: &str) -> String {
    format!("use of internal package {path} not allowed")
}

fn dir_has_go(dir: &Path) -> bool {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .into_iter()
        .any(|e| e.file_name().to_str().is_some_and(|n| n.ends_with(".go")))
}
