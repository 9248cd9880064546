//! The roster page: a file of a stick is read without changing anything, its columns are put right, and then it
//! is imported.

use std::sync::Arc;
use std::time::Instant;

use super::machine::IDLE;
use super::{Answer, Effect, Event, FoundStick, Operator, Order, Place, Screen};
use crate::roster::{Field, FileError, Headings, Mapping, Problem, letters};

/// Files on one page.
pub const ROSTER_FILES: usize = 5;
/// Columns to choose from on one page.
pub const ROSTER_COLUMNS: usize = 12;
/// Values to choose from, on one page.
pub const ROSTER_VALUES: usize = 12;
/// Problems on one page.
pub const ROSTER_PROBLEMS: usize = 7;

/// A file at the top of a stick that may be a roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterFile {
    pub stick: FoundStick,
    pub name: String,
    pub bytes: u64,
}

/// What a supervisor said of the columns; the rest is guessed by their headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterPlaces {
    /// Where the headings are.
    row: Option<u32>,
    /// Columns by their place, from 0; `None` is no column.
    fields: Vec<(Field, Option<usize>)>,
    /// What all students have, which no column says.
    values: Vec<(Field, String)>,
}

impl RosterPlaces {
    /// A column is one field, and a field is in one column.
    fn put(&mut self, row: u32, field: Field, place: Option<usize>) {
        self.row = Some(row);
        self.values.retain(|(other, _)| *other != field);
        self.fields.retain(|(other, at)| *other != field && (place.is_none() || *at != place));
        self.fields.push((field, place));
    }

    /// The same for everybody, whatever a column says.
    fn give(&mut self, row: u32, field: Field, value: String) {
        self.put(row, field, None);
        self.values.push((field, value));
    }

    /// What all students have.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.values.iter().find(|(of, _)| *of == field).map(|(_, value)| value.as_str())
    }

    pub fn mapping(&self) -> Mapping {
        Mapping {
            columns: self.fields.iter().filter_map(|(field, place)| Some((letters((*place)?), *field))).collect(),
            left_out: self.fields.iter().filter(|(_, place)| place.is_none()).map(|(field, _)| *field).collect(),
            headings_row: self.row,
            constants: self.values.clone(),
        }
    }
}

/// Whether a roster can be without a column for it.
pub fn may_be_left_out(field: Field) -> bool {
    matches!(field, Field::Code | Field::CodeDigest | Field::StudentNumber)
}

/// What a dry run found. Quotes nobody.
#[derive(Debug)]
pub struct RosterFound {
    /// `None` where there are none, as in JSON, or where they were not recognised.
    pub headings: Option<Headings>,
    /// SHA-256 of the file as it was read.
    pub digest: [u8; 32],
    pub counts: Result<RosterCounts, FileError>,
    pub problems: Vec<Problem>,
    /// What all students may have, where no column says it: what is usual, and what the booth's roster has.
    pub offered: Vec<(Field, String)>,
}

impl RosterFound {
    pub fn offered(&self, field: Field) -> impl Iterator<Item = &str> {
        self.offered.iter().filter(move |(of, _)| *of == field).map(|(_, value)| value.as_str())
    }
}

/// Rows, and the students that would come of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RosterCounts {
    pub rows: u64,
    pub bad: u64,
    pub repeated: u64,
    pub added: u64,
    /// Updated, or as they are.
    pub known: u64,
    /// What takes long.
    pub to_hash: u64,
}

