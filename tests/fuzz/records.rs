//! Any bytes → a manifest, a bundle, a receipt, news, an enrolment, a collection code, or an error: everything that comes from a
//! stick, from the network, from somebody's database or from a student's phone.

#![no_main]

use libfuzzer_sys::fuzz_target;

// The modules under test, and as little of the rest as they need.
#[path = "../../src/photo/finding.rs"]
#[allow(dead_code)]
mod photo;
#[path = "../../src/submission/mod.rs"]
#[allow(dead_code, unused_imports)]
mod submission;
#[path = "../../src/platform/mod.rs"]
#[allow(dead_code, unused_imports)]
mod platform;
#[path = "../../src/secret_file.rs"]
#[allow(dead_code)]
mod secret_file;
#[path = "../../src/bundle/segment.rs"]
#[allow(dead_code)]
mod segment;
#[path = "../../src/upload/wire.rs"]
#[allow(dead_code)]
mod wire;
mod upload {
    pub(crate) use super::wire;
}
#[path = "../../src/visit/typed.rs"]
#[allow(dead_code)]
mod typed;
#[path = "../../src/code/mod.rs"]
#[allow(dead_code, unused_imports)]
mod code;
#[allow(dead_code, unused_imports)]
mod visit;

use std::sync::LazyLock;

use code::Payload;
use code::payload::sealed::{BoothKeys, CIPHER_FILE, ISSUER_PUBLIC_FILE, IssuerKeys};
use code::payload::{Adapter, MOST_BYTES, Terms, check_enrolment};
use submission::{
    DeviceKey, Evidence, FeeTaken, Manifest, Picture, SignedEnrolAnswer, SignedEnrolRequest, SignedReceipt, Withdrawal,
    canonical, inspect,
};

static KEY: LazyLock<DeviceKey> = LazyLock::new(|| DeviceKey::from_seed(&[3; 32]));
static SERVER: LazyLock<age::x25519::Identity> = LazyLock::new(age::x25519::Identity::generate);

static ADAPTERS: LazyLock<[Adapter; 4]> = LazyLock::new(|| {
    let terms = Terms { school_code: "10007".to_owned(), roster_required: false };
    let folder = std::env::temp_dir().join(format!("szz-fuzz-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("a new folder");
    IssuerKeys::create(&folder).expect("new keys");
    let keys = BoothKeys::load(&folder.join(CIPHER_FILE), &folder.join(ISSUER_PUBLIC_FILE)).expect("the same keys");
    std::fs::remove_dir_all(&folder).expect("the folder that was made");
    [Adapter::Opaque, Adapter::Online, Adapter::Plain(terms.clone()), Adapter::Sealed(terms, vec![keys])]
});

fuzz_target!(|bytes: &[u8]| {
    let Some((which, bytes)) = bytes.split_first() else { return };
    match which % 6 {
        0 => {
            if let Ok(manifest) = Manifest::from_bytes(bytes) {
                assert_eq!(manifest.to_bytes().as_deref(), Ok(bytes), "one spelling only");
            }
        }
        1 => {
            for segment in segment::Segments::new(bytes).flatten() {
                let _ = segment::open_body(&segment, &SERVER);
            }
        }
        2 => {
            if let Ok(signed) = serde_json::from_slice::<SignedReceipt>(bytes) {
                assert!(!signed.is_from(&KEY.public()), "nobody else has the key");
                let _ = canonical::from_bytes::<submission::Receipt>(signed.receipt.as_bytes());
            }
        }
        3 => {
            let _ = (upload::wire::Body::read(bytes), upload::wire::StatusPage::read(bytes));
            let _ = serde_json::from_slice::<upload::wire::SubmissionBatch>(bytes);
            if let Ok(request) = serde_json::from_slice::<SignedEnrolRequest>(bytes) {
                let _ = request.verify();
            }
            if let Ok(answer) = serde_json::from_slice::<SignedEnrolAnswer>(bytes) {
                assert!(answer.verify("campus-a-01", &KEY.public()).is_err(), "nobody else has the key");
            }
            if let Ok(batch) = serde_json::from_slice::<upload::wire::StatementBatch>(bytes) {
                let stranger = KEY.public();
                assert!(batch.statements.iter().all(|stated| stated.verify::<Withdrawal>(&stranger).is_none()));
                assert!(batch.statements.iter().all(|stated| stated.verify::<FeeTaken>(&stranger).is_none()));
            }
        }
        4 => {
            let Ok(text) = std::str::from_utf8(bytes) else { return };
            let payload = Payload::new(text.to_owned());
            for adapter in &*ADAPTERS {
                if let Ok(decoded) = adapter.decode(&payload, jiff::Timestamp::UNIX_EPOCH) {
                    assert!(text.len() <= MOST_BYTES);
                    let shown = decoded.whose(None).map(|student| check_enrolment(&student.enrolment));
                    assert!(!matches!(shown, Ok(Err(_))), "whoever is shown can be shown");
                }
            }
        }
        _ => {
            let (signature, manifest) = bytes.split_at(bytes.len().min(64));
            let _ = inspect(&KEY.public(), &Evidence { manifest, signature, picture: Picture::Jpeg(bytes) });
        }
    }
});
