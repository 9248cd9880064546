//! Verifies a run of stored records: every one signed by this booth, linked to the one before,
//! numbered without a gap, and still belonging to its picture. Says which record is wrong and how.
//!
//! It cannot see that the newest records were cut off: the central server's receipts can.

use super::{Manifest, ManifestError, PublicKey, Sha256Digest, Signature, Signed, SubmissionId};

/// One stored record, as bytes.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    pub manifest: &'a [u8],
    pub signature: &'a [u8],
    pub picture: Picture<'a>,
}

/// The picture that belongs to a record.
#[derive(Clone, Copy)]
pub enum Picture<'a> {
    Jpeg(&'a [u8]),
    /// Erased after the retention time; only its digest in the manifest is left.
    Erased,
    /// There, but cannot be decrypted.
    Unreadable,
}

impl std::fmt::Debug for Picture<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Jpeg(bytes) => write!(f, "Jpeg({} bytes)", bytes.len()),
            Self::Erased => f.write_str("Erased"),
            Self::Unreadable => f.write_str("Unreadable"),
        }
    }
}

/// Which record breaks the chain, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {place} of the chain{} is not sound: {problem}; keep the database and call the technician", Named(.submission_id))]
pub struct ChainError {
    /// Counted from 1 along the chain.
    pub place: u64,
    /// As the record says, if it can be read.
    pub submission_id: Option<SubmissionId>,
    pub problem: ChainProblem,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainProblem {
    #[error("its signature has the wrong length")]
    SignatureLength,
    #[error("it is not signed by this booth, or was altered")]
    Signature,
    #[error("{0}")]
    Manifest(#[from] ManifestError),
    #[error("its number is {found}, so records are missing or out of order")]
    Sequence { found: u64 },
    #[error("it does not follow the record before it")]
    Link,
    #[error("it names another signature algorithm than the booth's")]
    Algorithm,
    #[error("its picture cannot be decrypted, so it was exchanged or damaged")]
    PictureUnreadable,
    #[error("its picture was exchanged or damaged")]
    PictureDigest,
    #[error("its picture has another length than it says")]
    PictureLength,
    #[error("its columns in the database contradict it ({0})")]
    Columns(&'static str),
    #[error("its picture was erased before the central server acknowledged it")]
    PictureMissing,
    #[error("its receipt does not hold")]
    Receipt,
}

/// Displays " (id)" or nothing.
struct Named<'a>(&'a Option<SubmissionId>);

impl std::fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(id) => write!(f, " ({id})"),
            None => Ok(()),
        }
    }
}

/// Checks a record by itself: signature, form, picture. Its place in the chain is [`Chain`]'s matter.
pub fn inspect(device: &PublicKey, record: &Evidence<'_>) -> Result<Manifest, ChainProblem> {
    let signature = Signature::from_slice(record.signature).map_err(|_| ChainProblem::SignatureLength)?;
    if !device.verifies(Signed::Manifest, record.manifest, &signature) {
        return Err(ChainProblem::Signature);
    }
    let manifest = Manifest::from_bytes(record.manifest)?;
    if manifest.algorithm() != device.algorithm() {
        return Err(ChainProblem::Algorithm);
    }
    check_picture(&record.picture, &manifest)?;
    Ok(manifest)
}

/// Walks along a chain, record by record.
#[derive(Clone, Debug)]
pub struct Chain {
    device: PublicKey,
    /// Number of the last record.
    sequence: u64,
    /// Digest of that record's bytes; None if it was not sound, so that nothing can be said of the next link.
    head: Option<Sha256Digest>,
}

impl Chain {
    /// Before the first record of a booth.
    pub fn new(device: PublicKey) -> Self {
        Self { device, sequence: 0, head: Some(Sha256Digest::ZERO) }
    }

    /// Number of the last record.
    pub fn len(&self) -> u64 {
        self.sequence
    }

    pub fn is_empty(&self) -> bool {
        self.sequence == 0
    }

