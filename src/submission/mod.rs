//! What leaves the booth: the immutable record of one photo, its signature, its place in the chain,
//! and the receipt that proves the central server has it.
//!
//! Pure: knows no database, no network, no thread. Nothing here changes a record once it is signed.
//!
//! Reading order: [`Manifest`] is the record, [`canonical`] its bytes, [`DeviceKey`] signs them,
//! [`Chain`] checks a run of them, [`Receipt`] answers them, [`Draft`] is what one is made from.

pub mod canonical;
mod chain;
mod claim;
mod clock;
mod digest;
mod draft;
mod enrol;
mod manifest;
mod receipt;
mod signature;
mod statement;
mod status;

pub use chain::{Chain, ChainError, ChainProblem, Evidence, Picture, inspect, verify_chain};
pub use claim::{ClaimError, LinkClaim};
pub use clock::{ClockCheck, ClockTrust};
pub use digest::{MalformedHex, Sha256Digest, SubmissionId};
pub use draft::{CheckRecord, Draft, Identity, Place, PortraitFile};
pub use enrol::{EnrolAnswer, EnrolAnswerError, EnrolRequest, SignedEnrolAnswer, SignedEnrolRequest};
pub(crate) use manifest::utc_seconds;
pub use manifest::{ConsentRecord, ContactFacts, Manifest, ManifestError, NamedDigest, PaymentTerms, PictureFacts};
pub use receipt::{ProvenReceipt, Receipt, ReceiptError, SignedReceipt, Submitted};
pub use signature::{Algorithm, DeviceKey, PublicKey, ServerKey, Signature, Signed};
pub use statement::{FeeTaken, SignedStatement, Statement, Withdrawal};
pub use status::{Audit, Payment, Status, StatusUpdate};
