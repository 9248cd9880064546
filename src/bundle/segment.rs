//! One segment of a bundle: made from a batch, read back, checked and opened. Pure: bytes in, bytes out.

use std::io::{BufRead, Read};

use age::x25519;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::submission::canonical::{self, CanonicalError};
use crate::submission::{DeviceKey, PublicKey, Sha256Digest, Signature, Signed};
use crate::upload::wire::SubmissionBatch;

/// The only version of [`Seal`] so far.
const SCHEMA: u32 = 1;
/// Longest head that is read.
const MAX_HEAD: u64 = 64 << 10;
/// Longest body that is read. Exports stay far below.
const MAX_BODY: u64 = 64 << 20;
/// Largest batch that is taken out of a body.
const MAX_CONTENT: u64 = 64 << 20;

/// What a segment's maker vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    pub schema: u32,
    pub device: PublicKey,
    pub kiosk_id: String,
    #[serde(with = "crate::submission::utc_seconds")]
    pub created_at: Timestamp,
    /// Places in the booth's chain of the records inside, ascending; none in a segment of statements.
    pub sequences: Vec<u64>,
    /// Size of the body.
    pub bytes: u64,
    /// Digest of the body.
    pub sha256: Sha256Digest,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    seal: String,
    signature: Signature,
}

/// A segment whose seal holds. Its content is still closed.
#[derive(Debug)]
pub struct Segment {
    pub seal: Seal,
    body: Vec<u8>,
}

/// Where a bundle is not sound, and how.
#[derive(Debug, thiserror::Error)]
#[error("segment {segment} of the bundle, at byte {offset}, is not sound: {problem}")]
pub struct BundleError {
    /// Counted from 1.
    pub segment: u64,
    /// Where the segment begins in the file.
    pub offset: u64,
    pub problem: Problem,
}

#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("this is not the head of a segment")]
    NotABundle,
    #[error("the file ends in the middle of it")]
    CutOff,
    #[error("its seal is not signed by the booth that it names, or was altered")]
    Signature,
    #[error("its seal cannot be read: {0}")]
    Seal(#[from] CanonicalError),
    #[error("its seal contradicts itself")]
    Contradiction,
    #[error("its body was altered or damaged")]
    Digest,
    #[error("it is larger than any booth makes it")]
    TooLarge,
    #[error("it is encrypted for another key, or damaged")]
    Closed,
    #[error("what is inside is not what its seal says")]
    Content,
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Encrypts a batch and seals it: the bytes of one segment.
pub fn seal(
    batch: &SubmissionBatch,
    sequences: Vec<u64>,
    kiosk_id: &str,
    key: &DeviceKey,
    recipient: &x25519::Recipient,
    now: Timestamp,
) -> Result<Vec<u8>, CanonicalError> {
    let unwritable = |_| CanonicalError::NotAllowed("this batch");
    let json = serde_json::to_vec(batch).map_err(unwritable)?;
    let body = age::encrypt(recipient, &json).map_err(|_| CanonicalError::NotAllowed("this batch"))?;
    let seal = Seal {
        schema: SCHEMA,
        device: key.public(),
        kiosk_id: kiosk_id.to_owned(),
        created_at: now,
        sequences,
        bytes: body.len() as u64,
        sha256: Sha256Digest::of(&body),
    };
    let bytes = canonical::to_bytes(&seal)?;
    let signature = key.sign(Signed::Bundle, &bytes);
    let seal = String::from_utf8(bytes).map_err(|_| CanonicalError::NotCanonical)?;
    let mut segment = serde_json::to_vec(&Head { seal, signature }).map_err(unwritable)?;
    segment.push(b'\n');
    segment.extend(body);
    Ok(segment)
}

/// Opens a sound segment with the server's key.
pub fn open_body(segment: &Segment, identity: &x25519::Identity) -> Result<SubmissionBatch, Problem> {
    let closed = |_| Problem::Closed;
    let decryptor = age::Decryptor::new_buffered(&segment.body[..]).map_err(closed)?;
    let content = decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)).map_err(closed)?;
    let mut json = Vec::new();
    content.take(MAX_CONTENT + 1).read_to_end(&mut json).map_err(|_| Problem::Closed)?;
    if json.len() as u64 > MAX_CONTENT {
        return Err(Problem::TooLarge);
    }
    let batch: SubmissionBatch = serde_json::from_slice(&json).map_err(|_| Problem::Content)?;
    let states = !batch.withdrawals.is_empty() || !batch.fees.is_empty();
    let as_sealed = batch.device == segment.seal.device
        && batch.submissions.len() == segment.seal.sequences.len()
        && (states || !batch.submissions.is_empty());
    if as_sealed { Ok(batch) } else { Err(Problem::Content) }
}

/// The segments of a bundle, one after the other; ends after the first that is not sound.
#[derive(Debug)]
pub struct Segments<R> {
    source: R,
    number: u64,
    offset: u64,
    ended: bool,
}

impl<R: BufRead> Segments<R> {
    pub fn new(source: R) -> Self {
        Self { source, number: 0, offset: 0, ended: false }
    }

    /// Length of the sound segments so far.
    pub fn sound_bytes(&self) -> u64 {
        self.offset
    }

