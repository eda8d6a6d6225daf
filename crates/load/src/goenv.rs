//! The environment as the go command sees it: process variables, then Go's own `env`
//! file, then defaults.

use goxide_base::FxHashMap;
use std::path::{Path, PathBuf};

/// Where modules come from unless the user says otherwise: the go command's default.
const DEFAULT_GOPROXY: &str = "https://proxy.golang.org,direct";

/// The settings that decide where sources are looked for.
#[derive(Clone, Debug, Default)]
pub struct GoEnv {
    vars: FxHashMap<String, String>,
    file: FxHashMap<String, String>,
}

impl GoEnv {
    /// Reads the process environment and Go's `env` file (`GOENV`, by default
    /// `go/env` in the user's configuration folder).
    pub fn from_process() -> GoEnv {
        let vars = std::env::vars_os()
            .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        GoEnv::from_vars(vars)
    }

    /// An environment of exactly these process variables.
    pub fn from_vars(vars: impl IntoIterator<Item = (String, String)>) -> GoEnv {
        let mut env = GoEnv {
            vars: vars.into_iter().collect(),
            file: FxHashMap::default(),
        };
        if let Some(path) = env.env_file()
            && let Ok(text) = std::fs::read_to_string(path)
        {
            env.file = parse_env_file(&text);
        }
        env
    }

    /// The value of a variable, if it is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let set = |map: &'_ FxHashMap<String, String>| map.get(name).is_some_and(|v| !v.is_empty());
        if set(&self.vars) {
            self.vars.get(name).map(String::as_str)
        } else if set(&self.file) {
            self.file.get(name).map(String::as_str)
        } else {
            None
        }
    }

    /// Go's `env` file, unless `GOENV=off`.
    pub fn env_file(&self) -> Option<PathBuf> {
        match self.vars.get("GOENV").map(String::as_str) {
            Some("off") => None,
            Some(path) if !path.is_empty() => Some(PathBuf::from(path)),
            _ => Some(self.config_dir()?.join("go/env")),
        }
    }

    fn config_dir(&self) -> Option<PathBuf> {
        match self.vars.get("XDG_CONFIG_HOME") {
            Some(dir) if Path::new(dir).is_absolute() => Some(PathBuf::from(dir)),
            _ => Some(self.home()?.join(".config")),
        }
    }

    fn home(&self) -> Option<PathBuf> {
        self.vars
            .get("HOME")
            .filter(|h| !h.is_empty())
            .map(PathBuf::from)
    }

    /// `GOPATH`'s first folder, by default `~/go`.
    pub fn gopath(&self) -> Option<PathBuf> {
        match self.get("GOPATH") {
            Some(list) => list.split(':').find(|p| !p.is_empty()).map(PathBuf::from),
            None => Some(self.home()?.join("go")),
        }
    }

    /// The module cache: `GOMODCACHE`, by default `GOPATH/pkg/mod`.
    pub fn gomodcache(&self) -> Option<PathBuf> {
        match self.get("GOMODCACHE") {
            Some(dir) => Some(PathBuf::from(dir)),
            None => Some(self.gopath()?.join("pkg/mod")),
        }
    }

    /// The module proxies, in Go's list form.
    pub fn goproxy(&self) -> &str {
        self.get("GOPROXY").unwrap_or(DEFAULT_GOPROXY)
    }

    /// goxide's own cache: `GOXIDE_CACHE`, by default `goxide` in the user's cache folder.
    pub fn cache_dir(&self) -> Option<PathBuf> {
        if let Some(dir) = self.get("GOXIDE_CACHE") {
            return Some(PathBuf::from(dir));
        }
        match self.vars.get("XDG_CACHE_HOME") {
            Some(dir) if Path::new(dir).is_absolute() => Some(Path::new(dir).join("goxide")),
            _ => Some(self.home()?.join(".cache/goxide")),
        }
    }

    /// The folders of `PATH`.
    pub fn path_dirs(&self) -> impl Iterator<Item = &Path> {
        let list = self.vars.get("PATH").map_or("", String::as_str);
        list.split(':').filter(|p| !p.is_empty()).map(Path::new)
    }
}

/// `KEY=VALUE` lines; others are ignored, as the go command does.
fn parse_env_file(text: &str) -> FxHashMap<String, String> {
    text.lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(vars: &[(&str, &str)]) -> GoEnv {
        GoEnv::from_vars(vars.iter().map(|(k, v)| (k.to_string(), v.to_string())))
    }

    #[test]
    fn module_cache_follows_gomodcache_gopath_home() {
        let at = |vars| env(vars).gomodcache().map(|p| p.display().to_string());
        assert_eq!(at(&[("HOME", "/h")]).as_deref(), Some("/h/go/pkg/mod"));
        assert_eq!(
            at(&[("HOME", "/h"), ("GOPATH", "/g:/k")]).as_deref(),
            Some("/g/pkg/mod")
        );
        assert_eq!(
            at(&[("GOPATH", "/g"), ("GOMODCACHE", "/m")]).as_deref(),
            Some("/m")
        );
        assert_eq!(at(&[]), None);
    }

    #[test]
    fn env_file_is_read_and_overridden() {
        let dir = std::env::temp_dir().join(format!("goxide-env-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("temp dir");
        let file = dir.join("env");
        std::fs::write(&file, "# c\nGOPROXY=off\nGOMODCACHE=/a\n").expect("write");
        let file = file.to_str().expect("utf-8");
        assert_eq!(env(&[("GOENV", file)]).goproxy(), "off");
        assert_eq!(
            env(&[("GOENV", file), ("GOPROXY", "direct")]).goproxy(),
            "direct"
        );
        assert_eq!(env(&[("GOENV", "off")]).goproxy(), DEFAULT_GOPROXY);
        std::fs::remove_dir_all(&dir).expect("clean up");
    }
}
