//! The dashboard's traffic lights: from what is known to green, amber or red. Every limit stands here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Backups, Facts, PlateFacts};
use crate::submission::ClockTrust;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    Green,
    /// To be looked at today.
    Amber,
    /// Students cannot be served, or photos are in danger.
    Red,
    /// Nothing to judge.
    Off,
}

/// What has a light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Camera,
    Models,
    Plate,
    Database,
    Disk,
    Clock,
    Queue,
    Upload,
    Certificate,
    Version,
}

impl Subject {
    pub const ALL: [Self; 10] = [
        Self::Camera,
        Self::Models,
        Self::Plate,
        Self::Database,
        Self::Disk,
        Self::Clock,
        Self::Queue,
        Self::Upload,
        Self::Certificate,
        Self::Version,
    ];
}

/// A face moves between two pictures of a camera that is slower.
pub const GOOD_FPS: f32 = 20.0;
pub const LEAST_FPS: f32 = 8.0;
const LATE_FRAME_MS: u64 = 2000;
/// Room for 100,000 photos, and for a day's.
pub const GOOD_DISK_MB: u64 = 5_000;
pub const LEAST_DISK_MB: u64 = 500;
/// A booth that was online at all today has sent everything.
const LATE_HOURS: i64 = 24;
const LATE_BACKUP_HOURS: i64 = 48;
/// Time to get another certificate.
const SOON_HOURS: i64 = 30 * 24;
const VERY_LATE_HOURS: i64 = 7 * 24;

pub fn light(facts: &Facts, subject: Subject) -> Light {
    match subject {
        Subject::Camera => camera(facts),
        Subject::Models => red_unless(facts.models_loaded),
        Subject::Plate => match facts.plate {
            PlateFacts::NotUsed => Light::Off,
            PlateFacts::Wanted => Light::Amber,
            PlateFacts::Fits => Light::Green,
        },
        Subject::Database if facts.can_save && facts.queue.is_some() => backups(facts.backups, facts.seen_at),
        Subject::Database => Light::Red,
        Subject::Disk => match facts.free_disk_mb {
            None => Light::Off,
            Some(..LEAST_DISK_MB) => Light::Red,
            Some(..GOOD_DISK_MB) => Light::Amber,
            Some(_) => Light::Green,
        },
        Subject::Clock => match facts.clock {
            ClockTrust::Confirmed => Light::Green,
            ClockTrust::Unconfirmed => Light::Amber,
            ClockTrust::Doubtful => Light::Red,
        },
        Subject::Queue => queue(facts),
        Subject::Upload => upload(facts),
        Subject::Certificate => facts.certificate.map_or(Light::Off, |(_, end)| certificate(end, facts.seen_at)),
        Subject::Version => Light::Off,
    }
}

fn red_unless(is_well: bool) -> Light {
    if is_well { Light::Green } else { Light::Red }
}

/// A certificate is believed until it ends.
pub fn certificate(end: Timestamp, now: Timestamp) -> Light {
    match end.duration_since(now).as_hours() {
        _ if end <= now => Light::Red,
        ..SOON_HOURS => Light::Amber,
        _ => Light::Green,
    }
}

/// Backups are made every day.
pub fn backups(backups: Backups, now: Timestamp) -> Light {
    match backups {
        Backups::Off => Light::Green,
        Backups::Newest(at) if now.duration_since(at).as_hours() < LATE_BACKUP_HOURS => Light::Green,
        Backups::Newest(_) | Backups::NoneYet => Light::Amber,
    }
}

fn camera(facts: &Facts) -> Light {
    let is_late = facts.last_frame_ms.is_none_or(|age| age > LATE_FRAME_MS);
    if facts.camera_trouble.is_some() || is_late || facts.fps < LEAST_FPS {
        Light::Red
    } else if facts.fps < GOOD_FPS {
        Light::Amber
    } else {
        Light::Green
    }
}

fn queue(facts: &Facts) -> Light {
    let Some(counts) = facts.queue else { return Light::Red };
    match facts.oldest_pending.map(|oldest| hours_since(facts, oldest)) {
        Some(VERY_LATE_HOURS..) => Light::Red,
        Some(LATE_HOURS..) => Light::Amber,
        _ if counts.refused + counts.conflict > 0 => Light::Amber,
        _ => Light::Green,
    }
}

/// With nothing to send, an old receipt is no reason to worry.
fn upload(facts: &Facts) -> Light {
    if !facts.has_server {
        return Light::Off;
    }
    let Some(oldest) = facts.oldest_pending else { return Light::Green };
    // From when on something has waited without anything being received.
    let waits_since = facts.last_receipt.map_or(oldest, |receipt| receipt.max(oldest));
    match hours_since(facts, waits_since) {
        VERY_LATE_HOURS.. => Light::Red,
        LATE_HOURS.. => Light::Amber,
        _ => Light::Green,
    }
}

