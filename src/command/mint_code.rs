//! `szz-kiosk mint-code`: a synthetic collection code to try the booth with.
//!
//! Writes the picture, its text and the roster entry that knows it. Never makes a real code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::exit::Exit;
use crate::code::mint::{Minted, ValidFor, mint, mint_online, mint_plain, mint_sealed};
use crate::code::payload::is_school_code;
use crate::code::payload::sealed::{CIPHER_FILE, ISSUER_PRIVATE_FILE, ISSUER_PUBLIC_FILE, IssuerKeys};
use crate::code::{Enrolment, NumberHash, RosterEntry};
use crate::platform::make_owners_folder;

const PX_PER_MODULE: u32 = 8;

/// Make a synthetic collection code (not a real one of 学信网).
#[derive(Debug, Args)]
pub struct MintCodeArgs {
    /// What the code is, as [code] kind in a booth's settings
    #[arg(long, value_enum, default_value_t = KindArg::Opaque)]
    kind: KindArg,
    /// The same number makes the same person
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Plain and sealed: 院校代码 of the school
    #[arg(long, value_name = "CODE", default_value = "99999", value_parser = parse_school_code)]
    school_code: String,
    /// Plain and sealed: when it begins to hold, such as 2026-06-01T00:00:00+08:00 [default: now]
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Plain and sealed: for how many days it holds
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3660))]
    days: u16,
    /// The roster's entry knows this 学号 by its salted hash, so that the booth asks for it
    #[arg(long, value_name = "NUMBER")]
    student_number: Option<String>,
    /// Sealed: the folder that --make-keys filled
    #[arg(long, value_name = "DIR", required_if_eq("kind", "sealed"))]
    keys: Option<PathBuf>,
    /// Make the issuer's three key files in this folder, and no code
    #[arg(long, value_name = "DIR", conflicts_with_all = ["kind", "seed", "school_code", "from", "days", "student_number", "keys", "out"])]
    make_keys: Option<PathBuf>,
    /// Folder for the three files
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KindArg {
    /// Says nothing by itself: the roster knows whose it is
    Opaque,
    /// Says nothing by itself: the central server knows whose it is
    Online,
    /// Names the student in JSON, unsigned
    Plain,
    /// Names the student, encrypted and signed
    Sealed,
}

fn parse_school_code(text: &str) -> Result<String, String> {
    if is_school_code(text) { Ok(text.to_owned()) } else { Err("give 1–12 digits and capital letters".to_owned()) }
}

/// Writes `collection-code.png`, `payload.txt` and `roster-entry.json`, or the keys.
pub fn run(args: &MintCodeArgs) -> Result<ExitCode> {
    match &args.make_keys {
        Some(folder) => make_keys(folder, args.json)?,
        None => make_code(args)?,
    }
    Ok(Exit::Done.into())
}

fn make_code(args: &MintCodeArgs) -> Result<()> {
    let mut minted = minted(args)?;
    if let Some(number) = &args.student_number {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).context("the system gives no random numbers")?;
        minted.enrolment.student_number = Some(NumberHash::of(number, salt));
    }
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

    if args.json {
        let file = |name| args.out.join(name);
        let said = json!({
            "synthetic": true,
            "seed": args.seed,
            "picture": file(code),
            "payload": file(text),
            "roster_entry": file(roster),
        });
        println!("{said}");
        return Ok(());
    }
    println!("A SYNTHETIC code for tests and demonstrations (seed {}); no such person exists.", args.seed);
    println!("{}: {} × {} pixels", args.out.join(code).display(), picture.width(), picture.height());
    println!("{}: {} characters", args.out.join(text).display(), minted.payload.expose().len());
    let Enrolment { school, category, level, major, masked_name, document_last4, .. } = &minted.enrolment;
    println!(
        "{}: {masked_name} {document_last4}, {school}, {category}, {level}, {major}",
        args.out.join(roster).display()
    );
    Ok(())
}

