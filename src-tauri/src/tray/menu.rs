//! What the tray shows, as data: the same on every system.

use crate::words::Language;

/// The longest name in the menu, in characters.
const LONGEST_NAME: usize = 40;

/// The three faces of the icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrayState {
    /// Nothing is under way.
    #[default]
    Ready,
    /// Pictures are on their way.
    Busy {
        /// Pictures of the running batches that have ended.
        done: usize,
        /// Pictures of the running batches.
        total: usize,
    },
    /// So many pictures failed or ask something.
    Problem(usize),
}

/// A picture whose link can be copied again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// The row of the history.
    pub id: i64,
    /// The file name.
    pub name: String,
}

/// Everything the tray shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrayModel {
    /// The language of the words.
    pub language: Language,
    /// The face of the icon.
    pub state: TrayState,
    /// The latest pictures, newest first.
    pub recents: Vec<Recent>,
    /// Id and name of every profile, in the person's order.
    pub profiles: Vec<(String, String)>,
    /// The id of the profile that uploads go to.
    pub default_profile: String,
    /// Whether the engine is open: without it there is only a window to show.
    pub usable: bool,
}

/// What an entry does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayAction {
    /// Uploads what is on the clipboard.
    UploadClipboard,
    /// Asks for files and uploads them.
    UploadFiles,
    /// Copies the link of that row.
    CopyLink(i64),
    /// Makes that profile the one that uploads go to.
    UseProfile(String),
    /// Brings up the window.
    Show,
    /// Ends the program.
    Quit,
}

/// One line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayEntry {
    /// Words that do something, or, without an action, only say something.
    Item { label: String, action: Option<TrayAction> },
    /// A menu in the menu.
    Menu { label: String, entries: Vec<TrayEntry> },
    /// A menu of which one is chosen.
    Choice { label: String, selected: usize, options: Vec<(String, TrayAction)> },
    /// A line.
    Separator,
}

impl TrayModel {
    /// One line about how things stand.
    pub fn status(&self) -> String {
        match self.state {
            TrayState::Ready => self.language.ready(),
            TrayState::Busy { done, total } => self.language.uploading(done, total),
            TrayState::Problem(count) => self.language.needs_you(count),
        }
    }

    /// The menu.
    pub fn entries(&self) -> Vec<TrayEntry> {
        let language = self.language;
        let mut entries = Vec::new();
        if self.state != TrayState::Ready {
            entries.extend([TrayEntry::Item { label: self.status(), action: None }, TrayEntry::Separator]);
        }
        if self.usable {
            entries.extend([
                item(language.upload_clipboard(), TrayAction::UploadClipboard),
                item(language.upload_files(), TrayAction::UploadFiles),
                TrayEntry::Separator,
                TrayEntry::Menu { label: language.recent_links(), entries: self.recent_entries() },
            ]);
            entries.extend(self.profile_choice());
            entries.push(TrayEntry::Separator);
        }
        entries.extend([item(language.show(), TrayAction::Show), item(language.quit(), TrayAction::Quit)]);
        entries
    }

    fn recent_entries(&self) -> Vec<TrayEntry> {
        if self.recents.is_empty() {
            return vec![TrayEntry::Item { label: self.language.no_links_yet(), action: None }];
        }
        self.recents
            .iter()
            .map(|recent| item(shortened(&recent.name), TrayAction::CopyLink(recent.id)))
            .collect()
    }

    fn profile_choice(&self) -> Option<TrayEntry> {
        let selected = self.profiles.iter().position(|(id, _)| *id == self.default_profile)?;
        let options = self
            .profiles
            .iter()
            .map(|(id, name)| (shortened(name), TrayAction::UseProfile(id.clone())))
            .collect();
        Some(TrayEntry::Choice { label: self.language.profile(), selected, options })
    }
}

fn item(label: String, action: TrayAction) -> TrayEntry {
    TrayEntry::Item { label, action: Some(action) }
}

/// A name that fits in a menu, its end kept because it tells files apart.
fn shortened(name: &str) -> String {
    let characters: Vec<char> = name.chars().filter(|character| !character.is_control()).collect();
    if characters.len() <= LONGEST_NAME {
        return characters.into_iter().collect();
    }
    let tail = 12;
    let head = LONGEST_NAME - tail - 1;
    characters[..head].iter().chain(&['…']).chain(&characters[characters.len() - tail..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(entries: &[TrayEntry]) -> Vec<String> {
        entries
            .iter()
            .filter_map(|entry| match entry {
                TrayEntry::Item { label, .. }
                | TrayEntry::Menu { label, .. }
                | TrayEntry::Choice { label, .. } => Some(label.clone()),
                TrayEntry::Separator => None,
            })
            .collect()
    }

    fn usable() -> TrayModel {
        TrayModel {
            usable: true,
            profiles: vec![("local".into(), "This computer".into()), ("blog".into(), "Blog".into())],
            default_profile: "blog".into(),
            ..TrayModel::default()
        }
    }

    #[test]
    fn the_menu_speaks_both_languages() {
        let english = usable();
        let chinese = TrayModel { language: Language::Chinese, ..usable() };
        assert_eq!(
            labels(&english.entries()),
            ["Upload clipboard", "Upload files…", "Recent links", "Profile", "Show Picferry", "Quit"]
        );
        assert_eq!(
            labels(&chinese.entries()),
            ["上传剪贴板", "上传文件…", "最近的链接", "上传到", "显示 Picferry", "退出"]
        );
    }

    #[test]
    fn without_an_engine_there_is_only_a_window_to_show() {
        assert_eq!(labels(&TrayModel::default().entries()), ["Show Picferry", "Quit"]);
    }

    #[test]
    fn the_profile_that_uploads_go_to_is_chosen() {
        let entries = usable().entries();
        let choice = entries.iter().find_map(|entry| match entry {
            TrayEntry::Choice { selected, options, .. } => Some((*selected, options.clone())),
            _ => None,
        });
        let (selected, options) = choice.unwrap();
        assert_eq!(options[selected], ("Blog".into(), TrayAction::UseProfile("blog".into())));
    }

    #[test]
    fn what_is_under_way_stands_first() {
        let busy = TrayModel { state: TrayState::Busy { done: 3, total: 7 }, ..usable() };
        assert_eq!(labels(&busy.entries())[0], "Uploading 3 of 7");
        let problem = TrayModel { state: TrayState::Problem(1), ..usable() };
        assert_eq!(problem.status(), "1 picture needs you");
    }

    #[test]
    fn a_long_name_keeps_its_beginning_and_its_end() {
        let name = format!("{}-last-part.png", "x".repeat(60));
        let shortened = shortened(&name);
        assert_eq!(shortened.chars().count(), LONGEST_NAME);
        assert!(shortened.ends_with("ast-part.png"), "{shortened}");
    }
}
