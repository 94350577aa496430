//! Which folders the system tells nothing about: those of a network.

use std::path::{Path, PathBuf};

/// File systems whose changes are made elsewhere, and never heard of here.
const OF_A_NETWORK: [&str; 15] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb2",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "davfs",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.davfs2",
    "fuse.gvfsd-fuse",
    "fuse.s3fs",
];

/// Whether a folder has to be looked through, because nobody tells of new files in it.
pub fn is_of_a_network(folder: &Path) -> bool {
    let real = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    file_system(&mounts, &real).is_some_and(|name| OF_A_NETWORK.contains(&name))
}

/// The file system that a path is on: the mount that covers it, the last one where there are two.
fn file_system<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let covering = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (_, place, name) = (words.next()?, words.next()?, words.next()?);
        let place = PathBuf::from(unescaped(place));
        path.starts_with(&place).then(|| (place.components().count(), name))
    });
    covering.max_by_key(|(depth, _)| *depth).map(|(_, name)| name)
}

/// Spaces and the like are written as three digits of base 8.
fn unescaped(text: &str) -> String {
    let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    escapes.iter().fold(text.to_owned(), |text, (written, meant)| text.replace(written, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_says_what_a_folder_is_on() {
        let mounts = "/dev/sda1 / ext4 rw 0 0\n\
                      nas:/shots /mnt/nas\\040two nfs4 rw 0 0\n\
                      me@host: /home/me/remote fuse.sshfs rw 0 0\n\
                      /dev/sdb1 /mnt/nas\\040two/disk ext4 rw 0 0\n";
        let at = |path: &str| file_system(mounts, Path::new(path));
        assert_eq!(at("/home/me/pictures"), Some("ext4"));
        assert_eq!(at("/mnt/nas two/scans"), Some("nfs4"));
        assert_eq!(at("/mnt/nas two/disk/x"), Some("ext4"));
        assert_eq!(at("/home/me/remote/a"), Some("fuse.sshfs"));
        assert_eq!(at("/home/me/remoter"), Some("ext4"));
    }

    #[test]
    fn a_folder_of_this_disk_is_not_of_a_network() {
        assert!(!is_of_a_network(tempfile::tempdir().unwrap().path()));
    }
}
