//! `[roster]`: what a table of students may lack.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What staff may choose for all students of a table that has no column for it, before what the booth knows already.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RosterOffers {
    /// Names of schools, in the standard's spelling.
    pub schools: Vec<String>,
    pub majors: Vec<String>,
}
