//! Checks a run of records: signature, digest of the picture, number, and link to the record before.
//! Says exactly which record is wrong and how; repairs nothing.

use thiserror::Error;

use super::manifest::Manifest;
use super::signature::{Message, PublicKey};
use super::{Digest, Record};

#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("record {sequence}: {flaw}")]
pub struct BrokenRecord {
    pub sequence: u64,
    pub flaw: Flaw,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Flaw {
    #[error("the manifest cannot be read")]
    Manifest,
    #[error("the signature is not this booth's")]
    Signature,
    #[error("the picture is not the one that was signed")]
    Picture,
    #[error("number {expected} was expected here: a record is missing or was added")]
    Sequence { expected: u64 },
    #[error("it does not continue the record before")]
    Link,
}

/// Where a chain stands: feed it every record, in order.
#[derive(Clone, Copy, Debug)]
pub struct Chain {
    next: u64,
    previous: Digest,
}

impl Default for Chain {
    fn default() -> Self {
        Self { next: 1, previous: Digest::NONE }
    }
}

impl Chain {
    /// Checks the next record and moves on to it.
    pub fn accept(&mut self, record: &Record, key: PublicKey) -> Result<Manifest, BrokenRecord> {
        let broken = |flaw| BrokenRecord { sequence: record.sequence, flaw };
        if !key.verifies(Message::Manifest, &record.manifest, &record.signature) {
            return Err(broken(Flaw::Signature));
        }
        let manifest = Manifest::from_bytes(&record.manifest).map_err(|_| broken(Flaw::Manifest))?;
        if manifest.picture.sha256 != Digest::of(&record.jpeg) {
            return Err(broken(Flaw::Picture));
        }
        if manifest.sequence != self.next || record.sequence != self.next {
            return Err(broken(Flaw::Sequence { expected: self.next }));
        }
        if manifest.previous != self.previous {
            return Err(broken(Flaw::Link));
        }
        self.next += 1;
        self.previous = record.digest();
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::super::manifest::tests::draft;
    use super::super::signature::PrivateKey;
    use super::*;

    fn run(length: u64, key: &PrivateKey) -> Vec<Record> {
        let mut previous = Digest::NONE;
        (1..=length)
            .map(|sequence| {
                let jpeg = sequence.to_be_bytes().to_vec();
                let manifest = Manifest::new(&draft(&jpeg), sequence, previous, jiff::Timestamp::UNIX_EPOCH);
                let bytes = manifest.to_bytes();
                previous = Digest::of(&bytes);
                Record {
                    submission_id: manifest.submission_id,
                    sequence,
                    signature: key.sign(Message::Manifest, &bytes),
                    manifest: bytes,
                    jpeg,
                }
            })
            .collect()
    }

    fn first_flaw(records: &[Record], key: PublicKey) -> Option<BrokenRecord> {
        let mut chain = Chain::default();
        records.iter().find_map(|record| chain.accept(record, key).err())
    }

    #[test]
    fn a_whole_chain_passes_and_every_kind_of_harm_is_named() {
        let key = PrivateKey::from_bytes(&[1; 32]);
        let records = run(4, &key);
        assert_eq!(first_flaw(&records, key.public()), None);

        let harmed = |harm: &dyn Fn(&mut Vec<Record>)| {
            let mut records = records.clone();
            harm(&mut records);
            first_flaw(&records, key.public()).map(|broken| (broken.sequence, broken.flaw))
        };
        assert_eq!(harmed(&|r| r[2].manifest[30] ^= 1), Some((3, Flaw::Signature)));
        assert_eq!(harmed(&|r| r[1].jpeg[0] ^= 1), Some((2, Flaw::Picture)));
        assert_eq!(harmed(&|r| drop(r.remove(1))), Some((3, Flaw::Sequence { expected: 2 })));
        assert_eq!(harmed(&|r| r.swap(1, 2)), Some((3, Flaw::Sequence { expected: 2 })));
        let other = run(4, &PrivateKey::from_bytes(&[9; 32]));
        assert_eq!(harmed(&|r| r[3] = other[3].clone()), Some((4, Flaw::Signature)));
        // Signed by the right key, but continuing another history.
        let mut forked = draft(b"fork");
        forked.quality = 60;
        let bytes = Manifest::new(&forked, 2, Digest([3; 32]), jiff::Timestamp::UNIX_EPOCH).to_bytes();
        let record = Record {
            submission_id: forked.submission_id,
            sequence: 2,
            signature: key.sign(Message::Manifest, &bytes),
            manifest: bytes,
            jpeg: b"fork".to_vec(),
        };
        assert_eq!(harmed(&|r| r[1] = record.clone()), Some((2, Flaw::Link)));
    }
}
