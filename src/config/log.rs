//! `[log]`: how much of the disk the log's files may take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the program did, as JSON in files beside the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Of all files together; 0 writes none.
    #[schemars(range(max = 10_000))]
    pub megabytes: u32,
}

impl Default for Log {
    fn default() -> Self {
        Self { megabytes: 50 }
    }
}
