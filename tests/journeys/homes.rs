//! A home that is damaged, newer, read-only or full: a clear message, and nothing lost.

use picferry_core::ErrorCode;
use picferry_core::job::JobState;
use picferry_core::upload::HistoryFilter;
use picferry_engine::{Engine, EngineOptions, Paths, Role};
use picferry_tests::home::{Home, bytes};
use picferry_tests::pictures;
use std::path::Path;

async fn open(folder: &Path) -> picferry_core::Result<std::sync::Arc<Engine>> {
    let mut options = EngineOptions::from_environment(Role::Cli)?;
    options.paths = Paths::in_folder(folder);
    options.secrets =
        Some(std::sync::Arc::new(picferry_engine::FileSecrets::new(options.paths.secrets_file())));
    Engine::open(options).await
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_settings_are_set_aside_and_the_profiles_come_back() {
    let home = Home::new().await;
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).await.unwrap();
    first
        .change_settings(|settings| {
            settings.links.format = "html".into();
            Ok(())
        })
        .await
        .unwrap();
    first.close().await;
    std::fs::write(folder.path().join("settings.json"), "{\"profiles\": [{").unwrap();
    let again = open(folder.path()).await.unwrap();
    assert!(again.profile("local").is_ok());
    let notices = again.notices();
    assert_eq!(notices[0].error.code, ErrorCode::SettingsDamaged);
    let kept = notices[0].error.params["file"].clone();
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "{\"profiles\": [{");
    drop(home);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_history_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.sqlite");
    std::fs::write(&file, vec![0x55; 8192]).unwrap();
    let error = open(folder.path()).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::DatabaseDamaged, "{error:?}");
    assert!(error.hint.is_some());
    assert_eq!(std::fs::read(&file).unwrap(), vec![0x55; 8192]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_of_a_newer_picferry_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).await.unwrap().close().await;
    let file = folder.path().join("history.sqlite");
    let database = rusqlite::Connection::open(&file).unwrap();
    database.pragma_update(None, "user_version", 9999).unwrap();
    drop(database);
    let error = open(folder.path()).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::DatabaseNewer, "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_of_a_newer_picferry_are_refused_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.json"), "{\"version\": 99}").unwrap();
    let error = open(folder.path()).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::SettingsNewer);
    assert_eq!(std::fs::read_to_string(folder.path().join("settings.json")).unwrap(), "{\"version\": 99}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_cannot_be_written_is_named() {
    let error = open(Path::new("/proc/picferry-home")).await.err().unwrap();
    assert_eq!(error.code, ErrorCode::ReadOnly);
    assert!(error.message.contains("/proc/picferry-home"));
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_there_after_a_restart() {
    let home = Home::new().await;
    let local = home.engine.profile("local").unwrap();
    let jobs = home.ferry(&local, vec![bytes("a.png", pictures::png(1))]).await;
    assert_eq!(jobs[0].state, JobState::Done);
    let home = home.restart().await;
    let page = home.engine.history_page(HistoryFilter::default(), None, 10).await.unwrap();
    assert_eq!(page.rows[0].id, jobs[0].upload_id.unwrap());
}