    fn read_segment(&mut self) -> Result<Option<(Segment, u64)>, Problem> {
        let mut line = Vec::new();
        (&mut self.source).take(MAX_HEAD).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.pop() != Some(b'\n') {
            let begins_well =
                b"{\"seal\":\"".starts_with(&line[..line.len().min(9)]) || line.starts_with(b"{\"seal\":\"");
            let cut_off = begins_well && (line.len() as u64) < MAX_HEAD - 1;
            return Err(if cut_off { Problem::CutOff } else { Problem::NotABundle });
        }
        let seal = read_seal(&line)?;
        if seal.bytes > MAX_BODY {
            return Err(Problem::TooLarge);
        }
        let mut body = Vec::new();
        (&mut self.source).take(seal.bytes).read_to_end(&mut body)?;
        if (body.len() as u64) < seal.bytes {
            return Err(Problem::CutOff);
        }
        if Sha256Digest::of(&body) != seal.sha256 {
            return Err(Problem::Digest);
        }
        let length = line.len() as u64 + 1 + seal.bytes;
        Ok(Some((Segment { seal, body }, length)))
    }
}

fn read_seal(line: &[u8]) -> Result<Seal, Problem> {
    let head: Head = serde_json::from_slice(line).map_err(|_| Problem::NotABundle)?;
    let seal: Seal = canonical::from_bytes(head.seal.as_bytes())?;
    if !seal.device.verifies(Signed::Bundle, head.seal.as_bytes(), &head.signature) {
        return Err(Problem::Signature);
    }
    let ascending = seal.sequences.windows(2).all(|pair| pair[0] < pair[1]);
    if seal.schema != SCHEMA || !ascending {
        return Err(Problem::Contradiction);
    }
    Ok(seal)
}

impl<R: BufRead> Iterator for Segments<R> {
    type Item = Result<Segment, BundleError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        self.number += 1;
        match self.read_segment() {
            Ok(Some((segment, length))) => {
                self.offset += length;
                Some(Ok(segment))
            }
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(problem) => {
                self.ended = true;
                Some(Err(BundleError { segment: self.number, offset: self.offset, problem }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> DeviceKey {
        DeviceKey::from_seed(&[3; 32])
    }

    fn now() -> Timestamp {
        "2026-06-01T08:00:00Z".parse().unwrap()
    }

    fn batch() -> SubmissionBatch {
        let item = crate::upload::wire::SubmissionItem {
            manifest: "{}".into(),
            signature: key().sign(Signed::Manifest, b"{}"),
            picture: "ffd8".into(),
            phone: None,
        };
        SubmissionBatch::new(key().public(), vec![item])
    }

    fn segment(server: &x25519::Identity) -> Vec<u8> {
        seal(&batch(), vec![7], "booth-1", &key(), &server.to_public(), now()).unwrap()
    }

    fn problem(bytes: &[u8]) -> (u64, u64, String) {
        let error = Segments::new(bytes).find_map(Result::err).expect("not sound");
        (error.segment, error.offset, format!("{:?}", error.problem))
    }

    #[test]
    fn what_was_sealed_is_opened_by_the_server_alone() {
        let (server, stranger) = (x25519::Identity::generate(), x25519::Identity::generate());
        let bytes = [segment(&server), segment(&server)].concat();
        let segments: Vec<_> = Segments::new(&bytes[..]).map(Result::unwrap).collect();
        assert_eq!((segments.len(), &segments[0].seal.sequences), (2, &vec![7]));
        assert_eq!(open_body(&segments[1], &server).unwrap().submissions[0].picture, "ffd8");
        assert!(matches!(open_body(&segments[1], &stranger), Err(Problem::Closed)));
        assert!(!bytes.windows(4).any(|window| window == b"ffd8"), "nothing is in the clear");
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_found_and_placed() {
        let server = x25519::Identity::generate();
        let one = segment(&server);
        let two = [one.clone(), segment(&server)].concat();
        for cut in one.len() + 1..two.len() {
            assert_eq!(problem(&two[..cut]), (2, one.len() as u64, "CutOff".to_owned()), "cut at {cut}");
        }
        for at in 0..one.len() {
            let mut altered = two.clone();
            altered[at] ^= 1;
            assert_eq!(problem(&altered).0, 1, "byte {at}");
        }
        assert_eq!(problem(b"hello\n").2, "NotABundle");
        assert_eq!(problem(&[b'x'; 70_000]).2, "NotABundle");
        assert!(Segments::new(&b""[..]).next().is_none());
    }

    #[test]
    fn a_seal_that_is_signed_by_another_booth_does_not_hold() {
        let server = x25519::Identity::generate();
        let ours = segment(&server);
        let stranger = DeviceKey::from_seed(&[4; 32]);
        let theirs = seal(&batch(), vec![7], "booth-1", &stranger, &server.to_public(), now()).unwrap();
        let head = |bytes: &[u8]| {
            let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
            serde_json::from_slice::<Head>(&bytes[..end]).unwrap()
        };
        let forged = Head { signature: head(&theirs).signature, ..head(&ours) };
        let mut bytes = serde_json::to_vec(&forged).unwrap();
        bytes.push(b'\n');
        assert_eq!(problem(&bytes).2, "Signature");
        // Their own seal around our batch holds, but not what it claims to be.
        let segment = Segments::new(&theirs[..]).next().unwrap().unwrap();
        assert!(matches!(open_body(&segment, &server), Err(Problem::Content)));
    }
}