    /// Checks the next record and, if it is sound, steps onto it.
    pub fn step(&mut self, record: &Evidence<'_>) -> Result<Manifest, ChainError> {
        let manifest = inspect(&self.device, record)
            .and_then(|manifest| self.check_place(&manifest).map(|()| manifest))
            .map_err(|problem| ChainError {
                place: self.sequence + 1,
                submission_id: Manifest::from_bytes(record.manifest).ok().map(|manifest| manifest.submission_id),
                problem,
            })?;
        self.sequence = manifest.sequence;
        self.head = Some(Sha256Digest::of(record.manifest));
        Ok(manifest)
    }

    /// Goes on behind a record that was not sound, to find whatever else is wrong.
    pub fn step_over(&mut self, record: &Evidence<'_>) {
        let readable = Manifest::from_bytes(record.manifest).ok();
        self.sequence = readable.map_or(self.sequence + 1, |manifest| manifest.sequence.max(self.sequence + 1));
        self.head = None;
    }

    fn check_place(&self, manifest: &Manifest) -> Result<(), ChainProblem> {
        if manifest.sequence != self.sequence + 1 {
            return Err(ChainProblem::Sequence { found: manifest.sequence });
        }
        if self.head.is_some_and(|head| head != manifest.previous) {
            return Err(ChainProblem::Link);
        }
        Ok(())
    }
}

fn check_picture(picture: &Picture<'_>, manifest: &Manifest) -> Result<(), ChainProblem> {
    match picture {
        Picture::Erased => Ok(()),
        Picture::Unreadable => Err(ChainProblem::PictureUnreadable),
        Picture::Jpeg(jpeg) if jpeg.len() as u64 != manifest.picture.bytes => Err(ChainProblem::PictureLength),
        Picture::Jpeg(jpeg) if Sha256Digest::of(jpeg) != manifest.picture.sha256 => Err(ChainProblem::PictureDigest),
        Picture::Jpeg(_) => Ok(()),
    }
}

/// Checks a whole chain from its first record; returns the number of records.
pub fn verify_chain<'a>(device: PublicKey, records: impl IntoIterator<Item = Evidence<'a>>) -> Result<u64, ChainError> {
    let mut chain = Chain::new(device);
    for record in records {
        chain.step(&record)?;
    }
    Ok(chain.len())
}

#[cfg(test)]
mod tests {
    use super::super::manifest::tests::example;
    use super::super::{Algorithm, DeviceKey};
    use super::*;

    struct Owned {
        manifest: Vec<u8>,
        signature: Vec<u8>,
        jpeg: Option<Vec<u8>>,
    }

    fn key() -> DeviceKey {
        DeviceKey::from_seed(&[3; 32])
    }

    fn record(sequence: u64, previous: Sha256Digest, key: &DeviceKey) -> Owned {
        let jpeg = format!("jpeg {sequence}").into_bytes();
        let mut manifest = example();
        manifest.sequence = sequence;
        manifest.previous = previous;
        manifest.picture.sha256 = Sha256Digest::of(&jpeg);
        manifest.picture.bytes = jpeg.len() as u64;
        let manifest = manifest.to_bytes().unwrap();
        let signature = key.sign(Signed::Manifest, &manifest).0.to_vec();
        Owned { manifest, signature, jpeg: Some(jpeg) }
    }

    fn five() -> Vec<Owned> {
        let mut records: Vec<Owned> = Vec::new();
        for sequence in 1..=5 {
            let previous = records.last().map_or(Sha256Digest::ZERO, |last| Sha256Digest::of(&last.manifest));
            records.push(record(sequence, previous, &key()));
        }
        records
    }

    fn verify(records: &[Owned]) -> Result<u64, (u64, ChainProblem)> {
        let evidence = records.iter().map(|record| Evidence {
            manifest: &record.manifest,
            signature: &record.signature,
            picture: record.jpeg.as_deref().map_or(Picture::Erased, Picture::Jpeg),
        });
        verify_chain(key().public(), evidence).map_err(|error| (error.place, error.problem))
    }

