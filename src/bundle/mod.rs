//! The queue on a USB stick, for booths without a network: one file that only the central server can open
//! and only this booth can have made.
//!
//! ```text
//! bundle  = segment*
//! segment = head "\n" body
//! head    = {"seal": S, "signature": the booth's signature of "szz-bundle-v1\n" + S}, at most 64 KB
//! S       = canonical JSON of a Seal: which records are inside, size and SHA-256 of the body
//! body    = an age file (age-encryption.org/v1) for the server's X25519 key; inside it is the JSON that the
//!           booth would have posted to /v1/submissions
//! ```
//!
//! Segments are small and whole: an export that was cut off goes on after the last whole one, and two
//! bundles one after the other are a bundle. The seals can be checked without opening anything.

mod export;
mod receipts;
mod segment;

pub use export::{
    ExportError, Exported, Rescued, check_file, export, export_record, file_name, record_file_name, rescue,
};
pub use receipts::{ReceiptFileError, read_receipts, receipts_in};
pub use segment::{BundleError, Problem, Seal, Segment, Segments, open_body, seal};
