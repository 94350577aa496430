//! The grammar of the command line, which scripts rely on.

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
    /// Keep the built-in store and the server for editors up without a window
    Serve(ServeArguments),
    /// Find and delete what was uploaded
    #[command(subcommand)]
    History(HistoryCommand),
    /// Read and change the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print what a shell needs to complete commands
    Completions(CompletionsArguments),
    /// Print the manual page
    #[command(hide = true)]
    Man,
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

const FIELDS_OF_PICTURES: &str = "\
--set takes every field of a profile's section Images:
  image_convert image_max_width image_max_height image_percent image_crop image_rotate
  image_flip image_png image_webp image_effort image_skip image_skip_below_kb
  image_when_impossible image_time_budget image_allow_damaged
  watermark watermark_position watermark_opacity watermark_scale
A wrong name lists them all, and a wrong value says what the field takes.";

#[derive(Args)]
#[command(after_help = FIELDS_OF_PICTURES)]
pub struct CompressArguments {
    /// Picture files
    #[arg(value_name = "IN", required = true)]
    pub files: Vec<OsString>,
    /// The folder that the results go to; made if it is not there
    #[arg(short, long, value_name = "DIR", required_unless_present = "dry_run")]
    pub output: Option<PathBuf>,
    /// Begin with the options of this profile [default: those of a new profile]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// auto, keep, jpeg, png, webp or avif
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// How much the result has to look like the picture, 1 to 100 [default: 80]
    #[arg(long, value_name = "NUMBER", conflicts_with = "max_kb")]
    pub quality: Option<u8>,
    /// The largest size of a result, in kB, instead of a quality
    #[arg(long, value_name = "NUMBER")]
    pub max_kb: Option<u64>,
    /// The longest side of a result, in pixels; nothing is enlarged
    #[arg(long, value_name = "PIXELS")]
    pub long_edge: Option<u32>,
    /// The newest format that auto may choose: jpeg_png, webp or avif
    #[arg(long, value_name = "FORMAT")]
    pub newest: Option<String>,
    /// strip, private or keep [default: strip]
    #[arg(long, value_name = "RULE")]
    pub metadata: Option<String>,
    /// Convert colours to sRGB
    #[arg(long)]
    pub srgb: bool,
    /// Set any other field
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<Assignment>,
    /// Replace files that are there; never an input
    #[arg(long)]
    pub overwrite: bool,
    /// Write nothing; show what each format would make of each picture
    #[arg(long)]
    pub dry_run: bool,
    /// Print a JSON array with everything known of each picture
    #[arg(long)]
    pub json: bool,
}

const WHAT_A_MIGRATION_KEEPS: &str = "\
Nothing but the addresses changes in a file. A copy of each changed file is kept, and --undo
brings it back as long as nobody changed the file since. A run that was cut off goes on
where it was when it is started again.
Pictures are looked for beside the text, in the vault or repository, and in its folder of
attachments. Code, comments and formulas are left alone.";

#[derive(Args)]
#[command(after_help = WHAT_A_MIGRATION_KEEPS)]
pub struct MigrateArguments {
    /// A Markdown file, or a folder of .md, .markdown and .mdx files
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// Change nothing; show every picture and what would become of it
    #[arg(long)]
    pub dry_run: bool,
    /// The profile to upload to [default: the default profile]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Also move pictures that are somewhere else on the web
    #[arg(long)]
    pub include_remote: bool,
    /// Also fields of the front matter that name pictures: cover, image, banner and the like
    #[arg(long)]
    pub front_matter: bool,
    /// Also upload files that lie outside of PATH
    #[arg(long)]
    pub allow_outside: bool,
    /// The other way: save the pictures of the web in this folder and link to the files
    #[arg(long, value_name = "DIR", conflicts_with_all = ["profile", "include_remote", "allow_outside"])]
    pub to_local: Option<PathBuf>,
    /// Put the files back as they were before the last run; the pictures stay where they are
    #[arg(long, conflicts_with_all = ["dry_run", "profile", "include_remote", "front_matter", "allow_outside", "to_local"])]
    pub undo: bool,
    /// Print JSON with everything known of each picture
    #[arg(long)]
    pub json: bool,
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
