//! File systems whose files are the kernel's own state, not anybody's data. A grant of a folder
//! above them, such as `/`, does not give them: `/proc/self/environ` would be the environment that
//! was not granted, and writing to `/proc/self/mem` would be native code.

use std::fs::File;

/// Where a granted folder is, as far as such file systems are concerned.
#[derive(Clone, Copy, Default)]
pub(super) struct Home {
    /// The device of the one that the folder was named inside of, below its root.
    inside: Option<u64>,
    /// Whether the folder itself is one, so that nothing in it is given.
    pub(super) is_shut: bool,
}

/// What a guest is told, and so the host.
pub(super) const WHY: &str = "in a file system of the kernel's, such as /proc or /sys; grant the folder inside of it by name";

#[cfg(not(target_os = "linux"))]
impl Home {
    pub(super) fn of(_: &File) -> Home {
        Home::default()
    }

    pub(super) fn refuses(&self, _: &File) -> bool {
        false
    }

    pub(super) fn refuses_path(&self, _: &File, _: &[u8], _: bool) -> bool {
        false
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::OsStr;
    use std::io;
    use std::os::fd::{AsFd, OwnedFd};
    use std::os::unix::ffi::OsStrExt;

    use rustix::fs::{self, FileType, Mode, OFlags, Stat};
    use rustix::io::Errno;

    use super::{File, Home};

    /// The types of these file systems, from linux/magic.h and from the file systems themselves.
    /// What holds devices alone (devtmpfs, devpts) is not here: no device is opened anyway.
    const KERNELS: &[u32] = &[
        0x0000_9fa0, // proc
        0x6265_6572, // sysfs
        0x6462_6720, // debugfs
        0x7472_6163, // tracefs
        0x7363_6673, // securityfs
        0xf97c_ff8c, // selinuxfs
        0x4341_5d53, // smackfs
        0x5a3c_69f0, // apparmorfs
        0xcafe_4a11, // bpf
        0x0027_e0eb, // cgroup
        0x6367_7270, // cgroup2
        0x6265_6570, // configfs
        0x6165_676c, // pstore
        0xde5e_81e4, // efivarfs
        0x4249_4e4d, // binfmt_misc
        0x6e73_6673, // nsfs
        0x5049_4446, // pidfs
        0x0765_5821, // resctrl
        0x1980_0202, // mqueue
        0x6573_5543, // fusectl
        0x6e66_7364, // nfsd
        0x6759_6969, // rpc_pipefs
        0xabba_1974, // xenfs
        0x0000_9fa1, // openpromfs
        0x0000_9fa2, // usbdevfs
    ];

    /// Symbolic links of one path, as many as the kernel follows.
    const MOST_LINKS: u32 = 40;

    /// Bytes of a path with its links, more than the kernel takes.
    const MOST_BYTES: usize = 64 << 10;

    impl Home {
        /// Asks where a granted folder is. One that is mounted where it is counts as a root: it is
        /// not below anything that somebody named.
        pub(in super::super) fn of(grant: &File) -> Home {
            match (is_kernels(grant), fs::fstat(grant)) {
                (Ok(false), Ok(_)) => Home::default(),
                (Ok(true), Ok(own)) if !is_root(grant, &own) => Home {
                    inside: Some(own.st_dev),
                    is_shut: false,
                },
                _ => Home {
                    inside: None,
                    is_shut: true,
                },
            }
        }

        /// Whether a file is not given, whatever way led to it.
        pub(in super::super) fn refuses(&self, file: &File) -> bool {
            self.refuse(file)
        }

        /// Whether a path leads there from a folder. What is not there yet is where it would be.
        pub(in super::super) fn refuses_path(&self, dir: &File, path: &[u8], follow: bool) -> bool {
            match reached(dir, path, follow) {
                Ok(Some(found)) => self.refuse(found),
                Ok(None) => self.refuse(dir),
                // Nobody can tell; so many open files, for one.
                Err(_) => true,
            }
        }

        fn refuse(&self, file: impl AsFd) -> bool {
            let is_home = || {
                let own = fs::fstat(&file).ok().map(|it| it.st_dev);
                own.is_some() && own == self.inside
            };
            is_kernels(&file).unwrap_or(true) && !is_home()
        }
    }

    fn is_kernels(file: impl AsFd) -> io::Result<bool> {
        let found = fs::fstatfs(file)?.f_type as u32;
        Ok(KERNELS.contains(&found))
    }

    fn is_root(dir: &File, own: &Stat) -> bool {
        // Above a root is another file system, or, where there is nothing above, itself.
        let above = fs::statat(dir, "..", fs::AtFlags::empty());
        above.map_or(true, |it| {
            it.st_dev != own.st_dev || it.st_ino == own.st_ino
        })
    }

    /// The last thing that is there on a path, opened as no more than a place; none if that is the
    /// folder itself. It is only asked where it is, so a path that leads out of the folder, which
    /// is refused elsewhere, ends where it does.
    fn reached(dir: &File, path: &[u8], follow: bool) -> io::Result<Option<OwnedFd>> {
        let mut ahead: Vec<Vec<u8>> = Vec::new();
        push(&mut ahead, path);
        let (mut here, mut depth, mut links): (Option<OwnedFd>, _, _) = (None, 0_u32, 0);
        while let Some(name) = ahead.pop() {
            match &*name {
                b"" | b"." => continue,
                b".." if depth == 0 => return Ok(here),
                b".." => depth -= 1,
                _ => depth += 1,
            }
            let at = here.as_ref().map_or(dir.as_fd(), AsFd::as_fd);
            let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let found = match fs::openat(at, OsStr::from_bytes(&name), flags, Mode::empty()) {
                Ok(found) => found,
                Err(error @ (Errno::MFILE | Errno::NFILE | Errno::NOMEM)) => {
                    return Err(error.into());
                }
                Err(_) => return Ok(here),
            };
            let is_link = FileType::from_raw_mode(fs::fstat(&found)?.st_mode) == FileType::Symlink;
            if !is_link {
                here = Some(found);
                continue;
            }
            links += 1;
            if ahead.is_empty() && !follow || links > MOST_LINKS || is_kernels(&found)? {
                return Ok(Some(found));
            }
            let to = fs::readlinkat(&found, "", Vec::new())?.into_bytes();
            let length = ahead.iter().map(Vec::len).sum::<usize>() + to.len();
            if to.starts_with(b"/") || length > MOST_BYTES {
                return Ok(Some(found));
            }
            depth -= 1;
            push(&mut ahead, &to);
        }
        Ok(here)
    }

    /// The parts of a path, the first one on top.
    fn push(ahead: &mut Vec<Vec<u8>>, path: &[u8]) {
        let parts = path.split(|byte| *byte == b'/').rev();
        ahead.extend(parts.map(<[u8]>::to_vec));
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::*;

    fn open(path: impl AsRef<Path>) -> File {
        File::open(path).unwrap()
    }

    #[test]
    fn only_a_folder_inside_is_home() {
        assert!(!Home::of(&open("/")).is_shut && Home::of(&open("/proc")).is_shut);
        assert!(Home::of(&open("/sys")).is_shut && !Home::of(&open("/tmp")).is_shut);
        let inside = Home::of(&open("/proc/sys"));
        assert!(!inside.is_shut && !inside.refuses(&open("/proc/version")));
        assert!(inside.refuses(&open("/sys/kernel")), "another one");
        assert!(Home::default().refuses(&open("/proc/version")));
        assert!(!Home::default().refuses(&open("/etc")));
    }

    #[test]
    fn links_are_followed_as_the_system_does() {
        let name = format!("landbridge-kernel-{}", std::process::id());
        let folder = fs::canonicalize(std::env::temp_dir()).unwrap().join(name);
        fs::create_dir_all(folder.join("sub")).unwrap();
        let up = "../".repeat(folder.components().count() - 1);
        symlink(format!("{up}proc"), folder.join("there")).unwrap();
        symlink("there/version", folder.join("twice")).unwrap();
        symlink("round", folder.join("round")).unwrap();
        symlink("/proc/version", folder.join("absolute")).unwrap();
        let (root, inside) = (open("/"), open(&folder));
        let below = folder.strip_prefix("/").unwrap().to_str().unwrap();
        let from_root = |path: &str, follow| {
            let path = format!("{below}/{path}");
            Home::default().refuses_path(&root, path.as_bytes(), follow)
        };
        assert!(from_root("there", true) && !from_root("there", false));
        assert!(from_root("there/", false), "a slash follows");
        assert!(from_root("there/version", false) && from_root("there/none", false));
        assert!(from_root("sub/../twice", true) && !from_root("twice", false));
        assert!(from_root("there/../proc/self", false));
        // What leads back is not there, and what leads out of the folder is refused elsewhere.
        assert!(!from_root("there/../etc", false) && !from_root("absolute", true));
        assert!(!from_root("round", true) && !from_root("round/x", false));
        let from_inside = |path: &[u8]| Home::default().refuses_path(&inside, path, true);
        assert!(!from_inside(b"there") && !from_inside(b"../x") && !from_inside(b""));
        assert!(!from_inside(b"a\0b") && !from_inside(&[b'x'; 5000]));
        fs::remove_dir_all(&folder).unwrap();
    }
}
