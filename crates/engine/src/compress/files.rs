//! Pictures from files into files: the command line, and “Save copies”.

use super::makers::{self, Made};
use crate::engine::run_blocking;
use futures::{StreamExt as _, stream};
use picferry_core::compress::CompressResult;
use picferry_core::images::{ImageOptions, PictureNote};
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use picferry_imaging::{Cancel, Limits};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// What all pictures that are worked on at the same time may need together, in MB.
const MEMORY: u32 = 2048;

/// Files to be made smaller.
#[derive(Debug, Clone)]
pub struct FileBatch {
    /// The files, in the order of the results.
    pub inputs: Vec<PathBuf>,
    /// What happens to them.
    pub options: ImageOptions,
    /// Where the results go.
    pub folder: PathBuf,
    /// Results of an earlier run may be replaced; an input never is.
    pub overwrite: bool,
    /// Larger files are refused.
    pub max_file_bytes: u64,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq)]
pub struct FileMade {
    /// Where it is.
    pub output: PathBuf,
    /// What it is.
    pub format: PictureFormat,
    /// Size of the input.
    pub bytes_in: u64,
    /// Size of the result.
    pub bytes_out: u64,
    /// How much it looks like the input, where that was measured.
    pub score: Option<f32>,
    /// What was done to it, or why not.
    pub notes: Vec<PictureNote>,
}

/// What every format makes of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileTrial {
    /// Size of the input.
    pub bytes_in: u64,
    /// Its format.
    pub format: PictureFormat,
    /// One for each format, in the order of the image engine. Their files are not written.
    pub results: Vec<CompressResult>,
}

/// Makes files smaller, several at the same time; `done` hears of each as it ends. One that fails
/// fails alone.
pub async fn compress_files(
    batch: FileBatch,
    cancel: &Cancel,
    done: &(dyn Fn(usize, &Result<FileMade>) + Send + Sync),
) -> Vec<Result<FileMade>> {
    let gate = Gate::new();
    let taken = Arc::new(Taken::of(&batch.inputs));
    let (batch, gate) = (&batch, &gate);
    let work = batch.inputs.iter().enumerate().map(|(index, input)| {
        let (input, taken, cancel) = (input.clone(), taken.clone(), cancel.clone());
        async move {
            let made = match gate.read(&input, batch.max_file_bytes).await {
                Err(error) => Err(error),
                Ok((bytes, _place)) => {
                    let (options, folder) = (batch.options.clone(), batch.folder.clone());
                    let overwrite = batch.overwrite;
                    run_blocking(move || {
                        let name = file_name(&input);
                        let bytes_in = bytes.len() as u64;
                        let options = crate::images::prepare_options(options, &name)?;
                        let made = makers::one(bytes, &options, "", &cancel)?;
                        let output = taken.write(&folder, &input, &made, overwrite)?;
                        Ok(FileMade {
                            output,
                            format: made.info.format,
                            bytes_in,
                            bytes_out: made.bytes.len() as u64,
                            score: made.score,
                            notes: made.notes,
                        })
                    })
                    .await
                }
            };
            done(index, &made);
            made
        }
    });
    stream::iter(work).buffered(cores()).collect().await
}

/// What every format would make of a file; nothing is written.
///
/// # Errors
/// What is wrong with the file, or `cancelled`.
pub async fn try_file(
    input: &Path,
    options: ImageOptions,
    max_file_bytes: u64,
    cancel: &Cancel,
) -> Result<FileTrial> {
    let (bytes, _place) = Gate::new().read(input, max_file_bytes).await?;
    let (name, cancel) = (file_name(input), cancel.clone());
    run_blocking(move || {
        let format = picferry_imaging::inspect(&bytes)?.format;
        let bytes_in = bytes.len() as u64;
        let options = crate::images::prepare_options(options, &name)?;
        let results = Mutex::new(Vec::new());
        makers::all(&bytes, &options, &cancel, &|made| {
            results.lock().unwrap_or_else(PoisonError::into_inner).push(made.result(String::new()));
            Ok(())
        })?;
        let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(FileTrial { bytes_in, format, results })
    })
    .await
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_else(|| OsStr::new("picture")).to_string_lossy().into_owned()
}

/// Lets in as many pictures as there is memory for; a very large one goes alone.
struct Gate(Arc<Semaphore>);

impl Gate {
    fn new() -> Self {
        Self(Arc::new(Semaphore::new(MEMORY as usize)))
    }

    /// Reads a file and takes the memory that its picture will need.
    async fn read(
        &self,
        input: &Path,
        limit: u64,
    ) -> Result<(bytes::Bytes, Option<tokio::sync::OwnedSemaphorePermit>)> {
        let (path, shown) = (input.to_owned(), input.display().to_string());
        let bytes = run_blocking(move || crate::acquire::read_file(&path, &shown, limit)).await?;
        let info = picferry_imaging::inspect(&bytes)?;
        let pixels = u64::from(info.width.unwrap_or(0)) * u64::from(info.height.unwrap_or(0));
        // Whether it is made smaller before the dear steps is not known here.
        let need = Limits::estimate(pixels, pixels).div_ceil(1_000_000);
        let need = u32::try_from(need).unwrap_or(MEMORY).min(MEMORY);
        Ok((bytes, self.0.clone().acquire_many_owned(need).await.ok()))
    }
}

