//! Exit codes: what a script may conclude without reading a word.

use picferry_core::{Error, ErrorCode};
use std::process::ExitCode;

/// How the program ends. The numbers are in `picferry --help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything worked.
    Success,
    /// Something failed; the rest was done.
    Failed,
    /// The command line is wrong.
    Usage,
    /// Picferry cannot work here.
    Setup,
    /// Ctrl+C, as shells number it.
    Interrupted,
}

impl Exit {
    /// The number for the system.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Setup => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command ended before it could do its work.
#[derive(Debug)]
pub struct Failure {
    /// What is told.
    pub error: Box<Error>,
    /// How the program ends.
    pub exit: Exit,
}

impl Failure {
    /// The command line asks for something that does not exist.
    pub fn usage(error: Box<Error>) -> Self {
        Self { error, exit: Exit::Usage }
    }

    /// Picferry cannot work here.
    pub fn setup(error: Box<Error>) -> Self {
        Self { error, exit: Exit::Setup }
    }
}

impl From<Box<Error>> for Failure {
    fn from(error: Box<Error>) -> Self {
        let exit = match error.code {
            ErrorCode::ProfileNotFound
            | ErrorCode::ProfileExists
            | ErrorCode::InvalidField
            | ErrorCode::InvalidTemplate => Exit::Usage,
            ErrorCode::SettingsDamaged
            | ErrorCode::SettingsNewer
            | ErrorCode::DatabaseDamaged
            | ErrorCode::DatabaseNewer
            | ErrorCode::DatabaseBusy
            | ErrorCode::KeychainLocked
            | ErrorCode::KeychainUnavailable
            | ErrorCode::ReadOnly
            | ErrorCode::DiskFull
            | ErrorCode::PortTaken => Exit::Setup,
            _ => Exit::Failed,
        };
        Self { error, exit }
    }
}

/// How a command ended.
pub type Outcome<T = Exit> = Result<T, Failure>;
