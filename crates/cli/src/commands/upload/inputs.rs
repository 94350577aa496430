//! What is to be uploaded: files, addresses, standard input, the clipboard.

use crate::arguments::UploadArguments;
use crate::exit::{Failure, Outcome};
use picferry_core::job::Source;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::{Engine, Incoming};
use std::ffi::OsString;
use std::path::Path;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// What a picture from standard input is called when nobody says.
const UNNAMED: &str = "stdin";

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// Every input with the word for it, in order. What is wrong with one is its own affair.
pub async fn collect(
    engine: &Engine,
    arguments: &UploadArguments,
) -> Outcome<Vec<(OsString, Result<Source>)>> {
    if arguments.clipboard {
        return of_clipboard(engine, arguments).await;
    }
    let from_input = arguments.files.iter().filter(|file| *file == "-").count();
    if from_input > 1 {
        return Err(Failure::usage(wrong("Standard input can be uploaded only once.", "files")));
    }
    let name = arguments.name.as_deref();
    if name.is_some() && arguments.files.len() > 1 {
        return Err(Failure::usage(wrong("One name does not fit several pictures.", "name")));
    }
    let mut inputs = Vec::with_capacity(arguments.files.len());
    for file in &arguments.files {
        let source = if file == "-" {
            received(engine, name.unwrap_or(UNNAMED), tokio::io::stdin()).await
        } else {
            match source(file) {
                Ok(source) => renamed(engine, source, name).await,
                Err(error) => Err(error),
            }
        };
        inputs.push((file.clone(), source));
    }
    Ok(inputs)
}

async fn of_clipboard(
    engine: &Engine,
    arguments: &UploadArguments,
) -> Outcome<Vec<(OsString, Result<Source>)>> {
    let sources = picferry_clipboard::read().await?;
    let name = arguments.name.as_deref().filter(|_| sources.len() == 1);
    let mut inputs = Vec::with_capacity(sources.len());
    for source in sources {
        let shown = match &source {
            Source::Path { path } => path.clone(),
            Source::Url { url } => url.clone(),
            Source::Bytes { name, .. } | Source::Received { name, .. } => name.clone(),
        };
        inputs.push((shown.into(), renamed(engine, source, name).await));
    }
    Ok(inputs)
}

/// The source under another name, if one is given: a copy of it, for the file keeps its own.
async fn renamed(engine: &Engine, source: Source, name: Option<&str>) -> Result<Source> {
    let Some(name) = name else { return Ok(source) };
    match source {
        Source::Path { path } => {
            engine.check_file((&path).into()).await?;
            let file = tokio::fs::File::open(&path)
                .await
                .map_err(|error| Error::from_io(&format!("{path} cannot be read"), &error))?;
            received(engine, name, file).await
        }
        Source::Bytes { bytes, .. } => Ok(Source::Bytes { name: name.to_owned(), bytes }),
        Source::Received { path, .. } => Ok(Source::Received { name: name.to_owned(), path }),
        Source::Url { .. } => Err(wrong("A picture of an address has the name that is there.", "name")),
    }
}

/// A picture that is read to its end, onto the disk.
async fn received(engine: &Engine, name: &str, mut from: impl AsyncRead + Unpin) -> Result<Source> {
    let mut incoming: Incoming = engine.receive(name.to_owned()).await?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = from
            .read(&mut piece)
            .await
            .map_err(|error| Error::from_io("The picture cannot be read", &error))?;
        if read == 0 {
            break;
        }
        incoming.write(&piece[..read]).await?;
    }
    incoming.finish().await.map(|(_, source)| source)
}

/// What an argument means: an address of the web, or a file. Paths are made absolute, because a job
/// that outlives this process goes on in another folder.
fn source(argument: &OsString) -> Result<Source> {
    let Some(text) = argument.to_str() else {
        return Err(Error::new(ErrorCode::FileUnreadable, "The file name is not valid Unicode.")
            .hint("Rename the file."));
    };
    if text.trim().is_empty() {
        return Err(Error::new(ErrorCode::FileNotFound, "A file name is empty.")
            .hint("Look at the variable or the command that should have given it."));
    }
    let lowercase = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    if lowercase.starts_with("http://") || lowercase.starts_with("https://") {
        return Ok(Source::Url { url: text.to_owned() });
    }
    let path =
        std::path::absolute(Path::new(text)).map_err(|error| Error::from_io("This is no path", &error))?;
    Ok(Source::Path { path: path.to_string_lossy().into_owned() })
}

fn wrong(message: &str, field: &str) -> Box<Error> {
    Error::new(ErrorCode::InvalidField, message).field(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_web_are_told_from_files() {
        for address in ["https://img.example.com/a.png", "HTTP://img.example.com/b.png"] {
            assert_eq!(source(&address.into()).unwrap(), Source::Url { url: address.to_owned() });
        }
        for file in ["https.png", "./http:/x", "截图.png", "ht"] {
            let Source::Path { path } = source(&file.into()).unwrap() else {
                unreachable!("{file} is a file")
            };
            assert!(Path::new(&path).is_absolute(), "{path}");
        }
    }

    #[test]
    fn an_empty_name_is_no_folder() {
        for empty in ["", " "] {
            assert_eq!(source(&empty.into()).unwrap_err().code, ErrorCode::FileNotFound);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_text_is_refused_by_itself() {
        use std::os::unix::ffi::OsStringExt as _;
        let name = OsString::from_vec(vec![b'a', 0xff, b'.', b'p', b'n', b'g']);
        assert_eq!(source(&name).unwrap_err().code, ErrorCode::FileUnreadable);
    }
}
