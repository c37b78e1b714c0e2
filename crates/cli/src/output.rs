//! Files are written whole or not at all.
//!
//! Every output is first written to a temporary file in the folder of its target and flushed to
//! the disk; only when *all* outputs of a command lie there complete does the first one get its
//! name. So a full disk, a lost connection to a network folder, or a kill leaves the old files
//! as they were (and, after a kill, at most a stray `.enmusubi-*.tmp`, which may be deleted).
//!
//! An existing file is not overwritten without `--force`. That is asked twice: before the
//! computation starts ([`Outputs::plan`]), so that nobody waits in vain, and by the renaming
//! itself, which refuses to replace a file that has appeared since.

use crate::exit::{Exit, Failure};
use crate::language::Words;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// The outputs of one command.
#[derive(Debug)]
pub struct Outputs {
    force: bool,
    planned: Vec<PathBuf>,
}

/// An output that may be staged: its target passed every check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned(usize);

/// Outputs that lie complete in their folders under temporary names.
#[derive(Debug)]
pub struct Staged<'a> {
    outputs: &'a Outputs,
    files: Vec<(PathBuf, NamedTempFile)>,
}

/// What went wrong with an output file.
#[derive(Debug)]
pub struct OutputError {
    /// The file.
    pub path: PathBuf,
    /// What.
    pub kind: OutputErrorKind,
    /// Files of the same command that already have their names (only where the very last step
    /// failed).
    pub written: Vec<PathBuf>,
}

/// Kinds of [`OutputError`].
#[derive(Debug)]
pub enum OutputErrorKind {
    /// The target exists and `--force` was not given.
    Exists,
    /// The target is also an input (or an input reached by another name).
    IsInput(PathBuf),
    /// Two outputs have the same target.
    Twice,
    /// The folder is missing.
    NoFolder(PathBuf),
    /// The folder cannot be made.
    Folder(io::Error),
    /// The target is a folder or a device.
    NotAFile,
    /// The folder does not let us create a file.
    Create(io::Error),
    /// Writing or flushing failed (disk full …).
    Write(io::Error),
    /// The complete file could not get its name.
    Rename(io::Error),
}

impl Outputs {
    /// No outputs yet.
    pub fn new(force: bool) -> Self {
        Self {
            force,
            planned: Vec::new(),
        }
    }

    /// Checks, before anything is computed, that a file can be written at `path`.
    ///
    /// # Errors
    /// [`OutputError`] for everything that can be known now: it exists, it is an input, its
    /// folder is missing or not writable.
    pub fn plan(&mut self, path: &Path, inputs: &[&Path]) -> Result<Planned, OutputError> {
        let fail = |kind| OutputError {
            path: path.to_owned(),
            kind,
            written: Vec::new(),
        };
        // Renaming over a symbolic link would replace the link; people mean the file behind it.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let identity = identity(&target);
        if let Some(input) = inputs.iter().find(|i| self::identity(i) == identity) {
            return Err(fail(OutputErrorKind::IsInput((*input).to_owned())));
        }
        if self.planned.iter().any(|p| self::identity(p) == identity) {
            return Err(fail(OutputErrorKind::Twice));
        }
        match fs::metadata(&target) {
            Ok(meta) if !meta.is_file() => return Err(fail(OutputErrorKind::NotAFile)),
            Ok(_) if !self.force => return Err(fail(OutputErrorKind::Exists)),
            _ => {}
        }
        if target.file_name().is_none() {
            return Err(fail(OutputErrorKind::NotAFile));
        }
        let folder = folder_of(&target);
        if !folder.is_dir() {
            return Err(fail(OutputErrorKind::NoFolder(folder.to_owned())));
        }
        // Asking for permission by doing it: mode bits do not tell about network folders,
        // read-only file systems or access control lists.
        drop(temporary(folder).map_err(|e| fail(OutputErrorKind::Create(e)))?);
        self.planned.push(target);
        Ok(Planned(self.planned.len() - 1))
    }

