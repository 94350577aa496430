//! The operations, over objects in memory.

use super::answers::{Answer, escaped};
use super::{Addressing, Call, Conditional, DeleteMany, Flaws};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use md5::{Digest as _, Md5};
use std::collections::BTreeMap;

/// An object as it is stored.
#[derive(Debug, Clone)]
pub struct StoredObject {
    /// The content.
    pub body: Bytes,
    /// As sent.
    pub content_type: String,
    /// As sent.
    pub cache_control: Option<String>,
    /// As sent.
    pub acl: Option<String>,
    /// As sent.
    pub storage_class: Option<String>,
    /// Without quotes.
    pub etag: String,
}

struct Upload {
    key: String,
    description: StoredObject,
    parts: BTreeMap<u32, Bytes>,
}

#[derive(Default)]
pub(super) struct Objects {
    stored: BTreeMap<String, StoredObject>,
    uploads: BTreeMap<String, Upload>,
    begun: u32,
    accepted: BTreeMap<String, usize>,
}

impl Objects {
    pub(super) fn get(&self, key: &str) -> Option<&StoredObject> {
        self.stored.get(key)
    }

    pub(super) fn all(&self) -> BTreeMap<String, StoredObject> {
        self.stored.clone()
    }

    pub(super) fn accepted(&self) -> BTreeMap<String, usize> {
        self.accepted.clone()
    }

    /// Lays an object there without a request.
    pub(super) fn remove(&mut self, key: &str) {
        self.stored.remove(key);
    }

    pub(super) fn lay(&mut self, key: &str, body: &[u8]) {
        let object = StoredObject {
            body: Bytes::copy_from_slice(body),
            content_type: "image/png".to_owned(),
            cache_control: None,
            acl: None,
            storage_class: None,
            etag: hex::encode(Md5::digest(body)),
        };
        self.stored.insert(key.to_owned(), object);
    }

    fn accept(&mut self, key: &str, object: StoredObject) {
        *self.accepted.entry(key.to_owned()).or_default() += 1;
        self.stored.insert(key.to_owned(), object);
    }

    pub(super) fn keys(&self) -> Vec<String> {
        self.stored.keys().cloned().collect()
    }

    pub(super) fn open_uploads(&self) -> usize {
        self.uploads.len()
    }
}

/// Does what the request asks for.
pub(super) fn perform(call: &Call, signed: bool, flaws: &Flaws, objects: &mut Objects) -> Answer {
    let method = call.method.as_str();
    if flaws.put_only && !matches!(method, "PUT" | "GET") {
        return Answer::page(405, "Method not allowed");
    }
    if !signed {
        return anonymous(call, flaws, objects);
    }
    let denied = || Answer::error(403, "AccessDenied", "Access Denied");
    match (method, call.key.is_empty()) {
        ("GET", true) if flaws.no_list => denied(),
        ("GET", true) if call.query("list-type").is_some() => list(call, objects),
        ("GET" | "HEAD", false) if flaws.no_read => denied(),
        ("GET" | "HEAD", false) => read(call, objects),
        ("PUT", false) if call.query("partNumber").is_some() => part(call, flaws, objects),
        ("PUT", false) => put(call, flaws, objects),
        ("DELETE", false) if call.query("uploadId").is_some() => abort(call, objects),
        ("POST" | "DELETE", _)
            if flaws.no_delete && (method == "DELETE" || call.query("delete").is_some()) =>
        {
            denied()
        }
        ("DELETE", false) => {
            objects.stored.remove(&call.key);
            Answer::status(204)
        }
        ("POST", true) if call.query("delete").is_some() => delete_many(call, flaws, objects),
        ("POST", false) if call.query("uploads").is_some() => begin(call, objects),
        ("POST", false) if call.query("uploadId").is_some() => complete(call, flaws, objects),
        _ => Answer::error(
            501,
            "NotImplemented",
            "A header you provided implies functionality that is not implemented.",
        ),
    }
}

fn anonymous(call: &Call, flaws: &Flaws, objects: &Objects) -> Answer {
    if !matches!(call.method.as_str(), "GET" | "HEAD") || flaws.private || call.key.is_empty() {
        return Answer::error(403, "AccessDenied", "Access Denied");
    }
    let answer = read(call, objects);
    if flaws.force_download {
        return answer.with("x-oss-force-download", "true").with("content-disposition", "attachment");
    }
    answer
}

