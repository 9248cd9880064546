//! `szz-kiosk mint-code`: a synthetic collection code to try the booth with.
//!
//! Writes the picture, its text and the roster entry that knows it. Never makes a real code.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::code::mint::mint;
use crate::code::{Enrolment, RosterEntry};

const PX_PER_MODULE: u32 = 8;

/// Make a synthetic collection code (not a real one of 学信网).
#[derive(Debug, Args)]
pub struct MintCodeArgs {
    /// The same number makes the same code
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for the three files
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

/// Writes `collection-code.png`, `payload.txt` and `roster-entry.json`.
pub fn run(args: &MintCodeArgs) -> Result<ExitCode> {
    let minted = mint(args.seed);
    let picture = minted.draw(PX_PER_MODULE);
    let entry = RosterEntry { code_digest: minted.payload.digest(), enrolment: minted.enrolment.clone() };
    fs::create_dir_all(&args.out).with_context(|| format!("cannot make the folder {}", args.out.display()))?;
    let cannot_write = |name: &str| format!("cannot write {}", args.out.join(name).display());
    let code = "collection-code.png";
    picture.save(args.out.join(code)).with_context(|| cannot_write(code))?;
    let text = "payload.txt";
    fs::write(args.out.join(text), minted.payload.expose()).with_context(|| cannot_write(text))?;
    let roster = "roster-entry.json";
    let json = serde_json::to_string_pretty(&entry)? + "\n";
    fs::write(args.out.join(roster), json).with_context(|| cannot_write(roster))?;

    println!("A SYNTHETIC code for tests and demonstrations (seed {}); no such person exists.", args.seed);
    println!("{}: {} × {} pixels", args.out.join(code).display(), picture.width(), picture.height());
    println!("{}: {} characters", args.out.join(text).display(), minted.payload.expose().len());
    let Enrolment { school, category, level, major, masked_name, document_last4 } = &minted.enrolment;
    println!(
        "{}: {masked_name} {document_last4}, {school}, {category}, {level}, {major}",
        args.out.join(roster).display()
    );
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_files_belong_together() {
        let folder = tempfile::tempdir().unwrap();
        run(&MintCodeArgs { seed: 5, out: folder.path().join("new") }).unwrap();
        let file = |name: &str| fs::read_to_string(folder.path().join("new").join(name)).unwrap();
        let payload = crate::code::Payload::new(file("payload.txt"));
        let entry: RosterEntry = serde_json::from_str(&file("roster-entry.json")).unwrap();
        assert_eq!(entry, RosterEntry { code_digest: payload.digest(), enrolment: mint(5).enrolment });
        assert!(image::open(folder.path().join("new/collection-code.png")).is_ok());
    }
}