    /// Makes a folder for outputs, with its parents, where it is missing.
    ///
    /// # Errors
    /// [`OutputError`] if that is not possible.
    pub fn make_folder(&self, folder: &Path) -> Result<(), OutputError> {
        fs::create_dir_all(folder).map_err(|e| OutputError {
            path: folder.to_owned(),
            kind: OutputErrorKind::Folder(e),
            written: Vec::new(),
        })
    }

    /// Writes contents to what was planned, in this order: all of them or none. Fewer contents leave the last ones planned as
    /// they are.
    ///
    /// # Errors
    /// [`OutputError`]: see [`Staged::commit`].
    pub fn write_all<'c>(
        &self,
        planned: &[Planned],
        contents: impl Iterator<Item = &'c [u8]>,
    ) -> Result<(), OutputError> {
        let mut staged = self.stage();
        for (plan, bytes) in planned.iter().zip(contents) {
            staged.write(*plan, |w| w.write_all(bytes))?;
        }
        staged.commit()
    }

    /// Begins to write. Nothing is visible before [`Staged::commit`].
    pub fn stage(&self) -> Staged<'_> {
        Staged {
            outputs: self,
            files: Vec::new(),
        }
    }
}

impl Staged<'_> {
    /// Writes one planned output completely, under a temporary name, down to the disk.
    ///
    /// # Errors
    /// [`OutputError`]; the temporary file is gone then, and every target is as it was.
    pub fn write(
        &mut self,
        planned: Planned,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        let target = &self.outputs.planned[planned.0];
        let fail = |kind| OutputError {
            path: target.clone(),
            kind,
            written: Vec::new(),
        };
        let mut file =
            temporary(folder_of(target)).map_err(|e| fail(OutputErrorKind::Create(e)))?;
        let written = (|| {
            let mut buffer = BufWriter::with_capacity(1 << 16, file.as_file_mut());
            fill(&mut buffer)?;
            buffer.flush()?;
            drop(buffer);
            // A file that replaces another keeps its permissions.
            if let Ok(old) = fs::metadata(target) {
                file.as_file().set_permissions(old.permissions())?;
            }
            file.as_file().sync_all()
        })();
        written.map_err(|e| fail(OutputErrorKind::Write(e)))?;
        self.files.push((target.clone(), file));
        Ok(())
    }

    /// Gives all files their names.
    ///
    /// # Errors
    /// [`OutputError`]; outputs that had got their names are taken back where nothing was
    /// replaced by them, and named in the error otherwise.
    pub fn commit(self) -> Result<(), OutputError> {
        let force = self.outputs.force;
        let mut written: Vec<PathBuf> = Vec::new();
        let mut folders: Vec<PathBuf> = Vec::new();
        for (target, file) in self.files {
            let renamed = if force {
                file.persist(&target)
            } else {
                file.persist_noclobber(&target)
            };
            if let Err(e) = renamed {
                // Without --force whatever has a name by now is new and ours: take it back, so
                // that the command has either all its outputs or none.
                if !force {
                    written.retain(|p| fs::remove_file(p).is_err());
                }
                let kind = if e.error.kind() == io::ErrorKind::AlreadyExists {
                    OutputErrorKind::Exists
                } else {
                    OutputErrorKind::Rename(e.error)
                };
                return Err(OutputError {
                    path: target,
                    kind,
                    written,
                });
            }
            let folder = folder_of(&target).to_owned();
            if !folders.contains(&folder) {
                folders.push(folder);
            }
            written.push(target);
        }
        // The names too must survive a power cut. Some file systems cannot flush a folder; the
        // files are complete in any case, so that is not an error.
        for folder in folders {
            if let Ok(handle) = fs::File::open(folder) {
                let _ = handle.sync_all();
            }
        }
        Ok(())
    }
}