fn read(call: &Call, objects: &Objects) -> Answer {
    let Some(object) = objects.stored.get(&call.key) else {
        return Answer::error(404, "NoSuchKey", "The specified key does not exist.");
    };
    let mut answer =
        Answer::status(200).with("content-type", &object.content_type).with("etag", quoted(&object.etag));
    if let Some(cache_control) = &object.cache_control {
        answer = answer.with("cache-control", cache_control);
    }
    if call.method == "HEAD" {
        answer = answer.with("content-length", object.body.len().to_string());
    } else {
        answer.body = object.body.clone();
    }
    answer
}

fn list(call: &Call, objects: &Objects) -> Answer {
    let prefix = call.query("prefix").unwrap_or_default();
    let most = call.query("max-keys").and_then(|count| count.parse().ok()).unwrap_or(1000);
    let found = objects.stored.iter().filter(|(key, _)| key.starts_with(prefix)).take(most);
    let entries: String = found
        .map(|(key, object)| {
            format!("<Contents><Key>{}</Key><Size>{}</Size></Contents>", escaped(key), object.body.len())
        })
        .collect();
    Answer::xml(&format!("<ListBucketResult><Name>{}</Name>{entries}</ListBucketResult>", call.bucket))
}

fn put(call: &Call, flaws: &Flaws, objects: &mut Objects) -> Answer {
    if let Some(refusal) = taken(call, flaws, objects) {
        return refusal;
    }
    let mut object = described(call);
    object.body = call.body.clone();
    object.etag = hex::encode(Md5::digest(&call.body));
    if flaws.corrupt > 0 {
        let mut bytes = object.body.to_vec();
        bytes.resize(bytes.len() + flaws.corrupt, b'\n');
        object.body = bytes.into();
    }
    let etag = quoted(&object.etag);
    objects.accept(&call.key, object);
    if flaws.addressing == Addressing::Bare {
        return Answer::page(200, "ok");
    }
    Answer::status(200).with("etag", etag)
}

fn described(call: &Call) -> StoredObject {
    let header = |name: &str| call.seen.header(name).map(str::to_owned);
    StoredObject {
        body: Bytes::new(),
        content_type: header("content-type").unwrap_or_default(),
        cache_control: header("cache-control"),
        acl: header("x-amz-acl"),
        storage_class: header("x-amz-storage-class"),
        etag: String::new(),
    }
}

/// Refuses to replace, if the request asks for that and the store knows how.
fn taken(call: &Call, flaws: &Flaws, objects: &Objects) -> Option<Answer> {
    let exists = objects.stored.contains_key(&call.key);
    let standard = call.seen.header("if-none-match") == Some("*");
    let oss = call.seen.header("x-oss-forbid-overwrite") == Some("true");
    match flaws.conditional {
        Conditional::Honoured if standard && exists => Some(Answer::error(
            412,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold",
        )),
        Conditional::OssHeader if oss && exists => Some(Answer::error(
            409,
            "FileAlreadyExists",
            "The object you specified already exists and can not be overwritten.",
        )),
        Conditional::Refused | Conditional::OssHeader if standard => Some(Answer::error(
            501,
            "NotImplemented",
            "A header you provided implies functionality that is not implemented.",
        )),
        _ => None,
    }
}

fn begin(call: &Call, objects: &mut Objects) -> Answer {
    objects.begun += 1;
    let id = format!("upload-{}", objects.begun);
    let upload = Upload { key: call.key.clone(), description: described(call), parts: BTreeMap::new() };
    objects.uploads.insert(id.clone(), upload);
    Answer::xml(&format!(
        "<InitiateMultipartUploadResult><Bucket>{}</Bucket><Key>{}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>",
        call.bucket,
        escaped(&call.key),
    ))
}

fn no_such_upload() -> Answer {
    Answer::error(404, "NoSuchUpload", "The specified upload does not exist.")
}

