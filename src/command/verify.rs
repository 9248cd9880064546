//! `szz-kiosk verify`: whether records, bundles, databases and receipts are what they claim to be, and if
//! not, what is wrong where. Changes nothing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use serde::Serialize;

use super::exit::Exit;
use super::queue_list::audit;
use crate::bundle::{self, Segments};
use crate::config::{self, Config};
use crate::secret_file;
use crate::store::{Store, StoreKey};
use crate::submission::{ChainProblem, DeviceKey, Evidence, Picture, PublicKey, ServerKey, Sha256Digest, inspect};
use crate::upload::wire::{Body, SubmissionBatch, SubmissionItem};

/// Check signatures, chain and digests of a record, a batch, a bundle, a receipt file or a database.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// What to check
    path: PathBuf,
    /// The booth's settings: its keys and the server's
    #[arg(long)]
    config: Option<PathBuf>,
    /// The booth's public key, instead of the one from the settings
    #[arg(long, value_name = "HEX")]
    device: Option<PublicKey>,
    /// The server's public key, for receipts
    #[arg(long, value_name = "HEX")]
    server: Option<PublicKey>,
    /// The database's key file
    #[arg(long, value_name = "FILE")]
    store_key: Option<PathBuf>,
    /// The server's age key file, to look inside a bundle as well
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Report {
    kind: &'static str,
    /// Records, or receipts, that were looked at.
    checked: u64,
    sound: bool,
    problems: Vec<Finding>,
    /// What could not be checked, and what is needed for it.
    unchecked: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Finding {
    place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    submission_id: Option<String>,
    problem: String,
}

pub fn run(args: &VerifyArgs) -> Result<ExitCode> {
    let keys = Keys::gather(args)?;
    let mut report = check(&args.path, &keys)?;
    report.sound = report.problems.is_empty();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{}: {} checked, {} problem(s)", report.kind, report.checked, report.problems.len());
        for finding in &report.problems {
            let id = finding.submission_id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
            println!("{}{id}: {}", finding.place, finding.problem);
        }
        for unchecked in &report.unchecked {
            println!("not checked: {unchecked}");
        }
    }
    Ok(Exit::done_if(report.sound).into())
}

/// Whatever keys the command was given.
struct Keys {
    device: Option<PublicKey>,
    server: Option<ServerKey>,
    store: Option<StoreKey>,
    identity: Option<age::x25519::Identity>,
}

impl Keys {
    fn gather(args: &VerifyArgs) -> Result<Self> {
        let config = args.config.as_deref().map(config::load).transpose()?;
        let device = match (args.device, &config) {
            (Some(device), _) => Some(device),
            (None, Some(config)) => Some(own_key(config)?),
            (None, None) => None,
        };
        let of_config = config.as_ref().and_then(|config| config.server.as_ref()).map(|server| server.public_key);
        let in_secrets = config.as_ref().map(|config| config.secrets.join("store.key"));
        let store = args.store_key.clone().or(in_secrets);
        let store = store.filter(|path| args.store_key.is_some() || path.exists());
        let identity = args.identity.as_deref().map(read_identity).transpose()?;
        Ok(Self {
            device,
            server: args.server.or(of_config),
            store: store.map(|path| StoreKey::load(&path)).transpose()?,
            identity,
        })
    }

    fn device(&self) -> Result<PublicKey> {
        self.device.context("whose records are these? Give --device HEX or --config")
    }
}

fn own_key(config: &Config) -> Result<PublicKey> {
    Ok(DeviceKey::load(&config.device_key_file(), config.signature)?.public())
}

fn read_identity(path: &Path) -> Result<age::x25519::Identity> {
    let text = secret_file::load_text(path)?;
    text.parse().map_err(|reason| anyhow!("{}: {reason}", path.display()))
}

fn check(path: &Path, keys: &Keys) -> Result<Report> {
    let mut beginning = Vec::new();
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    file.take(64).read_to_end(&mut beginning).with_context(|| format!("{} cannot be read", path.display()))?;
    match beginning.as_slice() {
        bundle if bundle.starts_with(b"{\"seal\":\"") => check_bundle(path, keys),
        [_, ..] if is_text(&beginning) => check_json(path, keys),
        _ => check_database(path, keys),
    }
}

/// A database begins with random bytes, the first of which may look like JSON. The last character may be cut.
fn is_text(beginning: &[u8]) -> bool {
    std::str::from_utf8(beginning).map_or_else(|error| error.error_len().is_none(), |_| true)
}

fn check_database(path: &Path, keys: &Keys) -> Result<Report> {
    let key = keys.store.as_ref().context("this looks like a database: give --store-key FILE or --config")?;
    let store = Store::open_to_read(path, key)?;
    let audit = audit(&store, keys.device()?, keys.server.as_ref())?;
    let finding = |error: crate::submission::ChainError| Finding {
        place: format!("record {}", error.place),
        submission_id: error.submission_id.map(|id| id.to_string()),
        problem: error.problem.to_string(),
    };
    let mut report = Report::new("database", audit.records);
    report.problems = audit.problems.into_iter().map(finding).collect();
    if keys.server.is_none() {
        report.unchecked.push("receipts (give --server HEX)");
    }
    Ok(report)
}

