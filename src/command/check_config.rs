//! `szz-kiosk check-config`: everything that is wrong with the settings, with line, key, rule and hint.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::exit::Exit;
use crate::config::{self, Overrides, Place, Problem, schema};
use crate::visit::Language;

/// Check the booth's settings, or print their JSON schema.
#[derive(Debug, Args)]
pub struct CheckConfigArgs {
    /// The booth's settings
    #[arg(required_unless_present = "schema")]
    file: Option<PathBuf>,
    /// Problems as JSON on one line
    #[arg(long)]
    json: bool,
    /// Language of rules and hints
    #[arg(long, value_enum, default_value_t = LanguageArg::En)]
    language: LanguageArg,
    /// Print a JSON schema instead, for editors
    #[arg(long, value_enum, conflicts_with_all = ["file", "json", "language"])]
    schema: Option<SchemaArg>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LanguageArg {
    Zh,
    En,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SchemaArg {
    /// Of kiosk.toml
    Kiosk,
    /// Of a photo profile
    Profile,
}

#[derive(Serialize)]
struct Report<'a> {
    file: &'a Path,
    sound: bool,
    /// Variables that take the place of lines.
    overrides: Vec<&'a str>,
    problems: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a Path,
    line: Option<usize>,
    column: Option<usize>,
    /// The environment variable, when it was not in the file.
    variable: Option<&'a str>,
    key: &'a str,
    rule: String,
    hint: String,
}

pub fn run(args: &CheckConfigArgs) -> Result<ExitCode> {
    if let Some(which) = args.schema {
        let schema = match which {
            SchemaArg::Kiosk => schema::kiosk(),
            SchemaArg::Profile => schema::profile(),
        };
        print!("{}", schema::pretty(schema));
        return Ok(Exit::Done.into());
    }
    let file = args.file.as_deref().unwrap_or(Path::new(""));
    let language = match args.language {
        LanguageArg::Zh => Language::Chinese,
        LanguageArg::En => Language::English,
    };
    let overrides = Overrides::of_this_process();
    let checked = config::load_with(file, &overrides);
    let problems = checked.as_ref().err().map(|bad| bad.problems.as_slice()).unwrap_or_default();
    if args.json {
        let report = Report {
            file,
            sound: problems.is_empty(),
            overrides: overrides.names().collect(),
            problems: problems.iter().map(|problem| line(problem, language)).collect(),
        };
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print_lines(problems, language);
        match &checked {
            Ok(config) => println!("{}: sound, with the photo profile {}", file.display(), config.profile.name),
            Err(bad) => println!("{}: {}", file.display(), bad.count()),
        }
        overrides.names().for_each(|name| println!("  ${name} takes the place of a line"));
    }
    match checked {
        Ok(_) => Ok(Exit::Done.into()),
        Err(bad) if bad.is_unread() => Ok(Exit::CannotRun.into()),
        Err(_) => Ok(Exit::Wrong.into()),
    }
}

fn line(problem: &Problem, language: Language) -> Line<'_> {
    let (line, column, variable) = match &problem.place {
        Place::File => (None, None, None),
        Place::Line { line, column } => (Some(*line), Some(*column), None),
        Place::Variable(name) => (None, None, Some(name.as_str())),
    };
    let (rule, hint) = (problem.rule(language), problem.hint(language));
    Line { file: &problem.file, line, column, variable, key: &problem.key, rule, hint }
}

/// Such that an editor can jump to them.
fn print_lines(problems: &[Problem], language: Language) {
    for problem in problems {
        let key = if problem.key.is_empty() { "" } else { ": " };
        println!("{}: {}{key}{}", problem.location(), problem.key, problem.rule(language));
        println!("    {}", problem.hint(language));
    }
}
