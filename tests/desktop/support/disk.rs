//! A disk that is soon full.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A disk in memory that ends with the test.
pub struct SmallDisk {
    place: PathBuf,
}

impl SmallDisk {
    /// Mounts one, by root or by whoever may become root without a word.
    pub fn mount(place: &Path, megabytes: u32) -> Option<Self> {
        let size = format!("size={megabytes}m,mode=1777");
        let arguments = ["-t", "tmpfs", "-o", &size, "tmpfs", place.to_str().unwrap()];
        as_root("mount", &arguments).then(|| Self { place: place.to_owned() })
    }

    /// Leaves no byte free.
    pub fn fill(&self) {
        let mut filler = File::create(self.filler()).unwrap();
        for size in [64 * 1024, 4096, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
    }

    /// Leaves about so many kilobytes free.
    pub fn fill_but(&self, kilobytes: u64) {
        self.fill();
        let filler = File::options().write(true).open(self.filler()).unwrap();
        filler.set_len(filler.metadata().unwrap().len() - kilobytes * 1024).unwrap();
    }

    /// There is room again.
    pub fn clear(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.place.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        as_root("umount", &["-l", self.place.to_str().unwrap()]);
    }
}

fn as_root(program: &str, arguments: &[&str]) -> bool {
    let succeeds = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    succeeds(Command::new(program).args(arguments))
        || succeeds(Command::new("sudo").arg("-n").arg(program).args(arguments))
}
