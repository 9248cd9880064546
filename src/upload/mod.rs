//! Delivery of the queue to the central server.
//!
//! **Format.** `POST /v1/submissions` with JSON: the booth's public key and up to a few dozen items,
//! each the manifest's exact bytes, its signature and the picture ([`wire`], `docs/central-api.yaml`).
//!
//! **Order.** Oldest first, as the chain runs; one batch is under way at a time.
//!
//! **Retry promise.** A submission is sent, unchanged, until the server's own signed receipt names
//! exactly the stored bytes. Nothing else settles it: no HTTP status, no page of a captive portal, no
//! receipt for something else. What the server refuses by name is parked for staff, never deleted.
//! Sending twice is harmless: the server answers a known record with its first receipt.
//!
//! [`policy`] decides (pure), [`client`] talks HTTP, [`Delivery`] goes in rounds, [`Backoff`] says
//! how long to wait for the next. There is no clock here, and no thread but the one that reads
//! ahead during a round.

pub mod backoff;
mod certificate;
pub mod client;
mod courier;
pub mod enrol;
pub mod heartbeat;
pub mod live;
mod news;
pub mod policy;
mod statements;
pub mod wire;

#[cfg(test)]
mod tests;

pub use backoff::{Backoff, BatchLimit, Rhythm};
pub use certificate::{first_end, leaf_end, valid_until};
pub use client::{ClientConfig, ClientError, HttpUploader};
pub use courier::{Delivery, Pace, Report, import_answer, items};
pub use news::{News, NewsSource, fetch_news};
pub use policy::Why;
pub use statements::{Told, signed, tell};
