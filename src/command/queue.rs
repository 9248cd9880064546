//! `szz-kiosk queue`: what waits, and how it leaves and comes back without a network.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::json;

use super::exit::Exit;
use super::progress::Progress;
use super::queue_list::{self, ListArgs};
use crate::bundle;
use crate::config::{self, Config, ServerConfig};
use crate::office::Office;
use crate::operator::Action;
use crate::store::{Store, StoreKey};
use crate::submission::DeviceKey;
use crate::upload::import_answer;
use crate::upload::wire::BatchAnswer;

/// Look at the queue, carry it to the central server on a stick, back it up.
#[derive(Debug, Args)]
pub struct QueueArgs {
    /// The booth's settings
    #[arg(long)]
    config: PathBuf,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// How many submissions are where, and how old the news is
    Status,
    /// One page of submissions, newest first; nothing in it says who it is
    List(ListArgs),
    /// One submission by its order number, or the end of it as students see it
    Show {
        #[arg(value_name = "ORDER_NUMBER")]
        order: String,
    },
    /// Whether every record and the chain of them are sound; changes nothing
    Verify,
    /// Write the waiting submissions into one encrypted, signed file; goes on where it was cut off
    Export {
        /// The file, or a folder such as a mounted stick
        #[arg(long, value_name = "PATH")]
        to: PathBuf,
    },
    /// Write what can still be read of a damaged database, or of a copy of one, into such a file
    Rescue {
        /// The file, or a folder such as a mounted stick
        #[arg(long, value_name = "PATH")]
        to: PathBuf,
        /// A copy from the backups instead of the booth's own database
        #[arg(long, value_name = "FILE")]
        database: Option<PathBuf>,
    },
    /// Take in the receipt file that the central server gave for a bundle
    ImportReceipts {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Copy the database, while the booth runs, into [backup] folder or another
    Backup {
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
}

pub fn run(args: &QueueArgs) -> Result<ExitCode> {
    let config = config::load(&args.config)?;
    let office = || Office::open_existing(&config)?.context(queue_list::NO_QUEUE);
    let now = Timestamp::now();
    let said = match &args.command {
        Command::List(list) => return queue_list::list(&config, list, args.json),
        Command::Show { order } => return queue_list::show(&config, order, args.json),
        Command::Verify => return queue_list::verify(&config, args.json),
        Command::Status => status(&queue_list::open(&config)?)?,
        Command::Rescue { to, database } => return rescue(&config, to, database.as_deref(), now, args.json),
        Command::Export { to } => export(&config, &office()?, to, now)?,
        Command::ImportReceipts { files } => import(&config, &office()?, files, now)?,
        Command::Backup { to } => {
            let office = office()?;
            let folder = to.as_ref().or(config.backup.folder.as_ref());
            let folder = folder.context("[backup] folder is not set: name one with --to")?;
            office.note_command(now, "backup", "")?;
            let mut progress = Progress::new("copying");
            let copied = |pages: u64, of: u64| progress.at(pages, Some(of));
            let path = office.store.backup(folder, config.backup.keep, now, copied)?;
            drop(progress);
            json!({ "backup": path })
        }
    };
    print(&said, args.json);
    Ok(Exit::Done.into())
}

fn status(store: &Store) -> Result<serde_json::Value> {
    let counts = store.counts()?;
    Ok(json!({
        "pending": counts.pending,
        "acknowledged": counts.acknowledged,
        "rejected": counts.rejected,
        "conflict": counts.conflict,
        "withdrawn": counts.withdrawn,
        "pictures": counts.pictures,
        "oldest_pending": store.oldest_pending()?,
        "last_receipt_at": store.last_receipt_at()?,
        "news_as_of": store.statuses_as_of()?,
        "erased": store.deletions()?.len(),
    }))
}

fn export(config: &Config, office: &Office, to: &Path, now: Timestamp) -> Result<serde_json::Value> {
    let recipient = recipient(config)?;
    let path = bundle_path(config, to);
    let progress = RefCell::new(Progress::new("exporting"));
    let waiting = office.store.counts()?.pending;
    let said = |written: usize| progress.borrow_mut().at(written as u64, Some(waiting));
    office.note_command(now, Action::Export.name(), "")?;
    let done = bundle::export(&office.store, &office.key, &config.kiosk_id, recipient, &path, now, said)?;
    drop(progress);
    Ok(json!({ "bundle": path, "found": done.found, "added": done.added, "bytes": done.bytes, "verified": true }))
}

/// Exit code 1 when some record, or what the server has to be told, could not be read. Writes nothing into the database,
/// not even that it was asked for.
fn rescue(config: &Config, to: &Path, database: Option<&Path>, now: Timestamp, as_json: bool) -> Result<ExitCode> {
    let database = database.map_or_else(|| config.database(), Path::to_owned);
    let database = database.as_path();
    if !database.exists() {
        bail!("there is no database at {}", database.display());
    }
    let store_key = StoreKey::load(&config.secrets.join("store.key"))?;
    let key = DeviceKey::load(&config.device_key_file(), config.signature)?;
    let path = bundle_path(config, to);
    let rescued = bundle::rescue(database, &store_key, &key, &config.kiosk_id, recipient(config)?, &path, now)?;
    let bundle::Exported { found, added, bytes } = rescued.exported;
    let said = json!({
        "bundle": path, "found": found, "added": added, "bytes": bytes, "verified": true,
        "unreadable": rescued.unreadable, "withdrawals_and_fees": rescued.has_statements,
    });
    print(&said, as_json);
    Ok(Exit::done_if(rescued.unreadable.is_empty() && rescued.has_statements).into())
}

fn bundle_path(config: &Config, to: &Path) -> PathBuf {
    if to.is_dir() { to.join(bundle::file_name(&config.kiosk_id)) } else { to.to_owned() }
}

fn recipient(config: &Config) -> Result<&age::x25519::Recipient> {
    let recipient = server(config)?.bundle_key.as_ref();
    recipient.context("[server] bundle_key is not set: without it nobody could open the bundle")
}

fn import(config: &Config, office: &Office, files: &[PathBuf], now: Timestamp) -> Result<serde_json::Value> {
    let key = &server(config)?.public_key;
    let answers: Vec<BatchAnswer> = files.iter().map(|file| bundle::read_receipts(file)).collect::<Result<_, _>>()?;
    let all: usize = answers.iter().map(|answer| answer.results.len()).sum();
    office.note_command(now, Action::ImportReceipts.name(), "")?;
    let mut progress = Progress::new("judging receipts");
    let mut before = 0;
    let (mut acknowledged, mut refused, mut unproven, mut foreign) = (0, 0, 0, 0);
    for answer in &answers {
        let judged = |done: usize| progress.at((before + done) as u64, Some(all as u64));
        let (report, strangers) = import_answer(&office.store, answer, key, now, judged)?;
        before += answer.results.len();
        acknowledged += report.acknowledged;
        refused += report.rejected + report.conflicts;
        unproven += report.failed;
        foreign += strangers;
    }
    drop(progress);
    let pending = office.store.counts()?.pending;
    Ok(json!({
        "acknowledged": acknowledged, "refused": refused, "unproven": unproven,
        "of_other_booths": foreign, "still_pending": pending,
    }))
}

fn server(config: &Config) -> Result<&ServerConfig> {
    config.server.as_ref().context("[server] is not set: url and public_key say who may open bundles and sign receipts")
}

/// A line for each key, its value below those of the others, or JSON.
pub(super) fn print(said: &serde_json::Value, as_json: bool) {
    match said.as_object() {
        Some(lines) if !as_json => {
            let width = lines.keys().map(String::len).max().unwrap_or_default();
            for (key, value) in lines {
                println!("{:<width$}  {}", key.replace('_', " "), plain(value));
            }
        }
        _ => println!("{said}"),
    }
}

fn plain(value: &serde_json::Value) -> String {
    use serde_json::Value::{Array, Bool, Null, Object, String};
    let list = |parts: Vec<std::string::String>| if parts.is_empty() { "none".to_owned() } else { parts.join("; ") };
    match value {
        Null => "–".to_owned(),
        Bool(true) => "yes".to_owned(),
        Bool(false) => "no".to_owned(),
        String(text) => text.clone(),
        Array(values) => list(values.iter().map(plain).collect()),
        Object(parts) => list(parts.iter().map(|(key, value)| format!("{key} {}", plain(value))).collect()),
        number => number.to_string(),
    }
}
