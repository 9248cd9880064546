//! The booth's heartbeat: how it is, told to the central server now and then. The facts of operator mode's dashboard;
//! nothing in it is personal, and nothing depends on whether it arrives.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::client::HttpUploader;
use super::live::NotReachable;
use super::wire::SCHEMA;
use crate::operator::lights::{Light, Subject, light};
use crate::operator::{Counts, Facts};
use crate::submission::{ClockTrust, PublicKey};
use crate::visit::CameraTrouble;

/// Where heartbeats are posted.
pub const HEARTBEATS_PATH: &str = "/v1/heartbeats";

/// What is not known is missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// [`SCHEMA`].
    pub schema: u32,
    pub device: PublicKey,
    pub kiosk_id: String,
    /// By the booth's clock.
    #[serde(with = "crate::submission::utc_seconds")]
    pub sent_at: Timestamp,
    /// Of the program.
    pub software: String,
    /// As operator mode shows them.
    pub lights: BTreeMap<Subject, Light>,
    /// Pictures a second.
    pub camera_fps: f32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_frame_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera_trouble: Option<CameraTrouble>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_free_mb: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Counts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_pending: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_receipt: Option<Timestamp>,
    pub clock: ClockTrust,
    /// End of the certificate that ends first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_until: Option<Timestamp>,
}

/// The answer. It asks for nothing.
#[derive(Debug, Serialize, Deserialize)]
pub struct HeartbeatAnswer {
    /// [`SCHEMA`].
    pub schema: u32,
}

impl Heartbeat {
    pub fn of(device: PublicKey, kiosk_id: &str, facts: &Facts) -> Self {
        Self {
            schema: SCHEMA,
            device,
            kiosk_id: kiosk_id.to_owned(),
            sent_at: facts.seen_at,
            software: facts.version.to_owned(),
            lights: Subject::ALL.into_iter().map(|subject| (subject, light(facts, subject))).collect(),
            camera_fps: facts.fps,
            last_frame_ms: facts.last_frame_ms,
            camera_trouble: facts.camera_trouble,
            disk_free_mb: facts.free_disk_mb,
            queue: facts.queue,
            oldest_pending: facts.oldest_pending,
            last_receipt: facts.last_receipt,
            clock: facts.clock,
            certificate_until: facts.certificate.map(|(_, end)| end),
        }
    }
}

impl HttpUploader {
    /// An older server does not know heartbeats, which is no harm.
    pub fn beat(&self, kiosk_id: &str, facts: &Facts) -> Result<(), NotReachable> {
        let answer: HeartbeatAnswer = self.ask(HEARTBEATS_PATH, &Heartbeat::of(self.device(), kiosk_id, facts))?;
        if answer.schema == SCHEMA { Ok(()) } else { Err(NotReachable) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::{Backups, Certificate, PlateFacts};
    use crate::submission::DeviceKey;

    /// The document and the program say the same words.
    #[test]
    fn the_api_document_names_what_is_told() {
        let now: Timestamp = "2026-06-20T08:00:00Z".parse().unwrap();
        let facts = Facts {
            seen_at: now,
            fps: 29.5,
            last_frame_ms: Some(33),
            camera_trouble: Some(CameraTrouble::NoMode),
            models_loaded: true,
            free_disk_mb: Some(2),
            queue: Some(Counts::default()),
            can_save: true,
            oldest_pending: Some(now),
            has_server: true,
            last_receipt: Some(now),
            clock: ClockTrust::Unconfirmed,
            certificate: Some((Certificate::Server, now)),
            plate: PlateFacts::Fits,
            backups: Backups::Off,
            version: "0.1.0",
        };
        let heartbeat = Heartbeat::of(DeviceKey::from_seed(&[1; 32]).public(), "campus-a-01", &facts);
        let told = serde_json::to_value(&heartbeat).unwrap();
        let document = include_str!("../../docs/central-api.yaml");
        let defines = |name: &str| document.lines().any(|line| line.trim_start().starts_with(&format!("{name}:")));
        assert!(defines(HEARTBEATS_PATH));
        let fields = [&told, &told["lights"], &told["queue"]].map(|part| part.as_object().unwrap());
        for field in fields.into_iter().flat_map(|part| part.keys()) {
            assert!(defines(field), "{field}");
        }
        assert_eq!((&told["lights"]["disk"], &told["camera_trouble"]), (&"red".into(), &"no_mode".into()));
        assert_eq!(serde_json::from_value::<Heartbeat>(told).unwrap(), heartbeat);
    }
}
