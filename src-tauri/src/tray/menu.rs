//! What the tray shows, as data: the same on every system.

use crate::words::Language;
use picferry_core::crossing::{Crossing, CrossingPhase};
#[cfg(any(test, not(target_os = "linux")))]
use std::mem::discriminant;
use std::sync::Arc;

/// The longest name in the menu, in characters.
const LONGEST_NAME: usize = 40;

/// A state of the icon and of the line at the top of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrayState {
    /// Nothing is under way.
    #[default]
    Ready,
    /// Pictures are on their way.
    Busy {
        /// The picture that is on its way, counted from 1.
        number: u32,
        /// Pictures of the running batches.
        total: u32,
        /// Seconds until the end, where that is known.
        seconds_left: Option<u32>,
    },
    /// The person stopped so many pictures.
    Paused(u32),
    /// So many pictures wait for the network.
    Offline(u32),
    /// So many pictures failed or ask something.
    Problem(u32),
}

/// The three icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// A picture in its frame.
    Ready,
    /// An arrow in the frame.
    Busy,
    /// A mark in the frame: somebody is needed.
    Problem,
}

impl TrayState {
    /// The state that a crossing gives the tray. Old failures are told only while nothing moves.
    pub fn of(crossing: &Crossing) -> Self {
        let total = u32::try_from(crossing.jobs.len()).unwrap_or(u32::MAX);
        let open = total.saturating_sub(crossing.ended);
        match crossing.phase {
            CrossingPhase::Uploading => Self::Busy {
                number: (crossing.ended + 1).min(total),
                total,
                seconds_left: crossing.seconds_left,
            },
            CrossingPhase::Paused => Self::Paused(open),
            CrossingPhase::Offline => Self::Offline(open),
            CrossingPhase::Ready | CrossingPhase::Done | CrossingPhase::Failed => match crossing.need_you {
                0 => Self::Ready,
                count => Self::Problem(count),
            },
        }
    }

    /// The icon of this state.
    pub fn face(self) -> Face {
        match self {
            Self::Busy { .. } => Face::Busy,
            Self::Problem(_) => Face::Problem,
            Self::Ready | Self::Paused(_) | Self::Offline(_) => Face::Ready,
        }
    }
}

/// A picture whose link can be copied again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// The row of the history.
    pub id: i64,
    /// The file name.
    pub name: String,
    /// The picture in small, as PNG.
    pub icon: Option<Arc<[u8]>>,
}

/// Everything the tray shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrayModel {
    /// The language of the words.
    pub language: Language,
    /// How things stand.
    pub state: TrayState,
    /// The latest pictures, newest first.
    pub recents: Vec<Recent>,
    /// Id and name of every profile, in the person's order.
    pub profiles: Vec<(String, String)>,
    /// The id of the profile that uploads go to.
    pub default_profile: String,
    /// Name and label of every link format.
    pub formats: Vec<(String, String)>,
    /// The name of the format that links are copied in.
    pub format: String,
    /// Whether the drop window is open.
    pub drop_window: bool,
    /// Whether watched folders are looked at; nothing where there are none.
    pub watches_folders: Option<bool>,
    /// Whether the engine is open: without it there is only a window to show.
    pub usable: bool,
}

/// What an entry does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayAction {
    /// Stops everything that moves.
    Pause,
    /// Goes on with everything that was stopped.
    Resume,
    /// Uploads what is on the clipboard.
    UploadClipboard,
    /// Asks for files and uploads them.
    UploadFiles,
    /// Photographs a part of the screen and uploads it.
    UploadScreenshot,
    /// Looks at watched folders, or no longer.
    WatchFolders(bool),
    /// Shows the drop window, or puts it away.
    DropWindow,
    /// Copies the link of that row.
    CopyLink(i64),
    /// Makes that profile the one that uploads go to.
    UseProfile(String),
    /// Makes that format the one that links are copied in.
    UseFormat(String),
    /// Brings up the window.
    Show,
    /// Brings up the window with what needs the person.
    ShowTransfers,
    /// Brings up the window with the settings.
    Settings,
    /// Ends the program.
    Quit,
}

