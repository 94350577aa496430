//! What stands in the tray's menu, in which order and in which language.

use super::*;

/// The menu as a person reads it: a line is a dash, what is chosen in a submenu has a star.
fn read(model: &TrayModel) -> Vec<String> {
    let line = |entry: TrayEntry| match entry {
        TrayEntry::Item { label, action: Some(_), .. } => label,
        TrayEntry::Item { label, action: None, .. } => format!("({label})"),
        TrayEntry::Choice { label, selected, options } => {
            let options = options.iter().enumerate().map(|(index, (label, _))| {
                if index == selected { format!("*{label}") } else { label.clone() }
            });
            format!("{label} > {}", options.collect::<Vec<_>>().join(", "))
        }
        TrayEntry::Tick { label, is_on, .. } => format!("[{}] {label}", if is_on { "x" } else { " " }),
        TrayEntry::Separator => "-".into(),
    };
    model.entries().into_iter().map(line).collect()
}

fn usable() -> TrayModel {
    let pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(id, label)| ((*id).to_owned(), (*label).to_owned())).collect()
    };
    TrayModel {
        usable: true,
        profiles: pairs(&[("local", "This computer"), ("blog", "Blog")]),
        default_profile: "blog".into(),
        formats: pairs(&[("markdown", "Markdown"), ("Wiki", "Wiki")]),
        format: "markdown".into(),
        recents: vec![Recent { id: 7, name: "boats-at-dusk.webp".into(), icon: None }],
        ..TrayModel::default()
    }
}

#[test]
fn the_menu_speaks_both_languages() {
    assert_eq!(
        read(&usable()),
        [
            "Upload the clipboard",
            "Upload files…",
            "Upload a screenshot…",
            "[ ] Show the drop window",
            "-",
            "(Recent, click to copy as Markdown)",
            "boats-at-dusk.webp",
            "-",
            "Destination: Blog > This computer, *Blog",
            "Copy as: Markdown > *Markdown, Wiki",
            "-",
            "Open Picferry",
            "Settings…",
            "Quit",
        ]
    );
    assert_eq!(
        read(&TrayModel { language: Language::Chinese, ..usable() }),
        [
            "上传剪贴板",
            "上传文件…",
            "截图并上传…",
            "[ ] 显示悬浮窗",
            "-",
            "(最近上传，点击复制为 Markdown)",
            "boats-at-dusk.webp",
            "-",
            "上传到：Blog > This computer, *Blog",
            "复制为：Markdown > *Markdown, Wiki",
            "-",
            "打开 Picferry",
            "设置…",
            "退出",
        ]
    );
}

#[test]
fn without_an_engine_there_is_only_a_window_to_show() {
    assert_eq!(read(&TrayModel::default()), ["Open Picferry", "Quit"]);
}

#[test]
fn a_tick_says_that_the_drop_window_is_open() {
    let open = TrayModel { drop_window: true, ..usable() };
    assert!(read(&open).contains(&"[x] Show the drop window".into()));
}

#[test]
fn folders_are_watched_by_a_tick_where_there_are_any() {
    assert!(!read(&usable()).iter().any(|line| line.contains("Watch folders")));
    let watching = TrayModel { watches_folders: Some(true), ..usable() };
    assert!(read(&watching).contains(&"[x] Watch folders".into()));
    let tick = |model: &TrayModel| {
        let is_tick =
            |entry: &TrayEntry| matches!(entry, TrayEntry::Tick { action: TrayAction::WatchFolders(_), .. });
        model.entries().into_iter().find(is_tick)
    };
    let label = "Watch folders".to_owned();
    let action = TrayAction::WatchFolders(false);
    assert_eq!(tick(&watching), Some(TrayEntry::Tick { label, is_on: true, action }));
}

#[test]
fn nothing_uploaded_yet_leaves_no_heading_behind() {
    let model = TrayModel { recents: Vec::new(), ..usable() };
    assert!(!read(&model).iter().any(|line| line.contains("Recent")));
}

#[test]
fn the_choices_do_what_they_say() {
    let entries = usable().entries();
    let choices: Vec<_> = entries
        .iter()
        .filter_map(|entry| match entry {
            TrayEntry::Choice { options, .. } => Some(options[1].clone()),
            _ => None,
        })
        .collect();
    assert_eq!(
        choices,
        [
            ("Blog".into(), TrayAction::UseProfile("blog".into())),
            ("Wiki".into(), TrayAction::UseFormat("Wiki".into())),
        ]
    );
}

#[test]
fn what_is_under_way_stands_first_and_can_be_paused() {
    let with = |state| read(&TrayModel { state, ..usable() })[..3].to_vec();
    let busy = TrayState::Busy { number: 3, total: 7, seconds_left: Some(12) };
    assert_eq!(with(busy), ["(Uploading 3 of 7, 12 s left)", "Pause", "-"]);
    let unknown = TrayState::Busy { number: 1, total: 1, seconds_left: None };
    assert_eq!(with(unknown), ["(Uploading 1 of 1)", "Pause", "-"]);
    assert_eq!(with(TrayState::Paused(2)), ["(2 pictures paused)", "Resume", "-"]);
    assert_eq!(with(TrayState::Offline(1)), ["(Offline, 1 picture waits)", "Pause", "-"]);
}

#[test]
fn what_needs_the_person_leads_to_the_window() {
    let model = TrayModel { state: TrayState::Problem(1), ..usable() };
    let first = model.entries().into_iter().next();
    let wanted = TrayEntry::Item {
        label: "1 picture needs you".into(),
        icon: None,
        action: Some(TrayAction::ShowTransfers),
    };
    assert_eq!(first, Some(wanted));
}

#[test]
fn the_state_follows_the_crossing() {
    let crossing = |phase, ended| Crossing {
        phase,
        ended,
        jobs: vec!["a".into(), "b".into(), "c".into()],
        need_you: 1,
        ..Crossing::default()
    };
    let state = |phase, ended| TrayState::of(&crossing(phase, ended));
    let busy = |number| TrayState::Busy { number, total: 3, seconds_left: None };
    assert_eq!(state(CrossingPhase::Uploading, 1), busy(2));
    assert_eq!(state(CrossingPhase::Uploading, 3), busy(3), "never more than there are");
    assert_eq!(state(CrossingPhase::Paused, 1), TrayState::Paused(2));
    assert_eq!(state(CrossingPhase::Ready, 0), TrayState::Problem(1));
    assert_eq!(TrayState::of(&Crossing::default()), TrayState::Ready);
}

#[test]
fn progress_alone_changes_no_more_than_a_line() {
    let busy =
        |number| TrayModel { state: TrayState::Busy { number, total: 7, seconds_left: None }, ..usable() };
    assert!(busy(2).differs_in_its_line_only(&busy(1)));
    assert!(!usable().differs_in_its_line_only(&busy(1)), "the line comes or goes");
    let other = TrayModel { default_profile: "local".into(), ..busy(2) };
    assert!(!other.differs_in_its_line_only(&busy(1)));
}

#[test]
fn a_long_name_keeps_its_beginning_and_its_end() {
    let name = format!("{}-last-part.png", "x".repeat(60));
    let shortened = shortened(&name);
    assert_eq!(shortened.chars().count(), LONGEST_NAME);
    assert!(shortened.ends_with("ast-part.png"), "{shortened}");
}
