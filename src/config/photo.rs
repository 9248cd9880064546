//! `[photo]`, and the profile that it names.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Document;
use super::problem::{BadConfig, Place, Problem, Problems, Rule};
use super::{schema, shape};
use crate::photo::runtime::places_around_the_program;
use crate::photo::standard::{PhotoProfile, ProfileRule};
use crate::platform::settings_folder;

/// What a photo has to be like.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPhoto {
    /// A name from profiles/, or a file.
    pub profile: String,
    /// Picture of the empty booth.
    pub plate: Option<PathBuf>,
}

impl Default for RawPhoto {
    fn default() -> Self {
        Self { profile: "national".to_owned(), plate: None }
    }
}

/// A photo profile by name, from the `kiosk-config/profiles` beside the program or the installed ones, or a file.
pub fn find_profile(name: &str) -> Result<PhotoProfile, BadConfig> {
    let file = find(name, None).map_err(|looked| {
        let (place, rule) = (Place::File, Rule::NoProfile { looked });
        BadConfig::new(Path::new(name), vec![Problem { file: name.into(), place, key: String::new(), rule }])
    })?;
    load_profile(&file).map_err(|problems| BadConfig::new(&file, problems))
}

pub(super) fn check(raw: &RawPhoto, folder: &Path, problems: &mut Problems<'_>) -> Option<PhotoProfile> {
    let file = find(&raw.profile, Some(folder))
        .map_err(|looked| problems.add("photo.profile", Rule::NoProfile { looked }))
        .ok()?;
    load_profile(&file).map_err(|others| problems.add_all(others)).ok()
}

/// Where it is, or where it was looked for.
fn find(name: &str, folder: Option<&Path>) -> Result<PathBuf, Vec<PathBuf>> {
    let file = format!("{name}.toml");
    let given = folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
    let beside = folder.map(|folder| folder.join("profiles").join(&file));
    let around = places_around_the_program().into_iter().map(|place| place.join("kiosk-config/profiles").join(&file));
    let installed = settings_folder().join("profiles").join(&file);
    let candidates: Vec<PathBuf> = [given].into_iter().chain(beside).chain(around).chain([installed]).collect();
    candidates.iter().find(|path| path.is_file()).cloned().ok_or(candidates)
}

pub(super) fn load_profile(file: &Path) -> Result<PhotoProfile, Vec<Problem>> {
    let mut document = Document::read(file)?;
    let found = shape::fit(&mut document, schema::profile());
    let profile = PhotoProfile::deserialize(document.table.clone());
    let mut problems = Problems::new(&document, found);
    match &profile {
        Ok(profile) => profile.problems().into_iter().for_each(|(key, rule)| {
            let rule = match rule {
                ProfileRule::Pair { most } => Rule::Pair { least: 0, most },
                ProfileRule::AllowsNothing => Rule::AllowsNothing,
            };
            problems.add(key, rule);
        }),
        // The schema lets nothing through that the type does not take; were it so, this says it.
        Err(error) => problems.add("", Rule::Syntax(error.message().to_owned())),
    }
    match (problems.into_error(file), profile) {
        (None, Ok(profile)) => Ok(profile),
        (bad, _) => Err(bad.map(|bad| bad.problems).unwrap_or_default()),
    }
}