/// One line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayEntry {
    /// Words that do something, or, without an action, only say something; perhaps with a PNG.
    Item { label: String, icon: Option<Arc<[u8]>>, action: Option<TrayAction> },
    /// Words that are on or off; choosing them turns that around.
    Tick { label: String, is_on: bool, action: TrayAction },
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
            TrayState::Busy { number, total, seconds_left } => {
                self.language.uploading(number, total, seconds_left)
            }
            TrayState::Paused(count) => self.language.paused(count),
            TrayState::Offline(count) => self.language.offline(count),
            TrayState::Problem(count) => self.language.needs_you(count),
        }
    }

    /// Whether it shows the same as another but for the words of the line about how things stand.
    #[cfg(any(test, not(target_os = "linux")))]
    pub fn differs_in_its_line_only(&self, other: &Self) -> bool {
        discriminant(&self.state) == discriminant(&other.state)
            && *self == Self { state: self.state, ..other.clone() }
    }

    /// The menu: in this order, whatever is missing of it.
    pub fn entries(&self) -> Vec<TrayEntry> {
        let language = self.language;
        let doors = vec![
            item(language.upload_clipboard(), TrayAction::UploadClipboard),
            item(language.upload_files(), TrayAction::UploadFiles),
            item(language.upload_screenshot(), TrayAction::UploadScreenshot),
            TrayEntry::Tick {
                label: language.drop_window(),
                is_on: self.drop_window,
                action: TrayAction::DropWindow,
            },
        ];
        let choices = vec![self.profile_choice(), self.format_choice(), self.watch_tick()];
        let ways_out = vec![
            Some(item(language.open(), TrayAction::Show)),
            self.usable.then(|| item(language.settings(), TrayAction::Settings)),
            Some(item(language.quit(), TrayAction::Quit)),
        ];
        let groups = [
            self.state_entries(),
            if self.usable { doors } else { Vec::new() },
            self.recent_entries(),
            choices.into_iter().flatten().collect(),
            ways_out.into_iter().flatten().collect(),
        ];
        let mut entries = Vec::new();
        for group in groups.into_iter().filter(|group| !group.is_empty()) {
            if !entries.is_empty() {
                entries.push(TrayEntry::Separator);
            }
            entries.extend(group);
        }
        entries
    }

    /// How things stand, and what can be done about it.
    fn state_entries(&self) -> Vec<TrayEntry> {
        let says = || words(self.status());
        let (pause, resume) = (self.language.pause(), self.language.resume());
        match self.state {
            TrayState::Ready => Vec::new(),
            TrayState::Busy { .. } => vec![says(), item(pause, TrayAction::Pause)],
            TrayState::Paused(_) => vec![says(), item(resume, TrayAction::Resume)],
            TrayState::Offline(_) => vec![says(), item(pause, TrayAction::Pause)],
            TrayState::Problem(_) => vec![item(self.status(), TrayAction::ShowTransfers)],
        }
    }

    fn recent_entries(&self) -> Vec<TrayEntry> {
        if self.recents.is_empty() {
            return Vec::new();
        }
        let format = chosen(&self.formats, &self.format).unwrap_or(&self.format);
        let heading = words(self.language.recent(format));
        let recents = self.recents.iter().map(|recent| TrayEntry::Item {
            label: shortened(&recent.name),
            icon: recent.icon.clone(),
            action: Some(TrayAction::CopyLink(recent.id)),
        });
        std::iter::once(heading).chain(recents).collect()
    }

    fn profile_choice(&self) -> Option<TrayEntry> {
        let name = shortened(chosen(&self.profiles, &self.default_profile)?);
        let label = self.language.destination(&name);
        choice(label, &self.profiles, &self.default_profile, TrayAction::UseProfile)
    }

    fn watch_tick(&self) -> Option<TrayEntry> {
        let is_on = self.watches_folders?;
        let (label, action) = (self.language.watch_folders(), TrayAction::WatchFolders(!is_on));
        Some(TrayEntry::Tick { label, is_on, action })
    }

    fn format_choice(&self) -> Option<TrayEntry> {
        let name = shortened(chosen(&self.formats, &self.format)?);
        choice(self.language.copy_as(&name), &self.formats, &self.format, TrayAction::UseFormat)
    }
}

/// The label of the one that is chosen.
fn chosen<'a>(options: &'a [(String, String)], id: &str) -> Option<&'a str> {
    options.iter().find(|(other, _)| other == id).map(|(_, label)| label.as_str())
}

fn choice(
    label: String,
    options: &[(String, String)],
    id: &str,
    action: impl Fn(String) -> TrayAction,
) -> Option<TrayEntry> {
    let selected = options.iter().position(|(other, _)| other == id)?;
    let options = options.iter().map(|(id, label)| (shortened(label), action(id.clone()))).collect();
    Some(TrayEntry::Choice { label, selected, options })
}

fn item(label: String, action: TrayAction) -> TrayEntry {
    TrayEntry::Item { label, icon: None, action: Some(action) }
}

fn words(label: String) -> TrayEntry {
    TrayEntry::Item { label, icon: None, action: None }
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
mod tests;
