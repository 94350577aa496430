//! The arguments of `picferry watch`.

use super::JsonArguments;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum WatchCommand {
    /// List the watched folders and how they stand
    List(JsonArguments),
    /// Watch a folder; what is in it now is left alone
    Add(WatchAddArguments),
    /// Watch a folder no more; its files stay
    Remove(WatchRemoveArguments),
    /// Watch no folder for now
    Pause,
    /// Watch them again, and send what came meanwhile
    Resume,
}

const WHO_WATCHES: &str = "\
Folders are watched while the app or `picferry serve` runs. Hidden and unfinished files, links and
what is no picture are left alone.";

#[derive(Args)]
#[command(after_help = WHO_WATCHES)]
pub struct WatchAddArguments {
    /// The folder
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// The profile its pictures go to [default: the default profile]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Only files that one of these patterns fits: "*.png, shots/*.jpg"
    #[arg(long, value_name = "PATTERNS", default_value = "", hide_default_value = true)]
    pub only: String,
    /// No file that one of these patterns fits
    #[arg(long, value_name = "PATTERNS", default_value = "", hide_default_value = true)]
    pub leave_out: String,
    /// Not what lies in folders inside it
    #[arg(long)]
    pub no_subfolders: bool,
    /// How long a file must not have changed before it is sent
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    pub wait: u32,
    /// Move the files of stored pictures to this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "trash")]
    pub move_to: Option<PathBuf>,
    /// Put the files of stored pictures into the trash
    #[arg(long)]
    pub trash: bool,
    /// How new files are noticed
    #[arg(long, value_name = "HOW", default_value = "automatic")]
    pub noticing: NoticingArgument,
    /// Send what is in the folder now, too
    #[arg(long)]
    pub existing: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// How new files are noticed.
#[derive(Clone, Copy, ValueEnum)]
pub enum NoticingArgument {
    /// The system tells; folders of a network are looked through
    Automatic,
    /// The folder is looked through every few seconds
    Polling,
}

#[derive(Args)]
pub struct WatchRemoveArguments {
    /// The folder, or its id
    #[arg(value_name = "FOLDER")]
    pub folder: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
