//! `[texts]`: words of the screens that a booth says in its own way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::{Problems, Rule};
use crate::words::screens::{CHINESE, ENGLISH, Texts, Words};

/// Texts in place of the program's own. `szz-kiosk generate texts` prints all that can be replaced.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BoothTexts {
    pub zh: Texts,
    pub en: Texts,
}

impl BoothTexts {
    pub(super) fn checked(self, problems: &mut Problems<'_>) -> Self {
        for (language, texts) in [("zh", &self.zh), ("en", &self.en)] {
            for (name, most) in texts.unfit() {
                problems.add(&format!("texts.{language}.{name}"), Rule::TextTooWide { most });
            }
        }
        self
    }

    /// All that can be replaced, as it is without settings.
    pub fn of_the_program() -> Self {
        Self { zh: Texts::of(&CHINESE), en: Texts::of(&ENGLISH) }
    }

    /// The section as it stands in the settings.
    pub fn to_toml(&self) -> String {
        let sections = std::collections::BTreeMap::from([("texts", self)]);
        toml::to_string_pretty(&sections).expect("texts in tables are TOML")
    }

    /// Kept as long as the program runs.
    pub fn words(&self) -> Words {
        Words::new(&self.zh, &self.en)
    }
}