fn hours_since(facts: &Facts, time: Timestamp) -> i64 {
    facts.seen_at.duration_since(time).as_hours()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::super::{Certificate, Counts};
    use super::*;
    use crate::visit::CameraTrouble;

    fn hours_ago(hours: i64) -> Option<Timestamp> {
        Some(well().seen_at - SignedDuration::from_hours(hours))
    }

    fn newest_backup(hours: i64) -> Backups {
        hours_ago(hours).map_or(Backups::NoneYet, Backups::Newest)
    }

    fn ends_in(days: i64) -> Option<(Certificate, Timestamp)> {
        let now: Timestamp = "2026-06-20T08:00:00Z".parse().unwrap();
        Some((Certificate::Server, now + SignedDuration::from_hours(24 * days)))
    }

    fn ends_within_the_hour() -> Option<(Certificate, Timestamp)> {
        ends_in(0).map(|(whose, now)| (whose, now + SignedDuration::from_mins(30)))
    }

    fn well() -> Facts {
        Facts {
            seen_at: "2026-06-20T08:00:00Z".parse().unwrap(),
            fps: 30.0,
            last_frame_ms: Some(33),
            camera_trouble: None,
            models_loaded: true,
            free_disk_mb: Some(80_000),
            queue: Some(Counts::default()),
            can_save: true,
            oldest_pending: None,
            has_server: true,
            last_receipt: None,
            clock: ClockTrust::Confirmed,
            certificate: ends_in(365),
            plate: PlateFacts::Fits,
            backups: Backups::Off,
            version: "0.1.0",
        }
    }

    #[test]
    fn a_booth_that_is_well_has_no_light_but_green() {
        for subject in Subject::ALL.into_iter().filter(|subject| *subject != Subject::Version) {
            assert_eq!(light(&well(), subject), Light::Green, "{subject:?}");
        }
    }

    #[test]
    fn each_fault_lights_its_own_subject_and_no_other() {
        use Light::{Amber, Off, Red};
        let refused = Some(Counts { refused: 1, ..Counts::default() });
        let cases: [(Subject, Light, Facts); 32] = [
            (Subject::Camera, Amber, Facts { fps: 15.0, ..well() }),
            (Subject::Camera, Red, Facts { fps: 3.0, ..well() }),
            (Subject::Camera, Red, Facts { last_frame_ms: None, ..well() }),
            (Subject::Camera, Red, Facts { last_frame_ms: Some(2001), ..well() }),
            (Subject::Camera, Red, Facts { camera_trouble: Some(CameraTrouble::Black), ..well() }),
            (Subject::Models, Red, Facts { models_loaded: false, ..well() }),
            (Subject::Plate, Amber, Facts { plate: PlateFacts::Wanted, ..well() }),
            (Subject::Plate, Off, Facts { plate: PlateFacts::NotUsed, ..well() }),
            (Subject::Database, Red, Facts { can_save: false, ..well() }),
            (Subject::Database, Amber, Facts { backups: Backups::NoneYet, ..well() }),
            (Subject::Database, Amber, Facts { backups: newest_backup(48), ..well() }),
            (Subject::Database, Light::Green, Facts { backups: newest_backup(47), ..well() }),
            (Subject::Database, Red, Facts { can_save: false, backups: newest_backup(48), ..well() }),
            (Subject::Disk, Amber, Facts { free_disk_mb: Some(4_999), ..well() }),
            (Subject::Disk, Red, Facts { free_disk_mb: Some(499), ..well() }),
            (Subject::Disk, Off, Facts { free_disk_mb: None, ..well() }),
            (Subject::Clock, Amber, Facts { clock: ClockTrust::Unconfirmed, ..well() }),
            (Subject::Clock, Red, Facts { clock: ClockTrust::Doubtful, ..well() }),
            (Subject::Certificate, Light::Green, Facts { certificate: ends_in(30), ..well() }),
            (Subject::Certificate, Amber, Facts { certificate: ends_in(29), ..well() }),
            (Subject::Certificate, Amber, Facts { certificate: ends_within_the_hour(), ..well() }),
            (Subject::Certificate, Red, Facts { certificate: ends_in(0), ..well() }),
            (Subject::Certificate, Red, Facts { certificate: ends_in(-1), ..well() }),
            (Subject::Certificate, Off, Facts { certificate: None, ..well() }),
            (Subject::Queue, Amber, Facts { queue: refused, ..well() }),
            (Subject::Queue, Amber, Facts { oldest_pending: hours_ago(25), last_receipt: hours_ago(1), ..well() }),
            (Subject::Queue, Red, Facts { oldest_pending: hours_ago(200), last_receipt: hours_ago(1), ..well() }),
            (Subject::Upload, Off, Facts { has_server: false, ..well() }),
            (Subject::Upload, Amber, Facts { oldest_pending: hours_ago(25), ..well() }),
            (Subject::Upload, Red, Facts { oldest_pending: hours_ago(200), ..well() }),
            (Subject::Upload, Light::Green, Facts { last_receipt: hours_ago(2000), ..well() }),
            (Subject::Queue, Light::Green, Facts { oldest_pending: hours_ago(2), ..well() }),
        ];
        for (number, (subject, expected, facts)) in cases.into_iter().enumerate() {
            assert_eq!(light(&facts, subject), expected, "case {number}, {subject:?}");
            let waits = [Subject::Queue, Subject::Upload];
            for other in Subject::ALL.into_iter().filter(|other| *other != subject && *other != Subject::Version) {
                let together = waits.contains(&other) && waits.contains(&subject);
                assert!(together || light(&facts, other) == Light::Green, "case {number} lights {other:?}");
            }
        }
    }
}