fn part(call: &Call, flaws: &Flaws, objects: &mut Objects) -> Answer {
    let number = call.query("partNumber").and_then(|number| number.parse().ok()).unwrap_or(0);
    if flaws.broken_part == Some(number) {
        return Answer::error(500, "InternalError", "We encountered an internal error. Please try again.");
    }
    let Some(upload) = objects.uploads.get_mut(call.query("uploadId").unwrap_or_default()) else {
        return no_such_upload();
    };
    upload.parts.insert(number, call.body.clone());
    Answer::status(200).with("etag", quoted(&hex::encode(Md5::digest(&call.body))))
}

fn abort(call: &Call, objects: &mut Objects) -> Answer {
    match objects.uploads.remove(call.query("uploadId").unwrap_or_default()) {
        Some(_) => Answer::status(204),
        None => no_such_upload(),
    }
}

/// Parts must be equal but for the last, at least 5 MiB, and named as they were answered.
fn complete(call: &Call, flaws: &Flaws, objects: &mut Objects) -> Answer {
    if let Some(refusal) = taken(call, flaws, objects) {
        return refusal;
    }
    let id = call.query("uploadId").unwrap_or_default();
    let Some(upload) = objects.uploads.get(id).filter(|upload| upload.key == call.key) else {
        return no_such_upload();
    };
    let sizes: Vec<usize> = upload.parts.values().map(Bytes::len).collect();
    let (last, others) = sizes.split_last().unwrap_or((&0, &[]));
    let equal = others.windows(2).all(|pair| pair[0] == pair[1]) && others.iter().all(|size| size >= last);
    if !equal || others.iter().any(|size| *size < 5 * 1024 * 1024) {
        return Answer::error(400, "InvalidPart", "All non-trailing parts must have the same length.");
    }
    let text = String::from_utf8_lossy(&call.body).into_owned();
    let named = upload.parts.values().all(|part| text.contains(&hex::encode(Md5::digest(part))));
    if !named || text.matches("<PartNumber>").count() != upload.parts.len() {
        return Answer::error(400, "InvalidPart", "One or more of the specified parts could not be found.");
    }
    let mut object = upload.description.clone();
    object.body = upload.parts.values().map(Bytes::as_ref).collect::<Vec<&[u8]>>().concat().into();
    let digests: Vec<u8> = upload.parts.values().flat_map(|part| Md5::digest(part).to_vec()).collect();
    object.etag = format!("{}-{}", hex::encode(Md5::digest(digests)), upload.parts.len());
    let etag = quoted(&object.etag);
    objects.uploads.remove(id);
    objects.accept(&call.key, object);
    Answer::xml(&format!(
        "<CompleteMultipartUploadResult><ETag>{etag}</ETag></CompleteMultipartUploadResult>"
    ))
}

fn delete_many(call: &Call, flaws: &Flaws, objects: &mut Objects) -> Answer {
    match flaws.delete_many {
        DeleteMany::Works => {}
        DeleteMany::NotImplemented => {
            return Answer::error(501, "NotImplemented", "DeleteObjects not implemented");
        }
        DeleteMany::NotAllowed => {
            return Answer::error(
                405,
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
            );
        }
        DeleteMany::Page => return Answer::page(200, "<html>welcome</html>"),
    }
    let digest = STANDARD.encode(Md5::digest(&call.body));
    match call.seen.header("content-md5") {
        None => {
            let message = "Missing required header for this request: Content-MD5.";
            return Answer::error(400, "InvalidRequest", message);
        }
        Some(said) if said != digest => {
            return Answer::error(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
        }
        Some(_) => {}
    }
    let text = String::from_utf8_lossy(&call.body).into_owned();
    let keys: Vec<String> = text
        .split("<Key>")
        .skip(1)
        .filter_map(|part| part.split("</Key>").next())
        .map(|key| {
            key.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&amp;", "&")
        })
        .collect();
    if keys.len() > 1000 {
        return Answer::error(400, "MalformedXML", "The XML you provided was not well-formed.");
    }
    let mut errors = String::new();
    for key in keys {
        if key.starts_with("locked/") {
            errors.push_str(&format!(
                "<Error><Key>{}</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
                escaped(&key)
            ));
        } else {
            objects.stored.remove(&key);
        }
    }
    Answer::xml(&format!("<DeleteResult>{errors}</DeleteResult>"))
}

fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}
