//! A folder that is granted: `HOST:GUEST`, `HOST:GUEST:ro` or `HOST:GUEST:rw`.

use std::path::PathBuf;
use std::str::FromStr;

use landbridge::{Access, Error, Policy};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DirArg {
    host: PathBuf,
    guest: String,
    access: Access,
}

const ACCESS: &[(&str, Access)] = &[(":ro", Access::Read), (":rw", Access::Write)];

impl FromStr for DirArg {
    type Err = String;

    fn from_str(text: &str) -> Result<DirArg, String> {
        let named = ACCESS
            .iter()
            .find_map(|(end, access)| Some((text.strip_suffix(end)?, *access)));
        let (folders, access) = named.unwrap_or((text, Access::Read));
        // From the right: on Windows a folder of the host has a colon of its own.
        match folders.rsplit_once(':') {
            Some((host, guest)) if !host.is_empty() && !guest.is_empty() => Ok(DirArg {
                host: host.into(),
                guest: guest.to_owned(),
                access,
            }),
            _ => Err("a folder is HOST:GUEST, with :ro or :rw behind it if you like".to_owned()),
        }
    }
}

impl DirArg {
    pub(crate) fn grant(&self, policy: Policy) -> Result<Policy, Error> {
        policy.with_dir(&self.guest, &self.host, self.access)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String, Access)> {
        let dir = text.parse::<DirArg>().ok()?;
        Some((dir.host.display().to_string(), dir.guest, dir.access))
    }

    #[test]
    fn folders_are_read_only_unless_said() {
        let dir =
            |host: &str, guest: &str, access| Some((host.to_owned(), guest.to_owned(), access));
        assert_eq!(read("data:/data"), dir("data", "/data", Access::Read));
        assert_eq!(read("data:/data:ro"), dir("data", "/data", Access::Read));
        assert_eq!(read("data:/data:rw"), dir("data", "/data", Access::Write));
        assert_eq!(read("C:\\d:/data:rw"), dir("C:\\d", "/data", Access::Write));
        for wrong in ["", "data", "data:", ":/data", "data:ro", ":rw"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
