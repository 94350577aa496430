//! The gallery: what was uploaded is there after a restart, is found, and can be deleted for good.

use crate::drag::address_of;
use crate::support::{App, Desktop, Settings, eventually, picture};

#[tokio::test]
async fn what_was_uploaded_is_found_after_a_restart_and_deleted_on_the_host() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let folder = desktop.folder.path();
    let boats = picture(folder, "boats.png", 1);
    let lake = picture(folder, "湖边.png", 2);
    app.start_again(&[boats.to_str().unwrap(), lake.to_str().unwrap()]).await;
    let links = desktop.clipboard_text_that("both links are there", |text| text.lines().count() == 2).await;
    let lake_address = address_of(links.lines().nth(1).unwrap()).to_owned();
    app.stop(page).await;

    let page = app.open().await;
    page.go("gallery").await;
    page.has(2, "gallery-item").await;
    page.is_true(
        "the thumbnails are drawn",
        "[...document.querySelectorAll('[data-testid=gallery-item] img')]\
         .filter((picture) => picture.src.startsWith('thumb://') && picture.naturalWidth > 0).length === 2",
    )
    .await;

    page.fill("gallery-search", "湖").await;
    page.has(1, "gallery-item").await;
    page.click_named("gallery-item", "湖边.png").await;
    page.click("inspector-delete").await;
    page.click("delete-mode-host").await;
    page.click("delete-confirm").await;

    eventually("the object is gone from the store", async || {
        let answer = reqwest::get(&lake_address).await.unwrap();
        (answer.status() == 404).then_some(())
    })
    .await;
    page.fill("gallery-search", " ").await;
    page.has(1, "gallery-item").await;
    assert_eq!(app.stored_files().len(), 1);
    app.stop(page).await;
}

#[tokio::test]
async fn a_link_is_copied_in_another_format() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let boats = picture(desktop.folder.path(), "boats.png", 1);
    app.start_again(&[boats.to_str().unwrap()]).await;
    let markdown = desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;

    page.go("gallery").await;
    page.click_named("gallery-item", "boats.png").await;
    page.click("inspector-link-html").await;

    let html = desktop.clipboard_text_that("the HTML is there", |text| text.starts_with("<img")).await;
    assert!(html.contains(address_of(&markdown)), "{html}");

    page.resize(760, 520).await;
    page.click("selection-copy").await;
    page.click("copy-as-bbcode").await;
    desktop.clipboard_text_that("the BBCode is there", |text| text.starts_with("[img]")).await;
    page.is_true(
        "the toast lies above the selection bar",
        "((toast, bar) => toast && bar && toast.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top)\
         (...['toast', 'selection-bar'].map((id) => document.querySelector(`[data-testid=${id}]`)))",
    )
    .await;
    app.stop(page).await;
}
