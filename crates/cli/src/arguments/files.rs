//! The arguments of the commands that change files: compress and migrate.

use crate::values::Assignment;
use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;

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
