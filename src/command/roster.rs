//! `szz-kiosk roster`: tells a booth whose codes it may serve. Changes nothing when any row is wrong, unless
//! the operator leaves bad rows out.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::exit::Exit;
use super::progress::Progress;
use crate::config::{self, Config};
use crate::office::{Office, Step, foresee_roster, import_roster, open_to_read, roster_digest, roster_subject};
use crate::operator::Action;
use crate::roster::{Field, Line, MOST_TOLD, Mapping, Reading};

/// Whose codes the booth knows.
#[derive(Debug, Args)]
pub struct RosterArgs {
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
    /// Add the students of CSV, XLSX or JSON files, and update those that are known
    Import(ImportArgs),
    /// How many students the booth knows
    Status,
}

#[derive(Debug, Args)]
struct ImportArgs {
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What a column is, by its heading or letter: --map 备注=major. Usual headings are known
    #[arg(long, value_name = "HEADING=FIELD", value_parser = parse_map)]
    map: Vec<(String, Field)>,
    /// What all students of the files have, where no column says it: --set school=演示大学
    #[arg(long, value_name = "FIELD=VALUE", value_parser = parse_set)]
    set: Vec<(Field, String)>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Import the good rows although others are wrong
    #[arg(long)]
    skip_bad_rows: bool,
    /// Remove whoever is not in the files
    #[arg(long)]
    replace: bool,
}

fn parse_map(text: &str) -> Result<(String, Field), String> {
    let (heading, field) = text.rsplit_once('=').ok_or("give HEADING=FIELD")?;
    Ok((heading.trim().to_owned(), field.trim().parse()?))
}

fn parse_set(text: &str) -> Result<(Field, String), String> {
    let (field, value) = text.split_once('=').ok_or("give FIELD=VALUE")?;
    let field: Field = field.trim().parse()?;
    match field.may_be_the_same() {
        true => Ok((field, value.trim().to_owned())),
        false => Err("only school, category, level and major can be the same for all".to_owned()),
    }
}

pub fn run(args: &RosterArgs) -> Result<ExitCode> {
    let config = config::load(&args.config)?;
    match &args.command {
        Command::Status => {
            let size = open_to_read(&config)?.map_or(Ok(0), |store| store.roster_size())?;
            if args.json {
                println!("{}", json!({ "students": size }))
            } else {
                println!("{size} students")
            }
            Ok(Exit::Done.into())
        }
        Command::Import(import) => run_import(&config, import, args.json),
    }
}

fn run_import(config: &Config, args: &ImportArgs, as_json: bool) -> Result<ExitCode> {
    let mut progress = Progress::new("reading");
    let (reading, digests, problems) = read_all(config, args, &mut progress)?;
    let mut said = json!({
        "dry_run": args.dry_run, "rows": reading.rows, "bad_rows": reading.bad_rows, "repeated": reading.repeated,
        "imported": false, "problems": problems,
    });
    let is_refused = reading.bad_rows > 0 && !args.skip_bad_rows;
    if !is_refused {
        let changes = if args.dry_run {
            let store = open_to_read(config)?;
            serde_json::to_value(foresee_roster(store.as_ref(), &reading.lines, args.replace, &|| false)?)?
        } else {
            said["imported"] = true.into();
            let left_out = reading.bad_rows > 0;
            let subjects = digests.iter().map(|digest| roster_subject(digest, left_out));
            import(config, reading.lines, args.replace, subjects, &mut progress)?
        };
        said["changes"] = changes;
    }
    drop(progress);
    if as_json {
        println!("{said}")
    } else {
        tell(&said, is_refused)
    }
    Ok(Exit::done_if(!is_refused).into())
}

/// The rows of all files, the files' digests, and what is wrong.
fn read_all(
    config: &Config,
    args: &ImportArgs,
    progress: &mut Progress,
) -> Result<(Reading, Vec<[u8; 32]>, Vec<Value>)> {
    let mapping = Mapping { columns: args.map.clone(), constants: args.set.clone(), ..Mapping::default() };
    let mut reading = Reading::default();
    let (mut digests, mut problems) = (Vec::new(), Vec::new());
    for path in &args.files {
        let nothing = || format!("{}: nothing was changed", path.display());
        let mut file = File::open(path).with_context(nothing)?;
        digests.push(roster_digest(&mut file, &|| false).with_context(nothing)?);
        let mut seen = |rows: usize| {
            progress.at(rows as u64, None);
            true
        };
        let read = reading.read(file, &mapping, config.steps.student_number, &mut seen);
        read.map_err(|error| anyhow::anyhow!("{} {error}. Nothing was changed", path.display()))?;
        for problem in reading.problems.iter().take(MOST_TOLD.saturating_sub(problems.len())) {
            problems.push(json!({
                "file": path, "row": problem.row, "column": problem.column, "field": problem.field.key(),
                "rule": problem.rule.to_string(), "text": format!("{}: {problem}", name(path)),
            }));
        }
    }
    if reading.lines.is_empty() && reading.bad_rows == 0 {
        bail!("the files name no student: nothing was changed");
    }
    Ok((reading, digests, problems))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn import(
    config: &Config,
    lines: Vec<Line>,
    replace: bool,
    subjects: impl Iterator<Item = String>,
    progress: &mut Progress,
) -> Result<Value> {
    let office = Office::open(config)?;
    for subject in subjects {
        office.note_command(Timestamp::now(), Action::ImportRoster.name(), &subject)?;
    }
    let all = lines.len() as u64;
    progress.now("hashing 学号");
    let changes = import_roster(&office.store, lines, replace, &|| false, &mut |step| match step {
        Step::Hashed(done) => progress.at(done as u64, Some(all)),
        Step::Saving => {
            progress.now("saving");
            progress.at(0, Some(all));
        }
    })?;
    Ok(serde_json::to_value(changes)?)
}

fn tell(said: &Value, is_refused: bool) {
    let problems = said["problems"].as_array().map(Vec::as_slice).unwrap_or_default();
    for problem in problems {
        println!("{}", problem["text"].as_str().unwrap_or_default());
    }
    let (rows, bad) = (&said["rows"], &said["bad_rows"]);
    if problems.len() >= MOST_TOLD {
        println!("… and more; only the first {MOST_TOLD} problems are listed");
    }
    if is_refused {
        println!(
            "{bad} of {rows} rows are wrong: nothing was changed. Correct them, or leave them out by --skip-bad-rows"
        );
        return;
    }
    let changes = said["changes"].as_object().map(|changes| {
        changes.iter().map(|(what, count)| format!("{} {count}", what.replace('_', " "))).collect::<Vec<_>>().join(", ")
    });
    let done = if said["imported"] == true { "imported" } else { "would be imported; nothing was changed" };
    println!("{rows} rows, {bad} wrong, {} repeated; {done}: {}", said["repeated"], changes.unwrap_or_default());
}
