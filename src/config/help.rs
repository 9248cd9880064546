//! `[help]`: how students reach people, and today's notice.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How students reach people.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Help {
    pub phone: Option<String>,
    pub hours: Option<String>,
    /// What the WeChat code of the customer service says.
    pub wechat: Option<String>,
    /// What the code of the phone's mini-program says.
    pub mini_program: Option<String>,
    /// Today's notice on the welcome screen.
    pub notice: Option<String>,
    pub notice_en: Option<String>,
}
