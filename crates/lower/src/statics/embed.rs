//! `//go:embed`: variables that hold files.

use super::Image;
use crate::mono::{RKind, RType};
use crate::program::Lower;
use goxide_base::FxHashMap;
use goxide_ir::{DataReloc, DataSection, SymId};
use goxide_syntax::ast::{Decl, Directive};
use goxide_types::{Basic, ObjId, PkgId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file that a pattern means.
#[derive(Clone, Debug)]
pub struct EmbedFile {
    /// Its path below the package's folder, with slashes.
    pub name: String,
    /// Its contents.
    pub text: Arc<[u8]>,
}

/// By package, the files of each pattern as it is written in directives.
pub type Embeds = FxHashMap<PkgId, FxHashMap<String, Vec<EmbedFile>>>;

/// The patterns of directives: words, or Go strings.
fn patterns(directives: &[Directive]) -> Vec<String> {
    let mut list = Vec::new();
    for d in directives.iter().filter(|d| d.verb() == "go:embed") {
        let mut rest = d.args().trim();
        while let Some(first) = rest.chars().next() {
            let (pattern, after) = match first {
                '"' | '`' => match rest[1..].split_once(first) {
                    Some((inside, after)) => (inside, after),
                    None => (&rest[1..], ""),
                },
                _ => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
            };
            list.push(pattern.to_owned());
            rest = after.trim_start();
        }
    }
    list
}

impl Lower<'_> {
    /// The initial value of a variable with a directive.
    pub(super) fn embedded_image(&mut self, var: ObjId, ty: RType) -> Option<Image> {
        let pkg = self.prog.obj(var).pkg?;
        let files = self.embedded_files(pkg, var)?;
        let elem = match self.under_kind(ty) {
            RKind::Basic(Basic::String) => return self.one_file(&files, false),
            RKind::Slice(elem) => elem,
            _ => return Some(self.file_system(&files)),
        };
        debug_assert_eq!(self.layout(elem).size, 1);
        self.one_file(&files, true)
    }

    fn embedded_files(&self, pkg: PkgId, var: ObjId) -> Option<BTreeMap<String, Arc<[u8]>>> {
        let by_pattern = self.embeds.get(&pkg)?;
        let package = self.prog.pkg(pkg);
        let decls = self.files[pkg].iter().flat_map(|f| f.decls.iter());
        let mut specs = decls.flat_map(|d| match d {
            Decl::Var(group) => group.specs.as_slice(),
            _ => &[],
        });
        let spec = specs.find(|s| {
            s.names
                .iter()
                .any(|n| package.info.def_of(n.id) == Some(var))
        })?;
        let patterns = patterns(&spec.directives);
        if patterns.is_empty() {
            return None;
        }
        let files = patterns.iter().filter_map(|p| by_pattern.get(p)).flatten();
        Some(files.map(|f| (f.name.clone(), f.text.clone())).collect())
    }

    /// A string or slice of bytes.
    fn one_file(&mut self, files: &BTreeMap<String, Arc<[u8]>>, writable: bool) -> Option<Image> {
        let text = files.values().next()?;
        let mut image = Image::default();
        let sym = match writable {
            true => {
                let sym = self.fresh_data_sym("go:embed");
                let size = text.len() as u64;
                self.add_data(
                    sym,
                    DataSection::NoPointers,
                    1,
                    text.to_vec(),
                    size,
                    Vec::new(),
                );
                sym
            }
            false => self.string_data(text),
        };
        put_header(&mut image, sym, text.len(), writable);
        Some(image)
    }

    /// An `embed.FS`: a pointer to a slice of {name, data, hash}, sorted by folder, then name;
    /// folders are in it, with a slash at the end.
    fn file_system(&mut self, files: &BTreeMap<String, Arc<[u8]>>) -> Image {
        let mut entries: BTreeMap<PathKey, (String, Arc<[u8]>)> = BTreeMap::new();
        for (name, text) in files {
            entries.insert(split(name), (name.clone(), text.clone()));
            let mut rest = name.as_str();
            while let Some((folder, _)) = rest.rsplit_once('/') {
                entries.insert(split(folder), (format!("{folder}/"), Arc::from([])));
                rest = folder;
            }
        }
        let mut list = Image::default();
        for (name, text) in entries.values() {
            let at = list.bytes.len() as u64;
            for part in [name.as_bytes(), text] {
                if !part.is_empty() {
                    let sym = self.string_data(part);
                    list.relocs
                        .push(DataReloc::Abs64(list.bytes.len() as u64, sym, 0));
                }
                list.bytes.extend([0; 8]);
                list.bytes.extend((part.len() as u64).to_le_bytes());
            }
            // The hash only has to differ where contents do: it is not looked at otherwise.
            list.bytes.extend([0; 16]);
            debug_assert_eq!(list.bytes.len() as u64 - at, 48);
        }
        let array = self.fresh_data_sym("go:embed");
        let size = list.bytes.len() as u64;
        self.add_data(
            array,
            DataSection::ReadOnly,
            8,
            list.bytes,
            size,
            list.relocs,
        );
        let header = self.fresh_data_sym("go:embed");
        let mut slice = Image::default();
        put_header(&mut slice, array, entries.len(), true);
        self.add_data(
            header,
            DataSection::ReadOnly,
            8,
            slice.bytes,
            24,
            slice.relocs,
        );
        Image {
            bytes: vec![0; 8],
            relocs: vec![DataReloc::Abs64(0, header, 0)],
        }
    }
}

/// Folder and last element of a path: what an `embed.FS` is sorted by.
type PathKey = (String, String);

fn split(name: &str) -> PathKey {
    match name.rsplit_once('/') {
        Some((folder, last)) => (folder.into(), last.into()),
        None => (".".into(), name.into()),
    }
}

/// Pointer, length and, for a slice, capacity.
fn put_header(image: &mut Image, sym: SymId, n: usize, cap: bool) {
    if n > 0 {
        image.relocs.push(DataReloc::Abs64(0, sym, 0));
    }
    image.bytes.extend([0; 8]);
    for _ in 0..if cap { 2 } else { 1 } {
        image.bytes.extend((n as u64).to_le_bytes());
    }
}
