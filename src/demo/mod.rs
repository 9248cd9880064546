//! What the booth needs to run without a school: an in-process central server. Built with the
//! feature `demo` only, and never used for real submissions.

mod ledger;
pub mod server;

pub use server::{DemoServer, Fault};
