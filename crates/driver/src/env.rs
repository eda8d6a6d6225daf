//! The settings of goxide, as `goxide env` shows them.

use goxide_load::{GoEnv, Sdk};
use std::path::PathBuf;

/// The environment of a session.
#[derive(Clone, Debug)]
pub struct Env {
    /// As the go command sees it.
    pub go: GoEnv,
}

impl Env {
    /// Reads the process environment and Go's `env` file.
    pub fn from_process() -> Env {
        Env {
            go: GoEnv::from_process(),
        }
    }

    /// The folder of goxide's cache, if one can be named.
    pub fn cache_dir(&self) -> Option<PathBuf> {
        self.go.cache_dir()
    }

    /// Names and values, sorted by name. Does not download anything.
    pub fn describe(&self) -> Vec<(String, String)> {
        let path = |p: Option<PathBuf>| p.map(|p| p.display().to_string()).unwrap_or_default();
        let sdk = Sdk::find_installed(&self.go);
        let mut all = vec![
            ("CGO_ENABLED", "0".to_string()),
            ("GOARCH", "amd64".to_string()),
            ("GOENV", path(self.go.env_file())),
            ("GOMODCACHE", path(self.go.gomodcache())),
            ("GOOS", "linux".to_string()),
            ("GOPATH", path(self.go.gopath())),
            ("GOPROXY", self.go.goproxy().to_string()),
            ("GOROOT", path(sdk.as_ref().map(|s| s.root.clone()))),
            ("GOVERSION", sdk.map(|s| s.version).unwrap_or_default()),
            ("GOXIDE_CACHE", path(self.cache_dir())),
            (
                "GOXIDE_SDK",
                self.go.get("GOXIDE_SDK").unwrap_or_default().to_string(),
            ),
            ("GOXIDE_VERSION", env!("CARGO_PKG_VERSION").to_string()),
        ];
        all.sort();
        all.into_iter()
            .map(|(name, value)| (name.to_string(), value))
            .collect()
    }
}
