//! One day of the booth in numbers, and what is counted by the day because it leaves no record.

use jiff::Timestamp;
use jiff::civil::Date;

use super::error::doing;
use super::queue::DeliveryState;
use super::queue_page::{COLUMNS, JOINED};
use super::{Store, StoreError};
use crate::report::{Amount, Counted, DayReport};
use crate::visit::PictureSource;

const DOING: &str = "reading a day";
/// An id is made when the visit needs one, which is before the record is signed.
const LONGEST_VISIT_MS: i64 = 2 * 3600 * 1000;

impl Store {
    /// Adds to what was counted on a day.
    pub fn count(&self, day: Date, counted: &[(Counted, u64)]) -> Result<(), StoreError> {
        self.write("counting what happened", |transaction| {
            let mut add = transaction.prepare_cached(
                "INSERT INTO day_counts (day, what, number) VALUES (?1, ?2, ?3)
                 ON CONFLICT (day, what) DO UPDATE SET number = number + excluded.number",
            )?;
            for (counted, number) in counted {
                add.execute((day.to_string(), counted.name(), number))?;
            }
            Ok(())
        })
    }

    /// A day that begins and ends at these moments.
    pub fn day_report(&self, day: Date, (from, to): (Timestamp, Timestamp)) -> Result<DayReport, StoreError> {
        let mut report = DayReport::of(day);
        self.add_photos(&mut report, from, to)?;
        self.add_payments(&mut report, from, to)?;
        for (counted, number) in self.counted(day)? {
            report.add(counted, number);
        }
        let between = |column: &str| -> Result<u64, StoreError> {
            let sql = format!("SELECT count(*) FROM submissions WHERE {column} >= ?1 AND {column} < ?2");
            let times = [from.as_second(), to.as_second()];
            self.lock()
                .prepare_cached(&sql)
                .and_then(|mut select| select.query_row(times, |row| row.get(0)))
                .map_err(doing(DOING))
        };
        report.sent = between("sent_at")?;
        report.acknowledged = between("acknowledged_at")?;
        report.withdrawn = between("withdrawn_at")?;
        Ok(report)
    }

    fn add_photos(&self, report: &mut DayReport, from: Timestamp, to: Timestamp) -> Result<(), StoreError> {
        let sql = format!(
            "{COLUMNS} FROM submissions {JOINED} WHERE submissions.submission_id >= ?1 AND submissions.submission_id < ?2"
        );
        let (least, most) = (first_id(from.as_millisecond() - LONGEST_VISIT_MS), first_id(to.as_millisecond()));
        for row in self.rows(&sql, &[&least, &most])? {
            if !(from..to).contains(&row.manifest.created_at) {
                continue;
            }
            report.photographed += 1;
            let source = row.manifest.picture.source;
            report.brought += u64::from(source.is_some_and(|source| source != PictureSource::Camera));
            let states = &mut report.states;
            match row.state {
                DeliveryState::Pending => states.pending += 1,
                DeliveryState::Acknowledged => states.received += 1,
                DeliveryState::Rejected => states.refused += 1,
                DeliveryState::Conflict => states.conflict += 1,
                DeliveryState::Withdrawn => states.withdrawn += 1,
            }
            if row.state == DeliveryState::Rejected {
                add_one(&mut report.refusals, row.last_error.unwrap_or_default());
            }
            if row.paid == Some(false) && row.withdrawn_at.is_none() {
                report.due.orders += 1;
                report.due.fen += row.manifest.payment.map_or(0, |terms| u64::from(terms.fee_fen));
            }
        }
        report.refusals.sort_by(|(a, more), (b, less)| less.cmp(more).then_with(|| a.cmp(b)));
        Ok(())
    }

    fn add_payments(&self, report: &mut DayReport, from: Timestamp, to: Timestamp) -> Result<(), StoreError> {
        let sql = format!("{COLUMNS} FROM submissions {JOINED} WHERE orders.paid_at >= ?1 AND orders.paid_at < ?2");
        for row in self.rows(&sql, &[&from.as_second(), &to.as_second()])? {
            let Some(terms) = row.manifest.payment else { continue };
            let amount = match report.paid.iter_mut().find(|(mode, _)| *mode == terms.mode) {
                Some((_, amount)) => amount,
                None => {
                    report.paid.push((terms.mode, Amount::default()));
                    let Some((_, amount)) = report.paid.last_mut() else { continue };
                    amount
                }
            };
            amount.orders += 1;
            amount.fen += u64::from(terms.fee_fen);
        }
        Ok(())
    }