fn check_bundle(path: &Path, keys: &Keys) -> Result<Report> {
    let mut report = Report::new("bundle", 0);
    let mut places = Places::default();
    for (number, segment) in (1..).zip(Segments::new(BufReader::new(File::open(path)?))) {
        let segment = match segment {
            Ok(segment) => segment,
            Err(error) => {
                report.find(format!("segment {number}, byte {}", error.offset), None, error.problem.to_string());
                break;
            }
        };
        report.checked += segment.seal.sequences.len() as u64;
        if keys.device.is_some_and(|device| device != segment.seal.device) {
            report.find(format!("segment {number}"), None, "it was sealed by another booth".to_owned());
        }
        let Some(identity) = &keys.identity else { continue };
        match bundle::open_body(&segment, identity) {
            Ok(batch) => {
                check_items(&batch.device, &batch.submissions, &format!("segment {number}, "), &mut places, &mut report)
            }
            Err(problem) => report.find(format!("segment {number}"), None, problem.to_string()),
        }
    }
    if keys.identity.is_none() {
        report.unchecked.push("what is inside (give --identity FILE, which only the central server has)");
    }
    Ok(report)
}

fn check_json(path: &Path, keys: &Keys) -> Result<Report> {
    let bytes = fs::read(path)?;
    if let Ok(batch) = serde_json::from_slice::<SubmissionBatch>(&bytes) {
        let mut report = Report::new("batch", batch.submissions.len() as u64);
        let device = keys.device.unwrap_or(batch.device);
        check_items(&device, &batch.submissions, "", &mut Places::default(), &mut report);
        if keys.device.is_none() {
            report.unchecked.push("whether the booth is known (give --device HEX)");
        }
        return Ok(report);
    }
    if let Ok(item) = serde_json::from_slice::<SubmissionItem>(&bytes) {
        let mut report = Report::new("record", 1);
        check_items(&keys.device()?, &[item], "", &mut Places::default(), &mut report);
        return Ok(report);
    }
    let Body::Results(answer) = Body::read_file(&bytes) else {
        bail!("{} is neither a record, a batch, a bundle, a receipt file nor a database", path.display());
    };
    let server = keys.server.context("whose receipts are these? Give --server HEX or --config")?;
    let mut report = Report::new("receipts", answer.results.len() as u64);
    for (number, result) in (1..).zip(&answer.results) {
        let Some(receipt) = &result.receipt else { continue };
        if !receipt.is_from(&server) {
            let problem = "the receipt is not signed by the central server, or was altered".to_owned();
            report.find(format!("receipt {number}"), Some(result.submission_id.to_string()), problem);
        }
    }
    Ok(report)
}

/// Digest and predecessor of each place seen so far: a bundle may have gaps, but no contradictions.
#[derive(Default)]
struct Places(BTreeMap<u64, (Sha256Digest, Sha256Digest)>);

impl Places {
    fn fits(&mut self, sequence: u64, digest: Sha256Digest, previous: Sha256Digest) -> Result<(), ChainProblem> {
        let known = |place: u64| self.0.get(&place);
        let fits = known(sequence).is_none_or(|(seen, _)| *seen == digest)
            && known(sequence.wrapping_sub(1)).is_none_or(|(before, _)| *before == previous)
            && known(sequence + 1).is_none_or(|(_, link)| *link == digest);
        self.0.insert(sequence, (digest, previous));
        if fits { Ok(()) } else { Err(ChainProblem::Link) }
    }
}

fn check_items(device: &PublicKey, items: &[SubmissionItem], within: &str, places: &mut Places, report: &mut Report) {
    for (number, item) in (1..).zip(items) {
        let manifest = item.manifest.as_bytes();
        let jpeg = hex::decode(&item.picture).unwrap_or_default();
        let evidence = Evidence { manifest, signature: &item.signature.0, picture: Picture::Jpeg(&jpeg) };
        let mut id = None;
        let checked = inspect(device, &evidence).and_then(|record| {
            id = Some(record.submission_id.to_string());
            places.fits(record.sequence, Sha256Digest::of(manifest), record.previous)
        });
        if let Err(problem) = checked {
            report.find(format!("{within}record {number}"), id, problem.to_string());
        }
    }
}

impl Report {
    fn new(kind: &'static str, checked: u64) -> Self {
        Self { kind, checked, sound: true, problems: Vec::new(), unchecked: Vec::new() }
    }

    fn find(&mut self, place: String, submission_id: Option<String>, problem: String) {
        self.problems.push(Finding { place, submission_id, problem });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_bytes_are_no_text() {
        assert!(is_text(b"{\"manifest\": \"\xE5\x9B"), "cut inside a character");
        assert!(!is_text(b"{\x93\xC0\x00\xFF random"));
    }
}
