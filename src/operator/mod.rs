//! Operator mode: what staff do at the booth's own screen. A second pure machine beside the visit: an
//! [`Event`] and the time go in, a [`Screen`] and [`Effect`]s come out. It has no clock, no thread and no
//! database, and never touches a visit: it opens from the welcome screen and while the booth is closed.
//!
//! ```text
//! closed ─held corner→ Pin ─right→ Board ⇄ Queue ⇄ Record, Pause, Stick, Roster, Plate, Camera, Day, Log, Purge, Update, Audit, ChangePin
//!    ↑                  │            │
//!    └── silence, exit ─┴────────────┘
//! ```
//!
//! Rules, each proved in `operator/tests.rs`:
//! 1. Nothing is asked of the workers that the role may not do ([`roles::TABLE`]); the workers look once more.
//! 2. Silence locks, and what was open is dropped with its screen.
//! 3. An answer to an earlier question means nothing.

mod answers;
mod keys;
pub mod lights;
mod machine;
mod parts;
pub mod pins;
mod record;
pub mod roles;
mod roster;
mod stick;
mod update;
mod upkeep;
mod words;

#[cfg(test)]
mod tests;

pub use lights::{Light, Subject};
pub use machine::{Operator, SEARCH};
pub use parts::*;
pub use pins::{Pins, PinsError};
pub use record::*;
pub use roles::{Action, Role};
pub use roster::*;
pub use stick::*;
pub use update::*;
pub use upkeep::*;
pub use words::*;
