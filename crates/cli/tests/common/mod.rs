//! A folder of Go files, and the built command run in it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A temporary folder, removed when it is dropped.
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
}

impl Folder {
    /// A folder with files given by name and text.
    pub fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let path = std::env::temp_dir().join(format!("goxide-cli-{}-{name}", std::process::id()));
        let folder = Folder { path };
        // Tests run side by side: two of one name would see each other's files.
        std::fs::create_dir(&folder.path).expect("a folder of this name alone");
        files
            .iter()
            .for_each(|(name, text)| folder.write(name, text));
        folder
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }

    /// What a command line prints (both streams) and its status.
    pub fn run(&self, line: &[&str]) -> String {
        self.run_with(line, &[])
    }

    /// The same with variables.
    pub fn run_with(&self, line: &[&str], env: &[(&str, &str)]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_goxide"));
        command.args(line).current_dir(&self.path);
        command.env("GOXIDE_CACHE", self.path.join(".cache"));
        command.env("GOFLAGS", "").env("GOWORK", "off");
        command.envs(env.iter().copied());
        self.shown(&mut command)
    }

    /// What a program prints and its status; the folder's name is left out.
    pub fn shown(&self, command: &mut Command) -> String {
        let done = command.output().expect("it starts");
        let text = [done.stdout, done.stderr].concat();
        let text = String::from_utf8_lossy(&text).replace(&self.path.display().to_string(), "DIR");
        match done.status.code() {
            Some(0) => text,
            status => format!("{text}status {}\n", status.unwrap_or(-1)),
        }
    }
}

/// The names of the files in a folder, but for the cache.
pub fn names(dir: &Path) -> String {
    let entries = std::fs::read_dir(dir).expect("a folder").flatten();
    let names = entries.map(|e| e.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|n| n != ".cache").collect();
    names.sort();
    names.join(" ")
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
