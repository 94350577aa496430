//! The few words that the shell says itself, in both languages: tray, notifications, dialogs.

use crate::shell::Shell;
use picferry_core::profile::LOCAL_PROFILE_ID;
use picferry_rpc::FolderPurpose;
#[cfg(target_os = "linux")]
use picferry_rpc::types::HotkeyName;
use tauri::{AppHandle, Manager as _};

/// The languages of Picferry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// The language that the settings ask for: `en`, `zh-CN`, or `system`.
    pub fn chosen(setting: &str) -> Self {
        match setting {
            "en" => Self::English,
            "zh-CN" => Self::Chinese,
            _ => Self::of_locale(&sys_locale::get_locale().unwrap_or_default()),
        }
    }

    /// The language of that app; of the system while its settings are not read.
    pub fn of(app: &AppHandle) -> Self {
        let context = app.state::<Shell>().context_now();
        Self::chosen(
            context.map_or("system".into(), |context| context.engine.settings().language.clone()).as_str(),
        )
    }

    /// The language for a locale such as `zh_CN.UTF-8` or `de-DE`.
    fn of_locale(locale: &str) -> Self {
        let language = locale.split(['-', '_', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") { Self::Chinese } else { Self::English }
    }

    /// One of two texts.
    fn pick(self, english: &str, chinese: &str) -> String {
        match self {
            Self::English => english.to_owned(),
            Self::Chinese => chinese.to_owned(),
        }
    }

    /// Tray: upload what is on the clipboard.
    pub fn upload_clipboard(self) -> String {
        self.pick("Upload the clipboard", "上传剪贴板")
    }

    /// Tray: choose files to upload.
    pub fn upload_files(self) -> String {
        self.pick("Upload files…", "上传文件…")
    }

    /// Tray: photograph a part of the screen.
    pub fn upload_screenshot(self) -> String {
        self.pick("Upload a screenshot…", "截图并上传…")
    }

    /// Tray: whether watched folders are looked at.
    pub fn watch_folders(self) -> String {
        self.pick("Watch folders", "监视文件夹")
    }

    /// Tray: whether the drop window is shown.
    pub fn drop_window(self) -> String {
        self.pick("Show the drop window", "显示悬浮窗")
    }

    /// The name of the drop window, for lists of windows and screen readers.
    pub fn drop_window_title(self) -> String {
        self.pick("Picferry drop window", "Picferry 悬浮窗")
    }

    /// The name of the card in the corner of the screen, for screen readers.
    pub fn card_title(self) -> String {
        self.pick("Picferry news", "Picferry 消息")
    }

    /// Tray: the heading of the latest links.
    pub fn recent(self, format: &str) -> String {
        match self {
            Self::English => format!("Recent, click to copy as {format}"),
            Self::Chinese => format!("最近上传，点击复制为 {format}"),
        }
    }

    /// Tray: the submenu of profiles.
    pub fn destination(self, name: &str) -> String {
        format!("{}{name}", self.pick("Destination: ", "上传到："))
    }

    /// Tray: the submenu of link formats.
    pub fn copy_as(self, format: &str) -> String {
        format!("{}{format}", self.pick("Copy as: ", "复制为："))
    }

    /// A profile's name: the built-in one is called in the reader's language until it is renamed.
    pub fn profile_name(self, id: &str, name: &str) -> String {
        const BUILT_IN_NAME: &str = "This computer";
        if id == LOCAL_PROFILE_ID && name == BUILT_IN_NAME {
            self.pick(BUILT_IN_NAME, "本机")
        } else {
            name.to_owned()
        }
    }

    /// Tray: bring up the window.
    pub fn open(self) -> String {
        self.pick("Open Picferry", "打开 Picferry")
    }

    /// Tray: bring up the window with the settings.
    pub fn settings(self) -> String {
        self.pick("Settings…", "设置…")
    }

    /// Tray: stop everything that moves.
    pub fn pause(self) -> String {
        self.pick("Pause", "暂停")
    }

    /// Tray: go on with everything that was stopped.
    pub fn resume(self) -> String {
        self.pick("Resume", "继续")
    }

    /// Tray: end the program.
    pub fn quit(self) -> String {
        self.pick("Quit", "退出")
    }

    /// Tray: nothing is under way.
    pub fn ready(self) -> String {
        self.pick("Ready", "就绪")
    }

    /// Tray: pictures on their way, and how long it takes where that is known.
    pub fn uploading(self, number: u32, total: u32, seconds_left: Option<u32>) -> String {
        let left = seconds_left.map(|seconds| self.time_left(seconds)).unwrap_or_default();
        match self {
            Self::English => format!("Uploading {number} of {total}{left}"),
            Self::Chinese => format!("正在上传 {number} / {total}{left}"),
        }
    }

    fn time_left(self, seconds: u32) -> String {
        let (count, english, chinese) =
            if seconds < 90 { (seconds.max(1), "s", "秒") } else { (seconds.div_ceil(60), "min", "分钟") };
        match self {
            Self::English => format!(", {count} {english} left"),
            Self::Chinese => format!("，剩余 {count} {chinese}"),
        }
    }

    /// Tray: pictures that were stopped.
    pub fn paused(self, count: u32) -> String {
        match self {
            Self::English if count == 1 => "1 picture paused".to_owned(),
            Self::English => format!("{count} pictures paused"),
            Self::Chinese => format!("{count} 张图片已暂停"),
        }
    }

    /// Tray: pictures that wait for the network.
    pub fn offline(self, count: u32) -> String {
        match self {
            Self::English if count == 1 => "Offline, 1 picture waits".to_owned(),
            Self::English => format!("Offline, {count} pictures wait"),
            Self::Chinese => format!("离线，{count} 张图片等待中"),
        }
    }

    /// Tray: pictures that failed or ask something.
    pub fn needs_you(self, count: u32) -> String {
        match self {
            Self::English if count == 1 => "1 picture needs you".to_owned(),
            Self::English => format!("{count} pictures need you"),
            Self::Chinese => format!("{count} 张图片需要处理"),
        }
    }

    /// Notification: how many pictures arrived.
    pub fn uploaded(self, count: usize) -> String {
        match self {
            Self::English if count == 1 => "1 picture uploaded".to_owned(),
            Self::English => format!("{count} pictures uploaded"),
            Self::Chinese => format!("已上传 {count} 张图片"),
        }
    }

    /// Notification: how many pictures did not arrive.
    pub fn failed(self, count: u32) -> String {
        match self {
            Self::English if count == 1 => "1 picture could not be uploaded".to_owned(),
            Self::English => format!("{count} pictures could not be uploaded"),
            Self::Chinese => format!("{count} 张图片上传失败"),
        }
    }

    /// Notification: where the links are.
    pub fn links_copied(self, count: usize) -> String {
        match self {
            Self::English if count == 1 => "The link is on the clipboard.".to_owned(),
            Self::English => "The links are on the clipboard.".to_owned(),
            Self::Chinese => "链接已复制到剪贴板。".to_owned(),
        }
    }

    /// Notification: what to do about failures.
    pub fn open_to_retry(self) -> String {
        self.pick("Open Picferry to see why and to retry.", "打开 Picferry 查看原因并重试。")
    }

    /// Notification: another program copied a picture.
    pub fn picture_copied(self) -> String {
        self.pick("Upload the picture on the clipboard?", "上传剪贴板中的图片？")
    }

    /// Notification: where a question is answered.
    pub fn open_to_answer(self) -> String {
        self.pick("Open Picferry to upload it.", "打开 Picferry 即可上传。")
    }

    /// What stands between two sentences.
    pub fn full_stop(self) -> String {
        self.pick(". ", "。")
    }

    /// The title of the file dialog.
    pub fn choose_pictures(self) -> String {
        self.pick("Choose pictures", "选择图片")
    }

    /// The title of the dialog for a folder.
    pub fn choose_folder(self, purpose: FolderPurpose) -> String {
        match purpose {
            FolderPurpose::SaveCopies => self.pick("Save copies in", "选择保存副本的文件夹"),
            FolderPurpose::Watch => self.pick("Choose a folder to watch", "选择要监视的文件夹"),
            FolderPurpose::MoveTo => self.pick("Move stored pictures to", "选择上传后移到的文件夹"),
            FolderPurpose::Notes => self.pick("Choose a folder with notes", "选择存放笔记的文件夹"),
            FolderPurpose::SavePictures => self.pick("Save the pictures in", "选择保存图片的文件夹"),
        }
    }

    /// The title of the dialog for a Markdown file.
    pub fn choose_note(self) -> String {
        self.pick("Choose a note", "选择笔记")
    }

    /// The file dialog's filter that shows pictures only.
    pub fn pictures(self) -> String {
        self.pick("Pictures", "图片")
    }

    /// The file dialog's filter that shows everything.
    pub fn all_files(self) -> String {
        self.pick("All files", "所有文件")
    }

    /// What a global key does, for the desktop's own list of keys.
    #[cfg(target_os = "linux")]
    pub fn hotkey_description(self, name: HotkeyName) -> String {
        match name {
            HotkeyName::UploadClipboard => self.upload_clipboard(),
            HotkeyName::DropWindow => self.drop_window(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_follows_the_settings_and_else_the_system() {
        assert_eq!(Language::chosen("zh-CN"), Language::Chinese);
        assert_eq!(Language::chosen("en"), Language::English);
        assert_eq!(Language::of_locale("zh_CN.UTF-8"), Language::Chinese);
        assert_eq!(Language::of_locale("zh-Hans-CN"), Language::Chinese);
        assert_eq!(Language::of_locale("de-DE"), Language::English);
        assert_eq!(Language::of_locale(""), Language::English);
    }

    #[test]
    fn the_built_in_profile_is_named_in_the_readers_language_until_it_is_renamed() {
        assert_eq!(Language::Chinese.profile_name("local", "This computer"), "本机");
        assert_eq!(Language::English.profile_name("local", "This computer"), "This computer");
        assert_eq!(Language::Chinese.profile_name("local", "Desk"), "Desk");
        assert_eq!(Language::Chinese.profile_name("other", "This computer"), "This computer");
    }

    #[test]
    fn one_is_not_many_in_english() {
        assert_eq!(Language::English.uploaded(1), "1 picture uploaded");
        assert_eq!(Language::English.uploaded(3), "3 pictures uploaded");
        assert_eq!(Language::Chinese.uploaded(3), "已上传 3 张图片");
    }

    #[test]
    fn the_time_left_is_said_in_seconds_and_then_in_minutes() {
        let said = |seconds| Language::English.uploading(1, 2, Some(seconds));
        assert_eq!(said(0), "Uploading 1 of 2, 1 s left");
        assert_eq!(said(89), "Uploading 1 of 2, 89 s left");
        assert_eq!(said(121), "Uploading 1 of 2, 3 min left");
        assert_eq!(Language::Chinese.uploading(1, 2, Some(5)), "正在上传 1 / 2，剩余 5 秒");
    }
}
