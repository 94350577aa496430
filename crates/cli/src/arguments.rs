//! The grammar of the command line, which scripts rely on.

mod files;
mod watch;

pub use files::{CompressArguments, MigrateArguments};
pub use watch::{NoticingArgument, WatchAddArguments, WatchCommand, WatchRemoveArguments};

use crate::values::Assignment;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

const ENVIRONMENT_AND_EXIT_CODES: &str = "\
Environment:
  PICFERRY_HOME=DIR      Keep all state in one folder: portable mode
  PICFERRY_SECRETS=file  Keep secrets in a file that only your account can read,
                         not in the keychain

Exit codes:
  0    Everything worked
  1    Something failed; the rest was done
  2    The command line is wrong: an option, a field, a profile or a link format
  3    Picferry cannot work: settings, history, keychain, disk or port
  130  Interrupted";

/// Ferries pictures to your own host and hands back the link.
#[derive(Parser)]
#[command(name = "picferry", version, max_term_width = 100, after_help = ENVIRONMENT_AND_EXIT_CODES)]
pub struct Arguments {
    #[command(flatten)]
    pub picgo: PicGoGlobals,
    /// Print version, by the letter that PicGo uses
    #[arg(short = 'v', action = clap::ArgAction::Version, hide = true)]
    pub picgo_version: Option<bool>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What PicGo's command line takes before a command, so that editors made for it can call this one.
#[derive(Args, Clone, Default)]
pub struct PicGoGlobals {
    /// PicGo's settings file; accepted and not read
    #[arg(short, long = "config", value_name = "FILE", hide = true)]
    pub config: Option<PathBuf>,
    /// The same as --quiet
    #[arg(short, long, hide = true)]
    pub silent: bool,
    /// Accepted; what happens is in the log
    #[arg(short, long, hide = true)]
    pub debug: bool,
    /// Accepted; the proxy of the settings is used
    #[arg(short, long, value_name = "URL", hide = true)]
    pub proxy: Option<String>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Upload pictures and print their links, one a line, in the order given
    #[command(visible_alias = "u")]
    Upload(UploadArguments),
    /// Make pictures smaller, into files; nothing is sent
    Compress(CompressArguments),
    /// Upload the pictures of Markdown files and put their links into the files, or the other way
    Migrate(MigrateArguments),
    /// Manage the places pictures go to
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Manage folders whose new pictures are uploaded by themselves
    #[command(subcommand)]
    Watch(WatchCommand),
    /// Keep the built-in store, the server for editors and watched folders up without a window
    Serve(ServeArguments),
    /// Find and delete what was uploaded
    #[command(subcommand)]
    History(HistoryCommand),
    /// Read and change the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print what a shell needs to complete commands
    Completions(CompletionsArguments),
    /// Print the manual page, or write one for each command into a folder
    #[command(hide = true)]
    Man(ManArguments),
    /// Show how this installation stands
    Doctor(DoctorArguments),
    /// Show the window in a browser, for work on it
    #[command(hide = true)]
    Bridge(BridgeArguments),
}

const ABOUT_UPLOADS: &str = "\
Links are the last lines of standard output, one for each picture. Called as picgo, or with
--picgo, the line “[PicGo SUCCESS]:” stands before them, and “[PicGo ERROR]:” tells of a failure.";

#[derive(Args)]
#[command(after_help = ABOUT_UPLOADS)]
pub struct UploadArguments {
    /// Picture files, http and https addresses of pictures, or - for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<OsString>,
    /// Upload what is on the clipboard
    #[arg(long, conflicts_with = "files")]
    pub clipboard: bool,
    /// The profile to upload to [default: the default profile]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// The file name of the picture, where it has none or another one is wanted
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Send the pictures as they are
    #[arg(long)]
    pub no_compress: bool,
    /// Set a field about pictures for this upload alone: image_format=webp
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<Assignment>,
    /// url, markdown, html, bbcode, or the name of a custom format [default: as in the settings]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// Print a JSON array with everything known of each picture
    #[arg(long)]
    pub json: bool,
    /// Print nothing but links and failures
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub picgo: PicGoArguments,
}

/// What PicGo's upload takes; `--format pretty` and `--format json` too.
#[derive(Args)]
pub struct PicGoArguments {
    /// Answer as PicGo does
    #[arg(long = "picgo")]
    pub is_asked_for: bool,
    #[command(flatten)]
    pub globals: PicGoGlobals,
    /// The kind of host
    #[arg(long, value_name = "HOST", hide = true)]
    pub uploader: Option<String>,
    /// The name of a profile
    #[arg(long = "configName", value_name = "NAME", hide = true)]
    pub config_name: Option<String>,
    /// The id of a profile
    #[arg(long = "configId", value_name = "ID", hide = true)]
    pub config_id: Option<String>,
    /// Accepted
    #[arg(long, hide = true)]
    pub verbose: bool,
}

#[derive(Args)]
pub struct ServeArguments {
    /// The port for editors [default: that of the settings, 36677]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
}

#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Print a setting as JSON, or all of them: links.format
    Get(ConfigGetArguments),
    /// Change a setting; an empty value brings its default back
    Set(ConfigSetArguments),
    /// Print where the settings are kept
    Path,
}