fn minted(args: &MintCodeArgs) -> Result<Minted> {
    let valid = || -> Result<ValidFor> {
        let from = args.from.unwrap_or_else(Timestamp::now);
        // Whole seconds: what is cut off would only make the code denser.
        let from = Timestamp::from_second(from.as_second())?;
        let until = from
            .checked_add(SignedDuration::from_hours(24 * i64::from(args.days)))
            .context("--from and --days lead beyond the calendar")?;
        Ok(ValidFor { school_code: args.school_code.clone(), from, until })
    };
    Ok(match (args.kind, &args.keys) {
        (KindArg::Opaque, _) => mint(args.seed),
        (KindArg::Online, _) => mint_online(args.seed),
        (KindArg::Plain, _) => mint_plain(args.seed, &valid()?),
        (KindArg::Sealed, Some(keys)) => mint_sealed(args.seed, &valid()?, &IssuerKeys::load(keys)?)?,
        (KindArg::Sealed, None) => bail!("a sealed code needs --keys DIR"),
    })
}

fn make_keys(folder: &Path, as_json: bool) -> Result<()> {
    make_owners_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    IssuerKeys::create(folder)?;
    if as_json {
        let file = |name| folder.join(name);
        let (booths, issuer) = ([file(CIPHER_FILE), file(ISSUER_PUBLIC_FILE)], [file(ISSUER_PRIVATE_FILE)]);
        println!("{}", json!({ "for_booths": booths, "for_the_issuer_only": issuer }));
        return Ok(());
    }
    println!(
        "{}: encrypts and opens codes. For the issuer and into `secrets` of every booth.",
        folder.join(CIPHER_FILE).display()
    );
    println!("{}: checks codes. Into `secrets` of every booth.", folder.join(ISSUER_PUBLIC_FILE).display());
    println!("{}: signs codes. Stays with the issuer; never on a booth.", folder.join(ISSUER_PRIVATE_FILE).display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::code::Payload;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: MintCodeArgs,
    }

    fn run_line(line: &[&str]) -> Result<ExitCode> {
        run(&Line::try_parse_from([&["mint-code"], line].concat())?.args)
    }

    #[test]
    fn the_three_files_of_every_kind_belong_together() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, out) = (folder.path().join("keys"), folder.path().join("new"));
        let (keys, out) = (keys.to_str().unwrap(), out.to_str().unwrap());
        run_line(&["--make-keys", keys]).unwrap();
        for (kind, begins) in [
            ("opaque", "SZZ-DEMO-1."),
            ("online", "SZZ-ONLINE-1."),
            ("plain", "SZZ-PLAIN-1.{"),
            ("sealed", "SZZ-SEALED-1."),
        ] {
            run_line(&["--kind", kind, "--seed", "5", "--keys", keys, "--out", out]).unwrap();
            let file = |name: &str| fs::read_to_string(folder.path().join("new").join(name)).unwrap();
            let payload = Payload::new(file("payload.txt"));
            assert!(payload.expose().starts_with(begins), "{kind}");
            let entry: RosterEntry = serde_json::from_str(&file("roster-entry.json")).unwrap();
            assert_eq!(entry, RosterEntry { code_digest: payload.digest(), enrolment: mint(5).enrolment });
            assert!(image::open(folder.path().join("new/collection-code.png")).is_ok());
        }
    }

    #[test]
    fn a_sealed_code_needs_keys_and_keys_are_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let keys = keys.to_str().unwrap();
        assert!(run_line(&["--kind", "sealed"]).is_err());
        assert!(run_line(&["--kind", "sealed", "--keys", keys]).unwrap_err().to_string().contains("does not exist"));
        run_line(&["--make-keys", keys]).unwrap();
        let before = fs::read(folder.path().join("keys").join(ISSUER_PRIVATE_FILE)).unwrap();
        assert!(run_line(&["--make-keys", keys]).unwrap_err().to_string().contains("exists already"));
        assert_eq!(fs::read(folder.path().join("keys").join(ISSUER_PRIVATE_FILE)).unwrap(), before);
    }

    #[cfg(unix)]
    #[test]
    fn keys_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        run_line(&["--make-keys", keys.to_str().unwrap()]).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&keys), 0o700);
        for name in [CIPHER_FILE, ISSUER_PUBLIC_FILE, ISSUER_PRIVATE_FILE] {
            assert_eq!(mode(&keys.join(name)), 0o600, "{name}");
        }
    }
}
