//! How much processor time the process's control group may have (cgroups(7)).
//!
//! As in Go, it is the group that the process is in when it starts, without the ones above
//! it; its limit is read anew each time.

use std::fs::read_to_string;

/// A control group with a limit on processor time, perhaps.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    directory: String,
    version: Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

impl Group {
    /// The one that this process is in.
    pub fn own() -> Option<Group> {
        let (path, version) = membership(&read_to_string("/proc/self/cgroup").ok()?)?;
        let mounts = read_to_string("/proc/self/mountinfo").ok()?;
        let directory = directory(&mounts, &path, version)?;
        Some(Group { directory, version })
    }

    /// So many processors' time it may use on average; `None`: no limit.
    pub fn limit(&self) -> Option<f64> {
        let read = |name| read_to_string(format!("{}/{name}", self.directory)).ok();
        let (quota, period) = match self.version {
            Version::One => (read("cpu.cfs_quota_us")?, read("cpu.cfs_period_us")?),
            Version::Two => {
                let both = read("cpu.max")?;
                let (quota, period) = both.split_once(' ')?;
                (quota.to_string(), period.to_string())
            }
        };
        ratio(&quota, &period)
    }
}

/// The group's path in its hierarchy, from `/proc/self/cgroup`: that of the version 1
/// hierarchy of the `cpu` controller, if there is one.
fn membership(text: &str) -> Option<(String, Version)> {
    let mut found = None;
    for line in text.lines() {
        let mut fields = line.splitn(3, ':');
        let (hierarchy, controllers, path) = (fields.next()?, fields.next()?, fields.next()?);
        if !path.starts_with('/') {
            return None;
        }
        if hierarchy == "0" {
            found = Some((path.to_string(), Version::Two));
        } else if controllers.split(',').any(|c| c == "cpu") {
            return Some((path.to_string(), Version::One));
        }
    }
    found
}

/// Where the group's files are, from `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
fn directory(mounts: &str, group: &str, version: Version) -> Option<String> {
    mounts.lines().find_map(|line| {
        let (mount, system) = line.split_once(" - ")?;
        let mut mount = mount.split(' ').skip(3);
        let (root, place) = (unescaped(mount.next()?), unescaped(mount.next()?));
        let mut system = system.split(' ');
        let (kind, options) = (system.next()?, system.nth(1).unwrap_or(""));
        let fits = match version {
            Version::One => kind == "cgroup" && options.split(',').any(|o| o == "cpu"),
            Version::Two => kind == "cgroup2",
        };
        let below = group.strip_prefix(root.trim_end_matches('/'))?;
        let inside = below.is_empty() || below.starts_with('/');
        (fits && inside).then(|| format!("{place}{below}"))
    })
}

/// Blanks and the like are written as a backslash and three octal digits there.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut out = String::from(parts.next().unwrap_or(""));
    for part in parts {
        let code = part.get(..3).and_then(|d| u8::from_str_radix(d, 8).ok());
        match code {
            Some(code) => {
                out.push(code.into());
                out.push_str(&part[3..]);
            }
            None => out.push_str(part),
        }
    }
    out
}

/// No limit is "max" in version 2, and -1 in version 1.
fn ratio(quota: &str, period: &str) -> Option<f64> {
    let quota: i64 = quota.trim_end().parse().ok()?;
    let period: i64 = period.trim_end().parse().ok()?;
    (quota >= 0 && period > 0).then(|| quota as f64 / period as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hierarchy_of_the_controller_comes_first() {
        let two = |p: &str| Some((p.to_string(), Version::Two));
        let one = |p: &str| Some((p.to_string(), Version::One));
        assert_eq!(membership("0::/a/b\n"), two("/a/b"));
        assert_eq!(
            membership("3:memory:/m\n2:cpuacct,cpu:/c:d\n0::/\n"),
            one("/c:d")
        );
        assert_eq!(membership("2:cpuset:/c\n0::/\n"), two("/"));
        assert_eq!(membership("2:cpuset:/c\n"), None);
        assert_eq!(membership("0::\n"), None);
    }

    #[test]
    fn the_group_is_looked_for_below_the_root_of_the_mount() {
        let mounts = "24 1 0:2 / /proc rw - proc proc rw\n\
                      31 1 0:3 /other /x rw - cgroup2 none rw\n\
                      32 1 0:3 /docker /sys/a\\040b rw,relatime shared:4 - cgroup2 none rw\n\
                      33 1 0:4 / /sys/cpu rw - cgroup none rw,cpuacct,cpu\n";
        let at = |group, version| directory(mounts, group, version);
        assert_eq!(at("/docker/1", Version::Two).unwrap(), "/sys/a b/1");
        assert_eq!(at("/docker", Version::Two).unwrap(), "/sys/a b");
        assert_eq!(at("/dockers", Version::Two), None);
        assert_eq!(at("/docker/1", Version::One).unwrap(), "/sys/cpu/docker/1");
        assert_eq!(at("/", Version::One).unwrap(), "/sys/cpu/");
    }

    #[test]
    fn limits_are_quotas_of_periods() {
        assert_eq!(ratio("150000", "100000\n"), Some(1.5));
        assert_eq!(ratio("max", "100000\n"), None);
        assert_eq!(ratio("-1\n", "100000\n"), None);
        assert_eq!(ratio("1", "0"), None);
    }
}