#[derive(Args)]
pub struct ConfigGetArguments {
    /// The setting, with dots between its parts
    #[arg(value_name = "KEY")]
    pub key: Option<String>,
}

#[derive(Args)]
pub struct ConfigSetArguments {
    /// KEY=VALUE; KEY=@FILE reads the value from a file, KEY=@- from standard input
    #[arg(value_name = "KEY=VALUE", required = true)]
    pub set: Vec<Assignment>,
}

#[derive(Args)]
pub struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

#[derive(Args)]
pub struct ManArguments {
    /// Write the pages of the program and of all its commands into this folder
    #[arg(long, value_name = "FOLDER")]
    pub into: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum ProfileCommand {
    /// Add a profile
    Add(ProfileAddArguments),
    /// List all profiles
    List(JsonArguments),
    /// Show a profile; secrets are never shown
    Show(ProfileArguments),
    /// Put a small object, read it back and delete it
    Test(ProfileArguments),
    /// Remove a profile; its pictures stay on the host and in the history
    Remove(ProfileArguments),
    /// Make a profile the default
    Default(ProfileArguments),
}

const FIELDS_OF_S3: &str = "\
Fields of s3:
  endpoint region bucket access_key_id secret_access_key session_token path_style
  key_template public_url url_suffix acl cache_control storage_class proxy
A wrong name lists them all. A value that begins with @ is written as @@….";

#[derive(Args)]
#[command(after_help = FIELDS_OF_S3)]
pub struct ProfileAddArguments {
    /// Your name for it
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The kind of host: s3
    #[arg(long, value_name = "HOST")]
    pub host: String,
    /// Ready-made settings: aws, r2, b2, oss, cos, minio and others
    #[arg(long, value_name = "PRESET")]
    pub preset: Option<String>,
    /// Set a field. KEY=@FILE reads the value from a file, KEY=@- from standard input
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<Assignment>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct ProfileArguments {
    /// The profile's name or id
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct JsonArguments {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum HistoryCommand {
    /// List uploads, newest first
    List(HistoryListArguments),
    /// Find uploads by name, key, address, note and alt text
    Search(HistorySearchArguments),
    /// Delete pictures from their host and from the history
    Delete(HistoryDeleteArguments),
}

#[derive(Args)]
pub struct HistoryListArguments {
    #[command(flatten)]
    pub shown: ShownArguments,
}

#[derive(Args)]
pub struct HistorySearchArguments {
    /// Words that must all be there
    #[arg(value_name = "TEXT", required = true)]
    pub text: Vec<String>,
    #[command(flatten)]
    pub shown: ShownArguments,
}

#[derive(Args)]
pub struct ShownArguments {
    /// Only this profile
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Rows at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct HistoryDeleteArguments {
    /// Ids as `history list` shows them
    #[arg(value_name = "ID", required = true, value_parser = clap::value_parser!(i64).range(1..))]
    pub ids: Vec<i64>,
    /// Forget them here and leave them on the host
    #[arg(long)]
    pub local_only: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct DoctorArguments {
    /// Show where things are kept
    #[arg(long, required = true)]
    pub paths: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct BridgeArguments {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, value_name = "PORT")]
    pub port: u16,
    /// What the browser has to show [default: a random one]
    #[arg(long, value_name = "TOKEN", env = "PICFERRY_BRIDGE_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// The built window
    #[arg(long, value_name = "DIR", default_value = "ui/dist")]
    pub ui: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_grammar_is_sound() {
        Arguments::command().debug_assert();
    }
}