    #[track_caller]
    fn check(spoil: impl FnOnce(&mut Vec<Owned>), expected: Result<u64, (u64, ChainProblem)>) {
        let mut records = five();
        spoil(&mut records);
        assert_eq!(verify(&records), expected);
    }

    #[test]
    fn a_sound_chain_is_sound_even_with_erased_pictures() {
        check(|_| {}, Ok(5));
        check(|records| records.clear(), Ok(0));
        check(|records| records[1].jpeg = None, Ok(5));
    }

    #[test]
    fn the_spoiled_record_is_named() {
        use ChainProblem as P;
        check(|r| r[2].manifest[40] ^= 1, Err((3, P::Signature)));
        check(|r| r[2].signature[5] ^= 1, Err((3, P::Signature)));
        check(|r| r[2].signature.truncate(63), Err((3, P::SignatureLength)));
        check(|r| r[3].jpeg.as_mut().unwrap()[0] ^= 1, Err((4, P::PictureDigest)));
        check(|r| r[3].jpeg.as_mut().unwrap().push(0), Err((4, P::PictureLength)));
        check(|r| drop(r.remove(1)), Err((2, P::Sequence { found: 3 })));
        check(|r| drop(r.remove(0)), Err((1, P::Sequence { found: 2 })));
        check(|r| r.swap(1, 2), Err((2, P::Sequence { found: 3 })));
        check(|r| r[4] = record(5, Sha256Digest([9; 32]), &key()), Err((5, P::Link)));
        check(|r| r[0] = record(1, Sha256Digest::ZERO, &DeviceKey::from_seed(&[4; 32])), Err((1, P::Signature)));
    }

    #[test]
    fn a_record_replaced_by_the_booth_itself_breaks_the_next_link() {
        // Same place, same key, another picture: only the chain can tell.
        check(
            |records| {
                let previous = Sha256Digest::of(&records[1].manifest);
                let mut manifest = Manifest::from_bytes(&records[2].manifest).unwrap();
                manifest.software = "0.1.1".into();
                manifest.previous = previous;
                records[2].manifest = manifest.to_bytes().unwrap();
                records[2].signature = key().sign(Signed::Manifest, &records[2].manifest).0.to_vec();
            },
            Err((4, ChainProblem::Link)),
        );
    }

    #[test]
    fn behind_a_spoiled_record_the_walk_goes_on_and_finds_the_next() {
        let mut records = five();
        records[1].signature[0] ^= 1;
        records[3].jpeg.as_mut().unwrap()[0] ^= 1;
        let mut chain = Chain::new(key().public());
        let mut places = Vec::new();
        for record in &records {
            let evidence = Evidence {
                manifest: &record.manifest,
                signature: &record.signature,
                picture: Picture::Jpeg(record.jpeg.as_ref().unwrap()),
            };
            if let Err(error) = chain.step(&evidence) {
                places.push(error.place);
                chain.step_over(&evidence);
            }
        }
        assert_eq!((places, chain.len()), (vec![2, 4], 5));
    }

    #[test]
    fn a_record_must_name_the_algorithm_that_signed_it() {
        let mut manifest = example();
        manifest.signature_algorithm = Some(Algorithm::Sm2);
        let manifest = manifest.to_bytes().unwrap();
        let check = |key: &DeviceKey| {
            let signature = key.sign(Signed::Manifest, &manifest).0;
            inspect(&key.public(), &Evidence { manifest: &manifest, signature: &signature, picture: Picture::Erased })
                .map(|manifest| manifest.algorithm())
        };
        assert_eq!(check(&key()), Err(ChainProblem::Algorithm));
        assert_eq!(check(&DeviceKey::from_seed_as(Algorithm::Sm2, &[3; 32]).unwrap()), Ok(Algorithm::Sm2));
    }

    #[test]
    fn signed_bytes_that_are_no_manifest_are_refused() {
        let mut records = five();
        records[0].manifest = b"{}".to_vec();
        records[0].signature = key().sign(Signed::Manifest, b"{}").0.to_vec();
        assert!(matches!(verify(&records), Err((1, ChainProblem::Manifest(_)))));
    }
}