    fn counted(&self, day: Date) -> Result<Vec<(Counted, u64)>, StoreError> {
        let connection = self.lock();
        let mut select = connection
            .prepare_cached("SELECT what, number FROM day_counts WHERE day = ?1 ORDER BY what")
            .map_err(doing(DOING))?;
        let rows = select.query_map([day.to_string()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)));
        let rows: Vec<_> = rows.and_then(Iterator::collect).map_err(doing(DOING))?;
        Ok(rows.into_iter().filter_map(|(what, number)| Some((Counted::from_name(&what)?, number))).collect())
    }
}

fn add_one(counts: &mut Vec<(String, u64)>, reason: String) {
    match counts.iter_mut().find(|(known, _)| *known == reason) {
        Some((_, number)) => *number += 1,
        None => counts.push((reason, 1)),
    }
}

/// The smallest id that is made in this millisecond: ids begin with their time.
fn first_id(millisecond: i64) -> String {
    let millisecond = millisecond.max(0);
    format!("{:08x}-{:04x}", millisecond >> 16, millisecond & 0xffff)
}

#[cfg(all(test, feature = "demo"))]
mod tests {
    use super::*;
    use crate::demo;
    use crate::photo::Check;
    use crate::report;
    use crate::store::{Parked, StoreKey};
    use crate::submission::{DeviceKey, Draft, PaymentTerms, SubmissionId};
    use crate::visit::{Fault, PaymentMode};

    /// The middle of the day, and two photos beyond its edges.
    #[test]
    fn a_day_has_what_happened_on_it_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("kiosk.db"), &StoreKey::from_bytes([1; 32])).unwrap();
        let key = DeviceKey::from_seed(&[2; 32]);
        let day: Date = "2026-06-20".parse().unwrap();
        let (from, to) = report::hours(day).unwrap();
        let second = |seconds: i64| jiff::SignedDuration::from_secs(seconds);
        let mut seed = 0;
        let mut save = |at: Timestamp, mode: Option<PaymentMode>| -> SubmissionId {
            seed += 1;
            let payment = mode.map(|mode| PaymentTerms { fee_fen: 3000, mode });
            // The id is made while the visit is under way.
            let draft = Draft { payment, ..demo::draft(seed, b"jpeg".to_vec(), at - second(90)) };
            store.append(&draft, &key, at).unwrap().submission_id
        };
        save(from - second(1), None);
        let first = save(from, None);
        let paid = save(from + second(60), Some(PaymentMode::Staff));
        let online = save(from + second(70), Some(PaymentMode::Online));
        save(to - second(1), Some(PaymentMode::Staff));
        save(to, None);
        store.park(first, Parked::Rejected, "picture_too_dark").unwrap();
        store.mark_paid(paid, from + second(100)).unwrap();
        store.mark_paid(online, to).unwrap();
        store.count(day, &[(Counted::Shot, 3), (Counted::RefusedFor(Check::Glare), 1)]).unwrap();
        store.count(day, &[(Counted::Shot, 2), (Counted::Fault(Fault::Camera), 1)]).unwrap();
        store.count(day.tomorrow().unwrap(), &[(Counted::Shot, 100)]).unwrap();

        let report = store.day_report(day, (from, to)).unwrap();
        assert_eq!((report.photographed, report.states.pending, report.states.refused), (4, 3, 1));
        assert_eq!(report.refusals, [("picture_too_dark".to_owned(), 1)]);
        assert_eq!(
            report.paid,
            [(PaymentMode::Staff, Amount { orders: 1, fen: 3000 })],
            "the other one was paid the day after"
        );
        assert_eq!(report.due, Amount { orders: 1, fen: 3000 });
        assert_eq!((report.shots, report.retake_reasons.as_slice()), (5, &[(Check::Glare, 1)][..]));
        assert_eq!(report.faults, [("camera".to_owned(), 1)]);
        let next = store.day_report(day.tomorrow().unwrap(), (to, to + second(86_400))).unwrap();
        assert_eq!((next.photographed, next.shots, next.paid.len()), (1, 100, 1));
    }

    #[test]
    fn an_id_is_found_by_its_time() {
        let now = Timestamp::from_millisecond(1_780_000_000_123).unwrap();
        let id = SubmissionId::new(now).to_string();
        assert!(first_id(now.as_millisecond()) <= id && id < first_id(now.as_millisecond() + 1), "{id}");
    }
}