impl RosterCounts {
    pub fn good(&self) -> u64 {
        self.added + self.known
    }
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RosterDone {
    pub added: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// Rows that were left out.
    pub bad: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosterProblem {
    /// Stick or file.
    Gone,
    /// Not the file any more that was read before.
    Changed,
    Unreadable,
    /// By a supervisor.
    Stopped,
    /// The booth's own records.
    Other,
}

impl RosterProblem {
    pub const ALL: [Self; 5] = [Self::Gone, Self::Changed, Self::Unreadable, Self::Stopped, Self::Other];
}

#[derive(Clone, Debug)]
pub enum RosterPage {
    Files {
        /// None while they are looked for.
        files: Option<Vec<RosterFile>>,
        first: usize,
    },
    Reading {
        file: RosterFile,
        places: RosterPlaces,
        rows: u64,
    },
    Read(RosterRead),
    Importing {
        done: u64,
        of: u64,
        bad: u64,
        /// It was told to stop, and what is being done at the moment is finished.
        is_stopping: bool,
    },
    Imported(RosterDone),
    Failed(RosterProblem),
}

#[derive(Clone, Debug)]
pub struct RosterRead {
    pub file: RosterFile,
    pub places: RosterPlaces,
    pub found: Arc<RosterFound>,
    pub view: RosterView,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RosterView {
    #[default]
    Whole,
    /// Which column is this field.
    Columns {
        field: Field,
        first: usize,
    },
    /// What this field is for all students.
    Values(Field),
    Problems {
        first: usize,
    },
    /// Whether the bad rows are to be left out.
    Sure,
}

/// What is touched on the page, besides what other pages have too.
#[derive(Clone, Debug)]
pub enum RosterTouch {
    Read(RosterFile),
    Field(Field),
    Column(Option<usize>),
    /// No column says it, since all have the same.
    SameForAll,
    Value(String),
    Problems,
    /// No import after all.
    Stop,
    /// Asked twice where rows are bad.
    Import,
}

#[derive(Clone, Debug)]
pub enum RosterAnswer {
    Files(Vec<RosterFile>),
    /// So many rows.
    Reading(u64),
    Read(Arc<RosterFound>),
    Importing {
        done: u64,
        of: u64,
    },
    Imported(RosterDone),
    Failed(RosterProblem),
}

impl Operator {
    pub(super) fn find_rosters(&mut self, effects: &mut Vec<Effect>) {
        self.show(Screen::Roster(RosterPage::Files { files: None, first: 0 }));
        self.ask(Order::FindRosters, effects);
    }

    fn read_roster(&mut self, file: RosterFile, places: RosterPlaces, effects: &mut Vec<Effect>) {
        self.show(Screen::Roster(RosterPage::Reading { file: file.clone(), places: places.clone(), rows: 0 }));
        self.ask(Order::ReadRoster { file, places }, effects);
    }

    pub(super) fn roster(&mut self, page: RosterPage, event: Event, now: Instant, effects: &mut Vec<Effect>) {
        match (page, event) {
            (RosterPage::Importing { done, of, bad, .. }, Event::Roster(RosterTouch::Stop)) => {
                effects.push(self.stop());
                self.show(Screen::Roster(RosterPage::Importing { done, of, bad, is_stopping: true }));
            }
            (page @ RosterPage::Importing { .. }, _) => self.show(Screen::Roster(page)),
            (RosterPage::Files { .. }, Event::Back) => self.board(now, effects),
            (RosterPage::Reading { .. }, Event::Back) => {
                effects.push(self.stop());
                self.find_rosters(effects);
            }
            (RosterPage::Read(RosterRead { view: RosterView::Whole, .. }), Event::Back)
            | (RosterPage::Imported(_) | RosterPage::Failed(_), Event::Back)
            | (_, Event::Go(Place::Roster)) => self.find_rosters(effects),
            (RosterPage::Files { files: Some(files), first }, event @ (Event::Older | Event::Newer)) => {
                let first = turned(first, ROSTER_FILES, files.len(), &event);
                self.show(Screen::Roster(RosterPage::Files { files: Some(files), first }));
            }
            (RosterPage::Files { files: Some(files), .. }, Event::Roster(RosterTouch::Read(file)))
                if files.contains(&file) =>
            {
                self.read_roster(file, RosterPlaces::default(), effects);
            }
            (RosterPage::Read(read), event) => self.roster_read(read, event, effects),
            (page, _) => self.show(Screen::Roster(page)),
        }
    }

    fn roster_read(&mut self, read: RosterRead, event: Event, effects: &mut Vec<Effect>) {
        let headings = read.found.headings.as_ref();
        let columns = headings.map_or(0, |headings| headings.names.len());
        let view = match (read.view, event) {
            (_, Event::Back) => RosterView::Whole,
            (RosterView::Whole, Event::Roster(RosterTouch::Field(field))) if columns > 0 => {
                let place = headings.and_then(|headings| headings.columns.place(field)).unwrap_or(0);
                RosterView::Columns { field, first: place / ROSTER_COLUMNS * ROSTER_COLUMNS }
            }
            (RosterView::Columns { field, .. }, Event::Roster(RosterTouch::Column(place)))
                if place.map_or(may_be_left_out(field), |place| place < columns) =>
            {
                let (mut places, row) = (read.places, headings.map_or(1, |headings| headings.row));
                places.put(row, field, place);
                return self.read_roster(read.file, places, effects);
            }
            (RosterView::Columns { field, .. }, Event::Roster(RosterTouch::SameForAll)) if field.may_be_the_same() => {
                RosterView::Values(field)
            }
            (RosterView::Values(field), Event::Roster(RosterTouch::Value(value)))
                if read.found.offered(field).any(|offered| offered == value) =>
            {
                let (mut places, row) = (read.places, headings.map_or(1, |headings| headings.row));
                places.give(row, field, value);
                return self.read_roster(read.file, places, effects);
            }
            (RosterView::Columns { field, first }, event) => {
                RosterView::Columns { field, first: turned(first, ROSTER_COLUMNS, columns, &event) }
            }
            (RosterView::Whole, Event::Roster(RosterTouch::Problems)) if !read.found.problems.is_empty() => {
                RosterView::Problems { first: 0 }
            }
            (RosterView::Problems { first }, event) => {
                RosterView::Problems { first: turned(first, ROSTER_PROBLEMS, read.found.problems.len(), &event) }
            }
            (view, Event::Roster(RosterTouch::Import)) => match &read.found.counts {
                Ok(counts) if counts.good() > 0 && (counts.bad == 0 || view == RosterView::Sure) => {
                    let (of, bad) = (counts.good(), counts.bad);
                    self.show(Screen::Roster(RosterPage::Importing { done: 0, of, bad, is_stopping: false }));
                    let (digest, without_bad) = (read.found.digest, bad > 0);
                    let RosterRead { file, places, .. } = read;
                    self.ask(Order::ImportRoster { file, places, digest, without_bad }, effects);
                    return;
                }
                Ok(counts) if counts.good() > 0 => RosterView::Sure,
                _ => view,
            },
            (view, _) => view,
        };
        self.show(Screen::Roster(RosterPage::Read(RosterRead { view, ..read })));
    }

    pub(super) fn roster_answered(&mut self, page: RosterPage, answer: Answer, now: Instant) {
        // Somebody waits for the end of this.
        self.locks_at = Some(now + IDLE);
        let page = match (page, answer) {
            (RosterPage::Files { .. }, Answer::Roster(RosterAnswer::Files(files))) => {
                RosterPage::Files { files: Some(files), first: 0 }
            }
            (RosterPage::Reading { file, places, .. }, Answer::Roster(RosterAnswer::Reading(rows))) => {
                RosterPage::Reading { file, places, rows }
            }
            (RosterPage::Reading { file, places, .. }, Answer::Roster(RosterAnswer::Read(found))) => {
                RosterPage::Read(RosterRead { file, places, found, view: RosterView::Whole })
            }
            (RosterPage::Importing { bad, is_stopping, .. }, Answer::Roster(RosterAnswer::Importing { done, of })) => {
                RosterPage::Importing { done, of, bad, is_stopping }
            }
            (RosterPage::Importing { bad, .. }, Answer::Roster(RosterAnswer::Imported(done))) => {
                RosterPage::Imported(RosterDone { bad, ..done })
            }
            (_, Answer::Roster(RosterAnswer::Failed(problem))) => RosterPage::Failed(problem),
            (_, Answer::Failed) => RosterPage::Failed(RosterProblem::Other),
            (page, _) => page,
        };
        self.show(Screen::Roster(page));
    }
}

/// Where a page begins after "older" or "newer".
fn turned(first: usize, lines: usize, all: usize, event: &Event) -> usize {
    match event {
        Event::Older if first + lines < all => first + lines,
        Event::Newer => first.saturating_sub(lines),
        _ => first,
    }
}
