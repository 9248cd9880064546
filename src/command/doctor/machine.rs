//! What is kept: disk, keys, database, and the clock that signs.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Check;
use crate::config::Config;
use crate::office;
use crate::operator::lights::{self, GOOD_DISK_MB, LEAST_DISK_MB};
use crate::operator::{Backups, Light};
use crate::platform::{free_mb, mode_open_to_others};
use crate::stick;
use crate::submission::{ClockTrust, DeviceKey};

/// A student waits for three of these at least.
const GOOD_SYNC: Duration = Duration::from_millis(50);
const SYNCS: usize = 9;

pub fn disk(config: &Config) -> Vec<Check> {
    if !config.data.is_dir() {
        return vec![Check::off("disk", "[paths] data is not there yet: the first start makes it")];
    }
    let room = match free_mb(&config.data) {
        None => Check::off("disk", "the system does not tell how much is free"),
        Some(free) => {
            let found = format!("{:.1} GB free", free as f32 / 1024.0);
            if free < LEAST_DISK_MB {
                Check::wrong("disk", found, "free space now: soon no photo can be saved")
            } else if free < GOOD_DISK_MB {
                Check::warning("disk", found, "free space, or shorten [retention] days")
            } else {
                Check::well("disk", found)
            }
        }
    };
    let sync = match time_a_sync(&config.data) {
        Ok(took) => {
            let found = format!("{:.1} ms until a page is safe", took.as_secs_f32() * 1000.0);
            if took <= GOOD_SYNC {
                Check::well("disk speed", found)
            } else {
                Check::warning(
                    "disk speed",
                    found,
                    "students wait for it: use an SSD rather than a card or a hard disk",
                )
            }
        }
        Err(error) => Check::wrong(
            "disk speed",
            format!("nothing can be written there: {error}"),
            "run this as the booth's user (sudo -u szz-kiosk), or check the owner of [paths] data",
        ),
    };
    vec![room, sync]
}

/// The median time to make 4 KB durable, in a file that has no name afterwards.
fn time_a_sync(folder: &Path) -> std::io::Result<Duration> {
    let path = folder.join(format!("doctor-{}.tmp", std::process::id()));
    let timed = (|| {
        let mut file = File::create_new(&path)?;
        let mut times = [Duration::ZERO; SYNCS];
        for time in &mut times {
            let started = Instant::now();
            file.write_all(&[0; 4096])?;
            file.sync_data()?;
            *time = started.elapsed();
        }
        times.sort();
        Ok(times[SYNCS / 2])
    })();
    let _ = fs::remove_file(&path);
    timed
}

/// Whether anybody but the booth's user could read a secret.
pub fn keys(config: &Config) -> Vec<Check> {
    let Ok(files) = fs::read_dir(&config.secrets) else {
        return vec![if config.database().exists() {
            let advice = "bring device.key and store.key back from their backup, or run this as the booth's user";
            Check::wrong("keys", "[paths] secrets cannot be read", advice)
        } else {
            Check::off("keys", "none yet: the first start makes them")
        }];
    };
    let files: Vec<_> = files.flatten().map(|file| file.path()).collect();
    let open: Vec<_> = files.iter().filter(|path| is_open(path)).collect();
    let names = |paths: &[&std::path::PathBuf]| {
        paths
            .iter()
            .filter_map(|path| path.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect::<Vec<_>>()
    };
    vec![if open.is_empty() {
        Check::well("keys", format!("{} files, for their owner only", files.len()))
    } else {
        let found = format!("others may read {}", names(&open).join(", "));
        Check::wrong("keys", found, "run chmod 600 on them, and replace them if others use this machine")
    }]
}

fn is_open(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.is_file() && mode_open_to_others(&file).is_some())
}

