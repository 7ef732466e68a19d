//! Files of this machine as readers see them.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;

use galvanome_readers::{Files, Limits, Member, Source, Together};
use sha2::{Digest, Sha256};

use crate::Error;

/// A file read by position. Its length is the one it had when it was opened.
#[derive(Debug)]
pub struct FileSource {
    file: File,
    len: u64,
}

impl FileSource {
    /// Opens a file. Errors when it is not there or may not be read.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        let len = file.metadata().map_err(|error| Error::io(path, error))?.len();
        Ok(Self { file, len })
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(into, offset)
    }
}

/// A file of a folder with very many: it is opened anew for each read, since a process may hold few files open.
#[derive(Debug)]
struct ClosedFile {
    path: PathBuf,
    len: u64,
}

impl Source for ClosedFile {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        File::open(&self.path)?.read_at(into, offset)
    }
}

/// Files of a folder that are kept open at most.
const OPEN_MAX: usize = 256;

/// How much is taken from a file that somebody waits for: as usual, with every core of this machine.
pub(crate) fn limits() -> Limits {
    Limits { threads: available_parallelism().map_or(1, usize::from), ..Limits::default() }
}

/// A file, or a folder with the files below it, as one set. Errors when it cannot be opened.
pub fn open(path: &Path) -> Result<Files, Error> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    if !path.is_dir() {
        let one = FileSource::open(path)?;
        return Ok(side_by_side(path, &name).unwrap_or_else(|| Files::one(&name, one)));
    }
    let found = walk(path)?;
    let many = found.len() > OPEN_MAX;
    let mut members = Vec::with_capacity(found.len());
    for (inside, file) in found {
        let source: Arc<dyn Source> = if many {
            let len = std::fs::metadata(&file).map_err(|error| Error::io(&file, error))?.len();
            Arc::new(ClosedFile { path: file, len })
        } else {
            Arc::new(FileSource::open(&file)?)
        };
        members.push(Member { name: inside, source });
    }
    Ok(Files::several(Together::Folder, &name, members))
}

/// What the parts of a Neware test are called that lie side by side as `NAME.ndc`, `NAME_step.ndc` and so on.
const NDC_PARTS: [&str; 5] = ["_runInfo", "_step", "_log", "_es", "_AUX"];

/// The files that a test consists of, where one of them alone says little. None when the file stands for itself.
fn side_by_side(path: &Path, name: &str) -> Option<Files> {
    let stem = name.strip_suffix(".ndc")?;
    let test = NDC_PARTS.iter().find_map(|part| stem.find(part).and_then(|at| stem.get(..at)));
    let test = test.unwrap_or(stem);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut members = Vec::new();
    for entry in std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()? {
        let Ok(Ok(found)) = entry.map(|entry| entry.file_name().into_string()) else { continue };
        let part = found.strip_suffix(".ndc").and_then(|stem| stem.strip_prefix(test));
        let belongs = part.is_some_and(|part| {
            part.is_empty() || NDC_PARTS.iter().any(|known| part.starts_with(known))
        });
        if belongs && let Ok(source) = FileSource::open(&path.with_file_name(&found)) {
            members.push(Member { name: found, source: Arc::new(source) });
        }
    }
    members.sort_by(|a, b| a.name.cmp(&b.name));
    (members.len() > 1).then(|| Files::several(Together::Folder, name, members))
}

/// Hidden files that say what the others beside them are: those of Zarr 2.
const SAYING: [&str; 3] = [".zarray", ".zattrs", ".zgroup"];

/// Every file below a folder, with its path inside it written with `/`, sorted. Links are not followed,
/// and hidden files (`.DS_Store`) are passed over, but for those of Zarr arrays.
/// Errors when a folder cannot be read or a name is not text.
pub fn walk(folder: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), folder.to_path_buf())];
    while let Some((prefix, folder)) = open.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| Error::io(&folder, error))? {
            let entry = entry.map_err(|error| Error::io(&folder, error))?;
            let name = entry.file_name().into_string().map_err(|name| {
                Error::Wrong(format!(
                    "{}: the name {} is not UTF-8 text; rename the file",
                    folder.display(),
                    name.display()
                ))
            })?;
            if name.starts_with('.') && !SAYING.contains(&name.as_str()) {
                continue;
            }
            let inside = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            let kind = entry.file_type().map_err(|error| Error::io(entry.path(), error))?;
            if kind.is_dir() {
                open.push((inside, entry.path()));
            } else if kind.is_file() {
                found.push((inside, entry.path()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The SHA-256 of a file; of several the SHA-256 of theirs in order. Equal only for files with the same bytes,
/// whatever they are called.
pub fn fingerprint(files: &Files) -> io::Result<[u8; 32]> {
    let mut each = Vec::with_capacity(files.members().len());
    let mut buffer = vec![0; 1 << 18];
    for member in files.members() {
        let (mut hash, mut offset) = (Sha256::new(), 0);
        loop {
            let read = member.source.read_at(offset, &mut buffer)?;
            if read == 0 {
                break;
            }
            hash.update(buffer.get(..read).unwrap_or_default());
            offset += read as u64;
        }
        each.push(hash.finalize());
    }
    match each.as_slice() {
        [one] => Ok((*one).into()),
        all => {
            let mut hash = Sha256::new();
            for one in all {
                hash.update(one);
            }
            Ok(hash.finalize().into())
        }
    }
}
