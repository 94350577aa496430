//! The engine's side: what the app does with one picture, and with many.

use super::cost::{measure, peak_memory};
use super::{Failure, text};
use bytes::Bytes;
use picferry_core::images::{
    Aim, Effort, FormatRule, ImageOptions, PngRule, TargetFormat, WebpRule, WhenImpossible,
};
use picferry_imaging::{Cancel, Limits, PrepareOptions, Prepared, prepare, thumbnail};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// The engine with the files that were read, so that no disk is measured.
#[derive(Default)]
pub struct Engine {
    files: HashMap<String, Bytes>,
}

impl Engine {
    /// One picture by one recipe.
    pub fn run(&mut self, request: &Value) -> Result<Value, Failure> {
        let bytes = self.read(text(request, "input")?)?;
        let options = options(&request["recipe"])?;
        let (prepared, mut answer) = measure(|| run(bytes, &options))?;
        keep(request, &prepared.bytes)?;
        answer["bytes"] = json!(prepared.bytes.len());
        answer["format"] = json!(format!("{:?}", prepared.info.format));
        Ok(answer)
    }

    /// The small picture of the gallery.
    pub fn thumbnail(&mut self, request: &Value) -> Result<Value, Failure> {
        let bytes = self.read(text(request, "input")?)?;
        let (small, mut answer) = measure(|| thumbnail(&bytes, &Limits::default()).map_err(plain))?;
        let small = small.ok_or("no thumbnail of this format")?;
        keep(request, &small.bytes)?;
        answer["bytes"] = json!(small.bytes.len());
        Ok(answer)
    }

    /// All pictures of `list` on `threads` threads, one picture to a thread at a time.
    pub fn batch(&mut self, request: &Value) -> Result<Value, Failure> {
        let list = request["list"].as_array().ok_or("no list")?;
        let mut work = Vec::new();
        for one in list {
            work.push((self.read(text(one, "input")?)?, options(&one["recipe"])?));
        }
        let threads = request["threads"].as_u64().unwrap_or(2);
        let (next, total) = (AtomicUsize::new(0), AtomicU64::new(0));
        let failed: Mutex<Option<String>> = Mutex::new(None);
        let each = || {
            while let Some((bytes, options)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                match run(bytes.clone(), options) {
                    Ok(prepared) => {
                        total.fetch_add(prepared.bytes.len() as u64, Ordering::Relaxed);
                    }
                    Err(failure) => {
                        let mut failed = failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                        *failed = Some(failure.to_string());
                    }
                }
            }
        };
        let ((), mut answer) = measure(|| {
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(each);
                }
            });
            Ok(())
        })?;
        if let Some(failure) = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
            return Err(failure.into());
        }
        answer["bytes"] = json!(total.into_inner());
        Ok(answer)
    }

    /// The most memory this process had, after one picture; meant for a process that did nothing else.
    pub fn peak(&mut self, request: &Value) -> Result<Value, Failure> {
        let bytes = self.read(text(request, "input")?)?;
        let before = peak_memory()?;
        let prepared = run(bytes, &options(&request["recipe"])?)?;
        Ok(json!({ "before": before, "peak": peak_memory()?, "bytes": prepared.bytes.len() }))
    }

    fn read(&mut self, path: &str) -> Result<Bytes, Failure> {
        if let Some(bytes) = self.files.get(path) {
            return Ok(bytes.clone());
        }
        let bytes = Bytes::from(std::fs::read(path)?);
        self.files.insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

fn run(bytes: Bytes, options: &PrepareOptions) -> Result<Prepared, Failure> {
    prepare(bytes, options, &Cancel::new()).map_err(plain)
}

fn keep(request: &Value, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(output) = request["output"].as_str() {
        std::fs::write(output, bytes)?;
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn plain(error: Box<picferry_core::Error>) -> Failure {
    error.to_string().into()
}

/// What a recipe asks for. Fields: `edge` (pixels of the longer side), `format` (jpeg, png, webp, avif,
/// automatic), `quality` (the encoder's) or `look` (the score to reach), `png`, `webp`, `effort`.
fn options(recipe: &Value) -> Result<PrepareOptions, Failure> {
    let aim = match (recipe["quality"].as_u64(), recipe["look"].as_f64()) {
        (Some(quality), _) => Aim::EncoderQuality(u8::try_from(quality)?),
        (None, Some(score)) => Aim::Look(score.to_string().parse()?),
        (None, None) => Aim::default(),
    };
    let mut images = ImageOptions {
        format: format(text(recipe, "format")?)?,
        aim,
        when_impossible: WhenImpossible::Refuse,
        ..ImageOptions::default()
    };
    if images.format != FormatRule::Automatic {
        // What is compared with others is always the new file.
        images.least_saving = 0.0;
    }
    images.resize.long_edge = recipe["edge"].as_u64().map(u32::try_from).transpose()?;
    if recipe["effort"] == "small" {
        images.effort = Effort::Small;
    }
    if recipe["png"] == "palette" {
        images.png = PngRule::Palette;
    }
    if recipe["webp"] == "lossy" {
        images.webp = WebpRule::Lossy;
    }
    Ok(PrepareOptions { images, ..PrepareOptions::default() })
}

fn format(name: &str) -> Result<FormatRule, Failure> {
    Ok(FormatRule::To(match name {
        "automatic" => return Ok(FormatRule::Automatic),
        "jpeg" => TargetFormat::Jpeg,
        "png" => TargetFormat::Png,
        "webp" => TargetFormat::Webp,
        "avif" => TargetFormat::Avif,
        other => return Err(format!("no such format: {other}").into()),
    }))
}