/// Whether it opens, whether every record is sound, and what the clock was last compared with.
pub fn database(config: &Config) -> Vec<Check> {
    match look_at(config) {
        Ok(Some(checks)) => checks,
        Ok(None) => {
            vec![Check::off("database", "none yet: the first start makes it"), clock(ClockTrust::Unconfirmed)]
        }
        // The error says what to do.
        Err(error) => vec![Check::wrong(
            "database",
            error.to_string(),
            "delete nothing; the booth stays closed until this is put right",
        )],
    }
}

/// `None` where nothing was ever stored.
fn look_at(config: &Config) -> anyhow::Result<Option<Vec<Check>>> {
    let Some(store) = office::open_to_read(config)? else { return Ok(None) };
    let device = DeviceKey::load(&config.device_key_file(), config.signature)?.public();
    let server = config.server.as_ref().map(|server| &server.public_key);
    let audit = store.audit(device, server, |_| ())?;
    let mut checks = vec![match audit.problems.len() {
        0 => Check::well("database", format!("{} records, all sound", audit.records)),
        some => Check::wrong(
            "database",
            format!("{some} of {} records are not sound", audit.records),
            "`szz-kiosk verify` names each of them; change nothing and call the people who run the server",
        ),
    }];
    checks.push(match store.verify_audit_log(device)? {
        Ok(entries) => Check::well("action log", format!("{entries} entries, all sound")),
        Err(error) => {
            Check::wrong("action log", error.to_string(), "`szz-kiosk audit verify` says more; change nothing")
        }
    });
    let counts = store.counts()?;
    let waits = format!("{} wait, {} refused or in conflict", counts.pending, counts.rejected + counts.conflict);
    checks.push(match counts.rejected + counts.conflict {
        0 => Check::well("queue", waits),
        _ => Check::warning("queue", waits, "look at them in operator mode, and ask the people who run the server"),
    });
    checks.push(clock(store.clock_trust(Timestamp::now())?));
    Ok(Some(checks))
}

/// Whether there is a copy of the database from these days.
pub fn backups(config: &Config) -> Check {
    let now = Timestamp::now();
    let backups = office::backups(config, now);
    let found = match backups {
        Backups::Off => return Check::off("backups", "none are made: [backup] folder is not set"),
        Backups::NoneYet => "there is none".to_owned(),
        Backups::Newest(made) => format!("the newest was made {} hours ago", now.duration_since(made).as_hours()),
    };
    match lights::backups(backups, now) {
        Light::Green => Check::well("backups", found),
        _ => {
            let advice = "the log says why; on Debian the service may write below /mnt, /media and /run/media only (szz-kiosk.service, ReadWritePaths)";
            Check::warning("backups", found, advice)
        }
    }
}

/// Where operator mode looks for sticks.
pub fn sticks(config: &Config) -> Check {
    if config.usb_folders.is_empty() {
        return Check::off("sticks", "operator mode looks for none: [visit] usb_folders is empty");
    }
    Check::well("sticks", format!("{} there now", stick::mounted(&config.usb_folders, false).len()))
}

fn clock(trust: ClockTrust) -> Check {
    match trust {
        ClockTrust::Confirmed => Check::well("clock", "agreed with the server's within the last seven days"),
        ClockTrust::Unconfirmed => Check::warning(
            "clock",
            "not compared with the server's lately",
            "compare it with a watch, or connect the booth",
        ),
        ClockTrust::Doubtful => Check::wrong(
            "clock",
            "differs from the server's, or has gone back",
            "set the clock, and replace the battery if it happens again",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    #[test]
    fn a_clock_is_judged_as_records_are() {
        let marks =
            [ClockTrust::Confirmed, ClockTrust::Unconfirmed, ClockTrust::Doubtful].map(|trust| clock(trust).mark);
        assert_eq!(marks, [Mark::Well, Mark::Warning, Mark::Wrong]);
    }

    #[test]
    fn timing_the_disk_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        time_a_sync(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(time_a_sync(&folder.path().join("none")).is_err());
    }
}
