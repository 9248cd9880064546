//! What a booth did on one day: numbers and nobody's name. On the screen, as CSV ([`csv`]) and as a page to
//! print ([`html`]); all three say the same lines ([`lines`]).

pub mod csv;
pub mod html;
pub mod lines;
mod words;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::photo::Check;
use crate::visit::{Fault, PaymentMode};

/// What happens without leaving a record, and is counted by the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// The shutter was pressed.
    Shot,
    /// A photo was not good enough and had to be taken again.
    Refused,
    /// For this reason, among others perhaps.
    RefusedFor(Check),
    Fault(Fault),
    StaffCalled,
    /// Three wrong 学号 ended a visit.
    WrongNumber,
}

impl Counted {
    /// As the database writes it.
    pub fn name(self) -> String {
        match self {
            Self::Shot => "shot".to_owned(),
            Self::Refused => "refused".to_owned(),
            Self::RefusedFor(check) => format!("refused:{}", check_name(check)),
            Self::Fault(fault) => format!("fault:{}", fault_name(fault)),
            Self::StaffCalled => "staff_called".to_owned(),
            Self::WrongNumber => "wrong_number".to_owned(),
        }
    }

    /// `None` for what another version counted.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Shot, Self::Refused, Self::StaffCalled, Self::WrongNumber].into_iter();
        let all = all.chain(Check::ALL.map(Self::RefusedFor)).chain(FAULTS.map(Self::Fault));
        all.into_iter().find(|counted| counted.name() == name)
    }
}

const FAULTS: [Fault; 3] = [Fault::Camera, Fault::Studio, Fault::Storage];

fn fault_name(fault: Fault) -> &'static str {
    match fault {
        Fault::Camera => "camera",
        Fault::Studio => "studio",
        Fault::Storage => "storage",
    }
}

/// As profiles write it.
fn check_name(check: Check) -> String {
    serde_json::to_value(check).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// How far the photos of a day have come by now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct States {
    pub pending: u64,
    pub received: u64,
    pub refused: u64,
    pub conflict: u64,
    pub withdrawn: u64,
}

/// Orders and what they amount to, in 分.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Amount {
    pub orders: u64,
    pub fen: u64,
}

/// One day of a booth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayReport {
    pub day: Date,
    /// Photos that were saved.
    pub photographed: u64,
    /// Of these, brought instead of taken here.
    pub brought: u64,
    pub shots: u64,
    /// Of the shots, those that had to be taken again.
    pub retakes: u64,
    /// Why, most frequent first.
    pub retake_reasons: Vec<(Check, u64)>,
    /// Of the day's photos.
    pub states: States,
    /// Why the server refused photos of this day.
    pub refusals: Vec<(String, u64)>,
    /// Photos that the server answered on this day, and those that it acknowledged, whenever they were taken.
    pub sent: u64,
    pub acknowledged: u64,
    /// Paid on this day.
    pub paid: Vec<(PaymentMode, Amount)>,
    /// For the day's photos.
    pub due: Amount,
    /// Consents withdrawn on this day.
    pub withdrawn: u64,
    pub faults: Vec<(String, u64)>,
    pub staff_called: u64,
    pub wrong_numbers: u64,
}

impl DayReport {
    pub fn of(day: Date) -> Self {
        Self {
            day,
            photographed: 0,
            brought: 0,
            shots: 0,
            retakes: 0,
            retake_reasons: Vec::new(),
            states: States::default(),
            refusals: Vec::new(),
            sent: 0,
            acknowledged: 0,
            paid: Vec::new(),
            due: Amount::default(),
            withdrawn: 0,
            faults: Vec::new(),
            staff_called: 0,
            wrong_numbers: 0,
        }
    }

    /// Takes in what was counted.
    pub fn add(&mut self, counted: Counted, number: u64) {
        match counted {
            Counted::Shot => self.shots += number,
            Counted::Refused => self.retakes += number,
            Counted::RefusedFor(check) => {
                self.retake_reasons.push((check, number));
                self.retake_reasons.sort_by_key(|(check, number)| (std::cmp::Reverse(*number), *check));
            }
            Counted::Fault(fault) => self.faults.push((fault_name(fault).to_owned(), number)),
            Counted::StaffCalled => self.staff_called += number,
            Counted::WrongNumber => self.wrong_numbers += number,
        }
    }
}

/// Today where the booth stands.
pub fn today(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::system()).date()
}

/// From the first moment of a day to the first of the next, where the booth stands.
pub fn hours(day: Date) -> Option<(Timestamp, Timestamp)> {
    let start = |day: Date| Some(day.to_zoned_datetime(TimeZone::system()).ok()?.timestamp());
    Some((start(day)?, start(day.tomorrow().ok()?)?))
}

/// What a report's file is called on a stick.
pub fn file_name(kiosk_id: &str, day: Date, extension: &str) -> String {
    format!("szz-{kiosk_id}-{day}.{extension}")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A day on which everything happened, and a server that says dangerous things.
    pub(crate) fn busy() -> DayReport {
        let mut report = DayReport {
            photographed: 412,
            brought: 9,
            states: States { pending: 31, received: 370, refused: 8, conflict: 1, withdrawn: 2 },
            refusals: vec![("=HYPERLINK(\"http://x\")".to_owned(), 5), ("<script>alert(1)</script>".to_owned(), 3)],
            sent: 379,
            acknowledged: 371,
            paid: vec![
                (PaymentMode::Online, Amount { orders: 300, fen: 900_000 }),
                (PaymentMode::Staff, Amount { orders: 71, fen: 213_000 }),
            ],
            due: Amount { orders: 41, fen: 123_000 },
            withdrawn: 2,
            ..DayReport::of("2026-11-25".parse().unwrap())
        };
        for (number, check) in Check::ALL.into_iter().enumerate() {
            report.add(Counted::RefusedFor(check), number as u64 + 1);
        }
        report.add(Counted::Shot, 503);
        report.add(Counted::Refused, 77);
        report.add(Counted::StaffCalled, 4);
        report.add(Counted::WrongNumber, 1);
        FAULTS.into_iter().for_each(|fault| report.add(Counted::Fault(fault), 2));
        report
    }

    #[test]
    fn what_is_counted_is_found_again_by_its_name() {
        let mut names = std::collections::HashSet::new();
        for counted in Check::ALL.map(Counted::RefusedFor).into_iter().chain(FAULTS.map(Counted::Fault)) {
            assert_eq!(Counted::from_name(&counted.name()), Some(counted));
            assert!(names.insert(counted.name()));
        }
        assert_eq!(Counted::from_name("refused:of_a_newer_program"), None);
    }

    #[test]
    fn the_reason_that_is_met_most_often_comes_first() {
        let report = busy();
        assert_eq!(report.retake_reasons[0], (*Check::ALL.last().unwrap(), Check::ALL.len() as u64));
        assert!(report.retake_reasons.is_sorted_by(|a, b| a.1 >= b.1));
    }

    #[test]
    fn a_day_ends_where_the_next_begins() {
        let day: Date = "2026-11-25".parse().unwrap();
        let ((from, to), (next, _)) = (hours(day).unwrap(), hours(day.tomorrow().unwrap()).unwrap());
        assert_eq!(to, next);
        assert_eq!(to.duration_since(from), jiff::SignedDuration::from_hours(24));
    }
}
