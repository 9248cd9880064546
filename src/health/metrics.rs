//! Facts as Prometheus reads them. What is not known is left out rather than guessed.

use std::fmt::{Display, Write};

use jiff::Timestamp;

use crate::operator::lights::light;
use crate::operator::{Certificate, Facts, Light, Subject};
use crate::submission::ClockTrust;

/// The text of the page.
pub fn text(kiosk: &str, facts: &Facts) -> String {
    let mut page = Page::default();
    let version = facts.version;
    page.family("info", "Which booth this is, and its program.");
    page.labelled("info", &format!("kiosk=\"{kiosk}\",version=\"{version}\""), 1);
    page.family("light", "As operator mode shows it: 0 nothing to judge, 1 green, 2 amber, 3 red.");
    for subject in Subject::ALL {
        let name = format!("{subject:?}").to_lowercase();
        page.labelled("light", &format!("subject=\"{name}\""), number(light(facts, subject)));
    }
    page.gauge("camera_frames_per_second", "Pictures that the camera gives.", Some(facts.fps));
    let age = facts.last_frame_ms.map(|age| age as f64 / 1000.0);
    page.gauge("camera_frame_age_seconds", "Age of the newest picture.", age);
    page.gauge("models_loaded", "Whether photos can be developed.", Some(u8::from(facts.models_loaded)));
    page.gauge("database_writable", "Whether a record could be written.", Some(u8::from(facts.can_save)));
    page.gauge("disk_free_bytes", "Room where the database is.", facts.free_disk_mb.map(|free| free << 20));
    if let Some(counts) = facts.queue {
        page.family("queue_records", "Submissions on this booth, by state.");
        for (state, number) in [
            ("pending", counts.pending),
            ("received", counts.received),
            ("refused", counts.refused),
            ("conflict", counts.conflict),
            ("withdrawn", counts.withdrawn),
        ] {
            page.labelled("queue_records", &format!("state=\"{state}\""), number);
        }
    }
    let waits = facts.oldest_pending.map(|oldest| facts.seen_at.duration_since(oldest).as_secs().max(0));
    page.gauge("queue_oldest_pending_seconds", "How long the oldest submission has waited.", waits);
    page.gauge(
        "last_receipt_timestamp_seconds",
        "When the server last received something.",
        facts.last_receipt.map(Timestamp::as_second),
    );
    if let Some((whose, end)) = facts.certificate {
        let name = "certificate_end_timestamp_seconds";
        page.family(name, "When the certificate ends that ends first: the server's, the booth's or the authority's.");
        let whose = match whose {
            Certificate::Server => "server",
            Certificate::Booth => "booth",
            Certificate::Authority => "authority",
        };
        page.labelled(name, &format!("whose=\"{whose}\""), end.as_second());
    }
    page.gauge("server_configured", "Whether submissions have somewhere to go.", Some(u8::from(facts.has_server)));
    let trust = match facts.clock {
        ClockTrust::Doubtful => 0,
        ClockTrust::Unconfirmed => 1,
        ClockTrust::Confirmed => 2,
    };
    page.gauge("clock_trust", "0 doubtful, 1 unconfirmed, 2 confirmed by the server.", Some(trust));
    page.gauge("clock_timestamp_seconds", "The booth's own clock.", Some(facts.seen_at.as_second()));
    page.text
}

fn number(light: Light) -> u8 {
    match light {
        Light::Off => 0,
        Light::Green => 1,
        Light::Amber => 2,
        Light::Red => 3,
    }
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn family(&mut self, name: &str, help: &str) {
        let _ = write!(self.text, "# HELP szz_kiosk_{name} {help}\n# TYPE szz_kiosk_{name} gauge\n");
    }

    fn labelled(&mut self, name: &str, labels: &str, value: impl Display) {
        let _ = writeln!(self.text, "szz_kiosk_{name}{{{labels}}} {value}");
    }

    fn gauge(&mut self, name: &str, help: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.family(name, help);
            let _ = writeln!(self.text, "szz_kiosk_{name} {value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::facts;
    use super::*;

    #[test]
    fn every_fact_is_there_and_what_is_unknown_is_not() {
        let page = text("campus-a-01", &facts());
        for line in [
            "szz_kiosk_info{kiosk=\"campus-a-01\",version=\"0.1.0\"} 1",
            "szz_kiosk_light{subject=\"camera\"} 1",
            "szz_kiosk_light{subject=\"disk\"} 3",
            "szz_kiosk_light{subject=\"clock\"} 2",
            "szz_kiosk_camera_frame_age_seconds 0.033",
            "szz_kiosk_disk_free_bytes 2097152",
            "szz_kiosk_queue_records{state=\"pending\"} 3",
            "szz_kiosk_queue_oldest_pending_seconds 100",
            "szz_kiosk_last_receipt_timestamp_seconds 1781942340",
            "szz_kiosk_light{subject=\"certificate\"} 2",
            "szz_kiosk_certificate_end_timestamp_seconds{whose=\"server\"} 1782892800",
            "szz_kiosk_clock_trust 1",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in:\n{page}");
        }
        let blind = Facts { last_frame_ms: None, queue: None, oldest_pending: None, last_receipt: None, ..facts() };
        let page = text("campus-a-01", &blind);
        for name in ["frame_age", "queue_records", "oldest", "receipt"] {
            assert!(!page.contains(name), "{name} is guessed:\n{page}");
        }
    }

    /// As Prometheus wants it: each family told once, each line a name and a number.
    #[test]
    fn the_page_is_well_formed() {
        let page = text("campus-a-01", &facts());
        let mut told = std::collections::BTreeSet::new();
        for line in page.lines() {
            if let Some(name) = line.strip_prefix("# TYPE ") {
                assert!(told.insert(name.split(' ').next().unwrap().to_owned()), "{line} twice");
            } else if !line.starts_with("# HELP ") {
                let (name, value) = line.rsplit_once(' ').unwrap();
                assert!(told.contains(name.split('{').next().unwrap()), "{line} before its type");
                assert!(value.parse::<f64>().unwrap().is_finite(), "{line}");
            }
        }
        assert!(page.ends_with('\n') && told.len() > 10);
    }
}
