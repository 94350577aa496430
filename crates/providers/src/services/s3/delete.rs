//! Deletes objects: a thousand at once where the store can, one by one elsewhere.

use super::failure::{Failure, Refusal};
use super::put::cannot;
use super::refusal::{Step, into_error};
use super::session::{Line, Session};
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use futures::StreamExt as _;
use picferry_core::provider::Receipt;
use picferry_core::{Error, Result};
use std::collections::HashMap;

/// The most keys of one request.
const AT_ONCE: usize = 1000;

/// Single deletes under way at the same time.
const SINGLES: usize = 8;

/// Deletes objects; one result each, in order.
pub(super) async fn delete(line: &Line, receipts: &[Receipt]) -> Vec<Result<()>> {
    if line.config.is_put_only() {
        return receipts.iter().map(|_| Err(cannot("delete"))).collect();
    }
    if receipts.len() < 2 {
        return one_by_one(line, receipts).await;
    }
    let mut results = Vec::with_capacity(receipts.len());
    for chunk in receipts.chunks(AT_ONCE) {
        results.extend(many(line, chunk).await);
    }
    results
}

async fn many(line: &Line, receipts: &[Receipt]) -> Vec<Result<()>> {
    if line.fact("delete_many").as_deref() == Some("no") {
        return one_by_one(line, receipts).await;
    }
    let keys: Vec<String> = receipts.iter().map(|receipt| receipt.key.clone()).collect();
    let answer = line
        .run(|session| {
            let keys = keys.clone();
            Box::pin(async move { many_once(&session, keys).await })
        })
        .await;
    match answer {
        Ok(refused) => receipts.iter().map(|receipt| each(line, &refused, &receipt.key)).collect(),
        Err(failure) if cannot_many(&failure) => {
            let results = one_by_one(line, receipts).await;
            if results.iter().any(Result::is_ok) {
                line.learn("delete_many", "no");
            }
            results
        }
        Err(failure) => {
            let error = into_error(failure, Step { name: "delete", key: "" }, &line.config);
            receipts.iter().map(|_| Err(error.clone())).collect()
        }
    }
}

/// What a store answers that has no such operation: a plain refusal, or no XML at all.
fn cannot_many(failure: &Failure) -> bool {
    failure.has_status(&[400, 405, 411, 415, 501])
        || failure.refusal().is_some_and(|refusal| refusal.unreadable)
}

fn each(line: &Line, refused: &HashMap<String, Refusal>, key: &str) -> Result<()> {
    match refused.get(key) {
        None => Ok(()),
        Some(refusal) if refusal.is(&["NoSuchKey", "NoSuchVersion"]) => Ok(()),
        Some(refusal) => {
            let failure = Failure::Refused(Box::new(refusal.clone()));
            Err(into_error(failure, Step { name: "delete", key }, &line.config))
        }
    }
}

/// One request; gives the keys that were refused.
async fn many_once(
    session: &Session,
    keys: Vec<String>,
) -> std::result::Result<HashMap<String, Refusal>, Failure> {
    let mut delete = Delete::builder().quiet(true);
    for key in keys {
        let identifier = ObjectIdentifier::builder().key(key).build().map_err(unbuildable)?;
        delete = delete.objects(identifier);
    }
    let answer = session
        .client
        .delete_objects()
        .bucket(session.bucket())
        .delete(delete.build().map_err(unbuildable)?)
        .customize()
        .interceptor(session.wiring().content_md5())
        .send()
        .await
        .map_err(|error| session.failure(&error, false))?;
    let refused = answer.errors.unwrap_or_default().into_iter().map(|error| {
        let refusal = Refusal {
            status: 200,
            code: error.code.unwrap_or_default(),
            message: error.message.unwrap_or_default(),
            ..Refusal::default()
        };
        (error.key.unwrap_or_default(), refusal)
    });
    Ok(refused.collect())
}

fn unbuildable(error: aws_sdk_s3::error::BuildError) -> Failure {
    Error::new(picferry_core::ErrorCode::Internal, "The request to delete could not be made.")
        .detail(error)
        .into()
}

async fn one_by_one(line: &Line, receipts: &[Receipt]) -> Vec<Result<()>> {
    let keys: Vec<String> = receipts.iter().map(|receipt| receipt.key.clone()).collect();
    futures::stream::iter(keys.into_iter().map(|key| single(line, key))).buffered(SINGLES).collect().await
}

async fn single(line: &Line, key: String) -> Result<()> {
    let answer = line
        .run(|session| {
            let key = key.clone();
            Box::pin(async move { single_once(&session, &key).await })
        })
        .await;
    match answer {
        Ok(()) => Ok(()),
        // What is already gone counts as deleted.
        Err(failure) if failure.is_missing_object() => Ok(()),
        Err(failure) if failure.has_status(&[405, 501]) => {
            line.learn("delete", "no");
            Err(cannot("delete"))
        }
        Err(failure) => Err(into_error(failure, Step { name: "delete", key: &key }, &line.config)),
    }
}

async fn single_once(session: &Session, key: &str) -> std::result::Result<(), Failure> {
    session
        .client
        .delete_object()
        .bucket(session.bucket())
        .key(key)
        .customize()
        .interceptor(session.wiring())
        .send()
        .await
        .map_err(|error| session.failure(&error, false))?;
    Ok(())
}
