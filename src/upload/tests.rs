//! The examples of the API description are genuine: whoever builds a central server may try theirs on them.

use crate::submission::{
    DeviceKey, EnrolAnswer, EnrolRequest, FeeTaken, Manifest, Receipt, Sha256Digest, Signature, Signed, Withdrawal,
    canonical,
};

/// What is signed, whether by the booth, and how its bytes are read. Statements are of several kinds.
type Kind = (&'static str, Signed, bool, fn(&[u8]) -> bool);

const KINDS: [Kind; 6] = [
    ("manifest", Signed::Manifest, true, |bytes| Manifest::from_bytes(bytes).is_ok()),
    ("receipt", Signed::Receipt, false, |bytes| canonical::from_bytes::<Receipt>(bytes).is_ok()),
    ("statement", Signed::Withdrawal, true, |bytes| canonical::from_bytes::<Withdrawal>(bytes).is_ok()),
    ("statement", Signed::FeeTaken, true, |bytes| canonical::from_bytes::<FeeTaken>(bytes).is_ok()),
    ("request", Signed::EnrolRequest, true, |bytes| {
        canonical::from_bytes::<EnrolRequest>(bytes).is_ok_and(|request| is_age_key(&request.answer_key))
    }),
    ("answer", Signed::EnrolAnswer, false, |bytes| {
        canonical::from_bytes::<EnrolAnswer>(bytes).is_ok_and(|answer| is_age_key(&answer.bundle_key))
    }),
];

fn is_age_key(text: &str) -> bool {
    text.parse::<age::x25519::Recipient>().is_ok()
}

#[test]
fn the_examples_in_the_api_document_are_signed_and_canonical() {
    let (booth, server) = (DeviceKey::from_seed(&[1; 32]), DeviceKey::from_seed(&[3; 32]));
    let lines: Vec<&str> = include_str!("../../docs/central-api.yaml").lines().map(str::trim).collect();
    let mut wrong = Vec::new();
    for (name, what, is_booths, is_read) in KINDS {
        let starts = |line: &str| line.trim_start_matches("- ") == format!("{name}: >-");
        let readable = |bytes: &str| KINDS.iter().any(|kind| kind.0 == name && kind.3(bytes.as_bytes()));
        let found = (0..lines.len()).filter(|line| starts(lines[*line]));
        let found: Vec<usize> = found
            .inspect(|line| assert!(readable(lines[line + 1]), "{name} is not canonical: {}", lines[line + 1]))
            .filter(|line| is_read(lines[line + 1].as_bytes()))
            .collect();
        assert!(!found.is_empty(), "no example of a {name} as {what:?}");
        for line in found {
            let (bytes, signature) = (lines[line + 1].as_bytes(), lines[line + 2].strip_prefix("signature: ").unwrap());
            let key = if is_booths { &booth } else { &server };
            let right = key.sign(what, bytes);
            if !signature.parse().is_ok_and(|said: Signature| said == right) {
                wrong.push(format!("{name} in line {}: the signature is {right}", line + 3));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The batch, its answer and its receipt are about one record.
#[test]
fn the_receipt_in_the_api_document_names_the_batch_beside_it() {
    let lines: Vec<&str> = include_str!("../../docs/central-api.yaml").lines().map(str::trim).collect();
    let after = |start: &str| {
        let line = lines.iter().position(|line| line.trim_start_matches("- ").starts_with(start));
        line.unwrap_or_else(|| panic!("no {start}"))
    };
    let manifest = lines[after("manifest: >-") + 1].as_bytes();
    let picture = hex::decode(lines[after("picture: ff")].strip_prefix("picture: ").unwrap()).unwrap();
    let receipt: Receipt = canonical::from_bytes(lines[after("receipt: >-") + 1].as_bytes()).unwrap();
    let facts = Manifest::from_bytes(manifest).unwrap();
    assert_eq!(facts.picture.sha256, Sha256Digest::of(&picture), "the manifest's picture");
    assert_eq!(facts.picture.bytes, picture.len() as u64);
    let expected = (facts.submission_id, Sha256Digest::of(manifest), Sha256Digest::of(&picture));
    assert_eq!((receipt.submission_id, receipt.stored_sha256, receipt.picture_sha256), expected);
}
