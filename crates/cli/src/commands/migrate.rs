//! `picferry migrate`: Markdown files whose pictures go to a host, or come back into a folder.

mod report;

use super::{absolute, open_engine};
use crate::arguments::MigrateArguments;
use crate::exit::{Exit, Outcome};
use crate::output;
use crate::progress::Counter;
use crate::signals::Interrupts;
use picferry_core::Result;
use picferry_core::event::Event;
use picferry_core::job::Origin;
use picferry_core::migrate::{Migration, MigrationRequest, MigrationStage};
use picferry_engine::{CancellationToken, Engine, Events, Role};
use report::{show, show_undo};
use std::sync::Arc;

/// Moves the pictures, or says what would become of them, or takes the last run back.
pub async fn run(arguments: MigrateArguments) -> Outcome {
    let request = request(&arguments)?;
    let engine = open_engine(Role::Cli).await?;
    let outcome = work(&engine, request, &arguments).await;
    engine.close().await;
    outcome
}

async fn work(engine: &Arc<Engine>, request: MigrationRequest, arguments: &MigrateArguments) -> Outcome {
    if arguments.undo {
        let undone = engine.undo_migration(&request.path).await?;
        return Ok(show_undo(&undone, arguments.json));
    }
    let migration = if arguments.dry_run {
        engine.plan_migration(request).await?
    } else {
        follow(engine, request).await?
    };
    let exit = show(&migration, arguments);
    Ok(if migration.cancelled { Exit::Interrupted } else { exit })
}

fn request(arguments: &MigrateArguments) -> Outcome<MigrationRequest> {
    Ok(MigrationRequest {
        path: absolute(&arguments.path)?,
        profile_id: arguments.profile.clone(),
        include_remote: arguments.include_remote,
        front_matter: arguments.front_matter,
        allow_outside: arguments.allow_outside,
        to_folder: arguments.to_local.as_deref().map(absolute).transpose()?,
        origin: Origin::Cli,
    })
}

/// Runs it and shows how far it is. Ctrl+C stops it after what is under way; a second one at once.
async fn follow(engine: &Arc<Engine>, request: MigrationRequest) -> Result<Migration> {
    let cancel = CancellationToken::new();
    let mut interrupts = Interrupts::new();
    let mut events = engine.subscribe();
    let counter = Counter::new(0);
    let migration = engine.migrate(request, cancel.clone());
    tokio::pin!(migration);
    let ended = loop {
        tokio::select! {
            ended = &mut migration => break ended,
            () = next_progress(&mut events, &counter) => {}
            () = interrupts.next() => {
                if cancel.is_cancelled() {
                    std::process::exit(i32::from(Exit::Interrupted.code()));
                }
                cancel.cancel();
                counter.finish();
                output::remark("Stopping; no more files are written. Press Ctrl+C again to stop at once.");
            }
        }
    };
    counter.finish();
    ended
}

async fn next_progress(events: &mut Events, counter: &Counter) {
    // After a burst that was too long to hear, the next snapshot says all.
    let Ok(Event::MigrationChanged { migration }) = events.recv().await else { return };
    match migration.stage {
        MigrationStage::Writing => counter.show(migration.files_done, migration.files),
        _ => counter.show(migration.pictures_done, migration.pictures),
    }
}