impl OutputError {
    /// What to tell the user.
    pub fn failure(&self, words: &Words) -> Failure {
        let path = self.path.display();
        let key = |key, detail: &dyn std::fmt::Display| {
            words.say(key, &[("path", &path), ("detail", detail)])
        };
        let (message, hint) = match &self.kind {
            OutputErrorKind::Exists => (key("output.exists", &""), key("output.exists_hint", &"")),
            OutputErrorKind::IsInput(i) => (
                key("output.is_input", &i.display()),
                key("output.is_input_hint", &""),
            ),
            OutputErrorKind::Twice => (key("output.twice", &""), key("output.is_input_hint", &"")),
            OutputErrorKind::NoFolder(f) => (
                key("output.no_folder", &f.display()),
                key("output.no_folder_hint", &f.display()),
            ),
            OutputErrorKind::Folder(e) => (
                key("output.folder", &os_words(words, e)),
                key("output.create_hint", &""),
            ),
            OutputErrorKind::NotAFile => (
                key("output.not_a_file", &""),
                key("output.is_input_hint", &""),
            ),
            OutputErrorKind::Create(e) => (
                key("output.create", &os_words(words, e)),
                key("output.create_hint", &""),
            ),
            OutputErrorKind::Write(e) => (
                key("output.write", &os_words(words, e)),
                key("output.write_hint", &""),
            ),
            OutputErrorKind::Rename(e) => (
                key("output.rename", &os_words(words, e)),
                key("output.create_hint", &""),
            ),
        };
        let failure = Failure::new(Exit::NotWritten, message).hint(hint);
        if self.written.is_empty() {
            failure.note(words.say("output.intact", &[]))
        } else {
            let list: Vec<String> = self
                .written
                .iter()
                .map(|p| p.display().to_string())
                .collect();
            failure.note(words.say("output.partly", &[("files", &list.join(", "))]))
        }
    }
}

/// The operating system's reason, in words where it is a common one.
pub fn os_words(words: &Words, error: &io::Error) -> String {
    let key = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "os.full",
        io::ErrorKind::PermissionDenied => "os.denied",
        io::ErrorKind::ReadOnlyFilesystem => "os.read_only",
        io::ErrorKind::NotFound => "os.not_found",
        io::ErrorKind::FileTooLarge => "os.too_large",
        _ => return error.to_string(),
    };
    words.say(key, &[])
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    }
}

/// A path that two names of one file share: canonical where the file exists, else the canonical
/// folder and the name.
fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| {
        let folder =
            fs::canonicalize(folder_of(path)).unwrap_or_else(|_| folder_of(path).to_owned());
        path.file_name().map_or(folder.clone(), |n| folder.join(n))
    })
}

fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".enmusubi-").suffix(".tmp");
    // Like any file the user makes (masked by the umask), not 0600: a section shares its folder.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Lang;
    use std::process::Command;
    use tempfile::TempDir;

    fn write_all(outputs: &Outputs, content: &[(Planned, &[u8])]) -> Result<(), OutputError> {
        let mut staged = outputs.stage();
        for (planned, bytes) in content {
            staged.write(*planned, |w| w.write_all(bytes))?;
        }
        staged.commit()
    }

    fn names(dir: &TempDir) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn writes_all_outputs_and_leaves_nothing_else() {
        let dir = TempDir::new().unwrap();
        let mut outputs = Outputs::new(false);
        let a = outputs.plan(&dir.path().join("a.csv"), &[]).unwrap();
        let b = outputs.plan(&dir.path().join("b.json"), &[]).unwrap();
        assert_eq!(
            names(&dir),
            Vec::<String>::new(),
            "planning leaves no trace"
        );
        write_all(&outputs, &[(a, b"A"), (b, b"B")]).unwrap();
        assert_eq!(names(&dir), ["a.csv", "b.json"]);
        assert_eq!(fs::read(dir.path().join("b.json")).unwrap(), b"B");
    }

    #[test]
    fn existing_file_needs_force() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        let error = Outputs::new(false).plan(&path, &[]).unwrap_err();
        assert!(matches!(error.kind, OutputErrorKind::Exists));
        assert_eq!(error.failure(&Words::of(Lang::Ja)).exit, Exit::NotWritten);
        let mut outputs = Outputs::new(true);
        let a = outputs.plan(&path, &[]).unwrap();
        write_all(&outputs, &[(a, b"new")]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_not_replaced_and_nothing_else_is_left() {
        let dir = TempDir::new().unwrap();
        let mut outputs = Outputs::new(false);
        let a = outputs.plan(&dir.path().join("a.csv"), &[]).unwrap();
        let b = outputs.plan(&dir.path().join("b.json"), &[]).unwrap();
        fs::write(dir.path().join("b.json"), "somebody else's").unwrap();
        let error = write_all(&outputs, &[(a, b"A"), (b, b"B")]).unwrap_err();
        assert!(matches!(error.kind, OutputErrorKind::Exists));
        assert!(error.written.is_empty());
        assert_eq!(names(&dir), ["b.json"]);
        assert_eq!(
            fs::read(dir.path().join("b.json")).unwrap(),
            b"somebody else's"
        );
    }

    #[test]
    fn a_failing_writer_leaves_the_old_file() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        let mut outputs = Outputs::new(true);
        let a = outputs.plan(&path, &[]).unwrap();
        let error = outputs
            .stage()
            .write(a, |w| {
                w.write_all(&vec![b'x'; 1 << 20])?;
                Err(io::ErrorKind::StorageFull.into())
            })
            .unwrap_err();
        assert!(matches!(error.kind, OutputErrorKind::Write(_)));
        assert_eq!(names(&dir), ["a.csv"]);
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    #[test]
    fn inputs_and_twins_are_refused_by_any_name() {
        let dir = TempDir::new().unwrap();
        let input = dir.path().join("in.csv");
        fs::write(&input, "in").unwrap();
        let roundabout = dir.path().join(".").join("in.csv");
        let mut outputs = Outputs::new(true);
        assert!(matches!(
            outputs.plan(&roundabout, &[&input]).unwrap_err().kind,
            OutputErrorKind::IsInput(_)
        ));
        #[cfg(unix)]
        {
            let link = dir.path().join("link.csv");
            std::os::unix::fs::symlink(&input, &link).unwrap();
            assert!(matches!(
                outputs.plan(&link, &[&input]).unwrap_err().kind,
                OutputErrorKind::IsInput(_)
            ));
        }
        outputs
            .plan(&dir.path().join("new.csv"), &[&input])
            .unwrap();
        assert!(matches!(
            outputs
                .plan(&dir.path().join(".").join("new.csv"), &[])
                .unwrap_err()
                .kind,
            OutputErrorKind::Twice
        ));
    }

    #[test]
    fn missing_folder_folder_and_device_are_refused_before_anything_is_computed() {
        let dir = TempDir::new().unwrap();
        let mut outputs = Outputs::new(true);
        let kind = |e: OutputError| format!("{:?}", e.kind);
        assert!(
            kind(outputs.plan(&dir.path().join("no/a.csv"), &[]).unwrap_err()).contains("NoFolder")
        );
        assert_eq!(kind(outputs.plan(dir.path(), &[]).unwrap_err()), "NotAFile");
        #[cfg(unix)]
        assert_eq!(
            kind(outputs.plan(Path::new("/dev/full"), &[]).unwrap_err()),
            "NotAFile"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let dir = TempDir::new().unwrap();
        let (file, link) = (dir.path().join("real.csv"), dir.path().join("link.csv"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mut outputs = Outputs::new(true);
        let a = outputs.plan(&link, &[]).unwrap();
        write_all(&outputs, &[(a, b"new")]).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }

    /// A real full disk where the test may mount one (root), as in the project's own container.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_leaves_the_old_file() {
        let dir = TempDir::new().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
            .arg(dir.path())
            .output()
            .is_ok_and(|o| o.status.success());
        if !mounted {
            eprintln!(
                "not allowed to mount a small disk here; tests/files.rs limits file size instead"
            );
            return;
        }
        let outcome = std::panic::catch_unwind(|| {
            let path = dir.path().join("a.csv");
            fs::write(&path, "old").unwrap();
            let mut outputs = Outputs::new(true);
            let a = outputs.plan(&path, &[]).unwrap();
            let error = write_all(&outputs, &[(a, &vec![b'x'; 1 << 20])]).unwrap_err();
            let text = error
                .failure(&Words::of(Lang::Ja))
                .text(&Words::of(Lang::Ja));
            assert!(text.contains("ディスクの空きがありません"), "{text}");
            assert_eq!(fs::read(&path).unwrap(), b"old");
            assert_eq!(names(&dir), ["a.csv"]);
        });
        Command::new("umount").arg(dir.path()).status().unwrap();
        outcome.unwrap();
    }
}
