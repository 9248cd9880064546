//! Any bytes → a manifest, a bundle, a receipt, news, or an error: everything that comes from a stick, from
//! the network or from somebody's database.

#![no_main]

use libfuzzer_sys::fuzz_target;

// The modules under test, and as little of the rest as they need.
#[path = "../../src/submission/mod.rs"]
#[allow(dead_code, unused_imports)]
mod submission;
#[path = "../../src/secret_file.rs"]
#[allow(dead_code)]
mod secret_file;
#[allow(dead_code)]
mod bundle {
    #[path = "../../../src/bundle/segment.rs"]
    pub mod segment;
}
#[allow(dead_code)]
mod upload {
    #[path = "../../../src/upload/wire.rs"]
    pub mod wire;
}
#[allow(dead_code)]
mod code {
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct CodeDigest(pub [u8; 32]);
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Enrolment {
        school: String,
    }
}
mod visit {
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Language {
        #[serde(rename = "zh-CN")]
        Chinese,
        #[serde(rename = "en")]
        English,
    }
}

use std::sync::LazyLock;

use submission::{DeviceKey, Evidence, Manifest, Picture, SignedReceipt, canonical, inspect};

static KEY: LazyLock<DeviceKey> = LazyLock::new(|| DeviceKey::from_seed(&[3; 32]));
static SERVER: LazyLock<age::x25519::Identity> = LazyLock::new(age::x25519::Identity::generate);

fuzz_target!(|bytes: &[u8]| {
    let Some((which, bytes)) = bytes.split_first() else { return };
    match which % 5 {
        0 => {
            if let Ok(manifest) = Manifest::from_bytes(bytes) {
                assert_eq!(manifest.to_bytes().as_deref(), Ok(bytes), "one spelling only");
            }
        }
        1 => {
            for segment in bundle::segment::Segments::new(bytes).flatten() {
                let _ = bundle::segment::open_body(&segment, &SERVER);
            }
        }
        2 => {
            if let Ok(signed) = serde_json::from_slice::<SignedReceipt>(bytes) {
                assert_eq!(signed.received_at(&KEY.public()), None, "nobody else has the key");
                let _ = canonical::from_bytes::<submission::Receipt>(signed.receipt.as_bytes());
            }
        }
        3 => {
            let _ = (upload::wire::Body::read(bytes), upload::wire::StatusPage::read(bytes));
            let _ = serde_json::from_slice::<upload::wire::SubmissionBatch>(bytes);
        }
        _ => {
            let (signature, manifest) = bytes.split_at(bytes.len().min(64));
            let _ = inspect(&KEY.public(), &Evidence { manifest, signature, picture: Picture::Jpeg(bytes) });
        }
    }
});