/// The files that must not be written over: the inputs, and what this run wrote.
pub(super) struct Taken {
    inputs: HashSet<PathBuf>,
    written: Mutex<HashSet<PathBuf>>,
}

impl Taken {
    pub fn of(inputs: &[PathBuf]) -> Self {
        let inputs = inputs.iter().filter_map(|input| input.canonicalize().ok()).collect();
        Self { inputs, written: Mutex::default() }
    }

    /// Writes a result under the input's name with the extension of its true type.
    fn write(&self, folder: &Path, input: &Path, made: &Made, overwrite: bool) -> Result<PathBuf> {
        let path = folder.join(output_name(input, made.info.format));
        if path.canonicalize().is_ok_and(|path| self.inputs.contains(&path)) {
            return Err(Error::new(
                ErrorCode::KeyExists,
                format!("{} is one of the inputs, which are never written over.", path.display()),
            )
            .hint("Choose another folder."));
        }
        // Two inputs of the same name must not become one file, whatever may be overwritten.
        let is_new = self.written.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
        if !is_new {
            return Err(Error::new(
                ErrorCode::KeyExists,
                format!("Another input already became {}.", path.display()),
            )
            .hint("Give them different names, or use another folder for one of them."));
        }
        match write_new(&path, &made.bytes, overwrite) {
            Ok(true) => Ok(path),
            Ok(false) => Err(Error::new(ErrorCode::KeyExists, format!("{} exists already.", path.display()))
                .hint("Use --overwrite to replace it, or choose another folder.")),
            Err(error) => Err(Error::from_io(&format!("{} cannot be written", path.display()), &error)),
        }
    }
}

/// The input's name with the extension of what it became.
fn output_name(input: &Path, format: PictureFormat) -> PathBuf {
    let given = input.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let says_it = match format {
        PictureFormat::Jpeg => matches!(given.as_deref(), Some("jpg" | "jpeg")),
        PictureFormat::Tiff => matches!(given.as_deref(), Some("tif" | "tiff")),
        other => given.as_deref() == Some(other.extension()),
    };
    let name = Path::new(input.file_name().unwrap_or_else(|| OsStr::new("picture")));
    if says_it { name.to_owned() } else { name.with_extension(format.extension()) }
}

/// Writes a file whole or not at all; `false` when there is one and it may not be replaced.
pub(super) fn write_new(path: &Path, bytes: &[u8], overwrite: bool) -> std::io::Result<bool> {
    if overwrite {
        return crate::spool::write_whole(path, bytes).map(|()| true);
    }
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    readable_by_others(file.path())?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

/// A temporary file is its owner's alone; a picture that was saved is a file like any other.
fn readable_by_others(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// A name in the folder that nothing has: `name.webp`, then `name-1.webp` …
pub(super) fn free_names(folder: &Path, name: &str, format: PictureFormat) -> impl Iterator<Item = PathBuf> {
    let wanted = folder.join(output_name(Path::new(name), format));
    let stem = wanted.file_stem().unwrap_or_else(|| OsStr::new("picture")).to_string_lossy().into_owned();
    let extension = wanted.extension().unwrap_or_default().to_string_lossy().into_owned();
    let folder = folder.to_owned();
    std::iter::once(wanted)
        .chain((1..10_000).map(move |number| folder.join(format!("{stem}-{number}.{extension}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_is_that_of_the_true_type() {
        let name = |input: &str, format| output_name(Path::new(input), format).display().to_string();
        assert_eq!(name("/a/harbour.jpg", PictureFormat::Webp), "harbour.webp");
        assert_eq!(name("harbour.JPEG", PictureFormat::Jpeg), "harbour.JPEG");
        assert_eq!(name("wrong.png", PictureFormat::Jpeg), "wrong.jpg");
        assert_eq!(name("no extension", PictureFormat::Png), "no extension.png");
        assert_eq!(name("a.b.tif", PictureFormat::Tiff), "a.b.tif");
    }

    #[test]
    fn nothing_that_exists_is_written_over_unless_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.webp");
        assert!(write_new(&path, b"first", false).unwrap());
        assert!(!write_new(&path, b"second", false).unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert!(write_new(&path, b"third", true).unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"third");
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let names: Vec<String> = free_names(Path::new("/x"), "a.png", PictureFormat::Webp)
            .take(3)
            .map(|path| path.display().to_string())
            .collect();
        assert_eq!(names, ["/x/a.webp", "/x/a-1.webp", "/x/a-2.webp"]);
    }
}
