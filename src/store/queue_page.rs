//! The queue as operators look at it: newest first, a page at a time from where the last one ended, so that a
//! page costs the same whatever came before it. And whether the booth is closed to students.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, ToSql};

use super::error::doing;
use super::queue::DeliveryState;
use super::{Store, StoreError};
use crate::submission::{Manifest, Status, SubmissionId};

const DOING: &str = "listing the queue";
const DAMAGED: StoreError = StoreError::Damaged { doing: DOING };

/// Which submissions a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueFilter {
    All,
    State(DeliveryState),
    /// A fee is due.
    Due,
    /// Whose order number, as students see it, begins so: hexadecimal digits, at most the last twelve.
    OrderNumber(String),
    /// Whose 学号 ends so.
    NumberTail(String),
}

/// Where a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageKey {
    pub sequence: u64,
    pub id: SubmissionId,
}

/// One line of the list: nothing in it says who it is.
#[derive(Clone, Debug)]
pub struct QueueRow {
    pub sequence: u64,
    pub manifest: Manifest,
    pub state: DeliveryState,
    pub attempts: u32,
    /// Code of the last failed attempt, or of the server's refusal.
    pub last_error: Option<String>,
    pub acknowledged_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
    pub erased_at: Option<Timestamp>,
    /// The newest attempt that the server answered.
    pub sent_at: Option<Timestamp>,
    /// When the server confirmed the withdrawal.
    pub withdrawal_told_at: Option<Timestamp>,
    /// None when nothing was ever due.
    pub paid: Option<bool>,
    pub paid_at: Option<Timestamp>,
    /// The server's last word, if any came.
    pub status: Option<Status>,
}

impl QueueRow {
    pub fn key(&self) -> PageKey {
        PageKey { sequence: self.sequence, id: self.manifest.submission_id }
    }

    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let read = |row: &Row<'_>| -> rusqlite::Result<_> {
            let time = |column: &str| -> rusqlite::Result<Option<Timestamp>> {
                Ok(row.get::<_, Option<i64>>(column)?.and_then(|seconds| Timestamp::from_second(seconds).ok()))
            };
            Ok((
                (row.get::<_, u64>("sequence")?, row.get::<_, Vec<u8>>("manifest")?, row.get::<_, String>("state")?),
                (row.get("attempts")?, row.get("last_error")?, row.get("paid")?),
                [
                    time("acknowledged_at")?,
                    time("withdrawn_at")?,
                    time("erased_at")?,
                    time("sent_at")?,
                    time("withdrawal_told_at")?,
                    time("paid_at")?,
                ],
                row.get::<_, Option<String>>("status")?,
            ))
        };
        let ((sequence, manifest, state), (attempts, last_error, paid), times, status) =
            read(row).map_err(doing(DOING))?;
        let [acknowledged_at, withdrawn_at, erased_at, sent_at, withdrawal_told_at, paid_at] = times;
        Ok(Self {
            sequence,
            manifest: Manifest::from_bytes(&manifest).map_err(|_| DAMAGED)?,
            state: DeliveryState::from_column(&state).ok_or(DAMAGED)?,
            attempts,
            last_error,
            acknowledged_at,
            withdrawn_at,
            erased_at,
            sent_at,
            withdrawal_told_at,
            paid,
            paid_at,
            status: status.map(|json| serde_json::from_str(&json).map_err(|_| DAMAGED)).transpose()?,
        })
    }
}

pub(super) const COLUMNS: &str = "SELECT submissions.*, statuses.status, orders.paid_at,
           CASE WHEN paid_at IS NOT NULL THEN 1 WHEN orders.replaced = 0 THEN 0 END AS paid";
pub(super) const JOINED: &str = "LEFT JOIN orders ON orders.submission_id = submissions.submission_id
           LEFT JOIN statuses ON statuses.submission_id = submissions.submission_id";

impl Store {
    /// At most `count` submissions after a page's end, newest first.
    pub fn queue_page(
        &self,
        filter: &QueueFilter,
        after: Option<PageKey>,
        count: u32,
    ) -> Result<Vec<QueueRow>, StoreError> {
        let sequence = after.map_or(i64::MAX, |key| i64::try_from(key.sequence).unwrap_or(i64::MAX));
        // Ids sort by time; this one is after all of them.
        let id = after.map_or_else(|| "g".to_owned(), |key| key.id.to_string());
        let of_submissions = |condition: &str| {
            format!(
                "{COLUMNS} FROM submissions {JOINED} WHERE sequence < ?1 AND {condition} ORDER BY sequence DESC LIMIT ?2"
            )
        };
        match filter {
            QueueFilter::All => self.rows(&of_submissions("true"), &[&sequence, &count]),
            QueueFilter::State(state) => {
                self.rows(&of_submissions("state = ?3"), &[&sequence, &count, &state.column()])
            }
            // Led by the index of what is due, whether that is little or everything.
            QueueFilter::Due => self.rows(
                &format!(
                    "{COLUMNS} FROM orders INDEXED BY orders_due CROSS JOIN submissions
                     ON orders.submission_id = submissions.submission_id
                     LEFT JOIN statuses ON statuses.submission_id = submissions.submission_id
                     WHERE paid_at IS NULL AND NOT replaced AND orders.submission_id < ?1 AND withdrawn_at IS NULL
                     ORDER BY orders.submission_id DESC LIMIT ?2"
                ),
                &[&id, &count],
            ),
            QueueFilter::OrderNumber(digits) => {
                let from = shown(digits);
                let below = format!("{from}g");
                let condition = "substr(submissions.submission_id, 25) >= ?3
                         AND substr(submissions.submission_id, 25) < ?4";
                self.rows(&of_submissions(condition), &[&sequence, &count, &from, &below])
            }
            QueueFilter::NumberTail(last4) => self.rows(
                &format!(
                    "{COLUMNS} FROM number_tails CROSS JOIN submissions USING (sequence) {JOINED}
                     WHERE last4 = ?3 AND number_tails.sequence < ?1
                     ORDER BY number_tails.sequence DESC LIMIT ?2"
                ),
                &[&sequence, &count, last4],
            ),
        }
    }

    /// One submission as the list shows it.
    pub fn queue_row(&self, id: SubmissionId) -> Result<Option<QueueRow>, StoreError> {
        let sql = format!("{COLUMNS} FROM submissions {JOINED} WHERE submissions.submission_id = ?1");
        Ok(self.rows(&sql, &[&id.to_string()])?.pop())
    }

    /// The submission of a record.
    pub fn queue_record(&self, sequence: u64) -> Result<Option<QueueRow>, StoreError> {
        let sql = format!("{COLUMNS} FROM submissions {JOINED} WHERE submissions.sequence = ?1");
        Ok(self.rows(&sql, &[&i64::try_from(sequence).unwrap_or(i64::MAX)])?.pop())
    }

    pub(super) fn rows(&self, sql: &str, parameters: &[&dyn ToSql]) -> Result<Vec<QueueRow>, StoreError> {
        let connection = self.lock();
        let mut select = connection.prepare_cached(sql).map_err(doing(DOING))?;
        let mut rows = select.query(parameters).map_err(doing(DOING))?;
        let mut page = Vec::new();
        while let Some(row) = rows.next().map_err(doing(DOING))? {
            page.push(QueueRow::from_row(row)?);
        }
        Ok(page)
    }

    /// Closes the booth to students, with the name of what it tells them, or opens it again. Outlives a restart.
    pub fn set_pause(&self, notice: Option<&str>) -> Result<(), StoreError> {
        self.write("pausing the booth", |transaction| {
            transaction.execute("DELETE FROM pause", [])?;
            if let Some(notice) = notice {
                transaction.execute("INSERT INTO pause (id, notice) VALUES (1, ?1)", [notice])?;
            }
            Ok(())
        })
    }

    /// What a paused booth tells students.
    pub fn pause(&self) -> Result<Option<String>, StoreError> {
        self.lock()
            .query_row("SELECT notice FROM pause", [], |row| row.get(0))
            .optional()
            .map_err(doing("asking whether the booth is paused"))
    }
}

/// The beginning of what students are shown: the last twelve digits.
fn shown(digits: &str) -> String {
    const SHOWN: usize = 12;
    let digits = digits.to_ascii_lowercase();
    // Whoever has all of the number, by a scanner, is helped too.
    let start = if digits.len() > SHOWN { digits.len() - SHOWN } else { 0 };
    digits[start..].to_owned()
}

#[cfg(all(test, feature = "demo"))]
mod tests {
    use super::*;
    use crate::code::CodeDigest;
    use crate::demo;
    use crate::store::StoreKey;
    use crate::store::queue::Parked;
    use crate::submission::{DeviceKey, Draft, PaymentTerms, Sha256Digest};
    use crate::visit::{PaymentMode, Typed};

    fn typed(text: &str) -> Typed {
        let mut typed = Typed::default();
        text.chars().for_each(|character| typed.push(character, text.len()));
        typed
    }

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("kiosk.db"), &StoreKey::from_bytes([1; 32])).unwrap();
        (folder, store)
    }

    /// Records a second apart; every third is refused, every fourth has a fee.
    fn fill(store: &Store, records: u64) -> Vec<SubmissionId> {
        let key = DeviceKey::from_seed(&[2; 32]);
        let save = |number: u64| {
            let now = Timestamp::from_second(1_780_000_000 + number as i64).unwrap();
            let fee = PaymentTerms { fee_fen: 3000, mode: PaymentMode::Staff };
            let draft = Draft {
                code: CodeDigest(Sha256Digest::of(&number.to_be_bytes()).0),
                payment: number.is_multiple_of(4).then_some(fee),
                number_tail: Some(typed(&format!("{:04}", number % 50))),
                ..demo::draft(1, b"jpeg".to_vec(), now)
            };
            let id = store.append(&draft, &key, now).unwrap().submission_id;
            if number.is_multiple_of(3) {
                store.park(id, Parked::Rejected, "picture_too_dark").unwrap();
            }
            id
        };
        (1..=records).map(save).collect()
    }

    /// Every page of a list, one after the other.
    fn sequences(store: &Store, filter: &QueueFilter) -> Vec<u64> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = store.queue_page(filter, after, 7).unwrap();
            let Some(last) = page.last() else { return all };
            after = Some(last.key());
            all.extend(page.iter().map(|row| row.sequence));
        }
    }

    #[test]
    fn each_list_has_what_belongs_to_it_newest_first_and_once() {
        let (_folder, store) = store();
        let ids = fill(&store, 100);
        let of = |keep: fn(u64) -> bool| -> Vec<u64> { (1..=100).rev().filter(|number| keep(*number)).collect() };
        assert_eq!(sequences(&store, &QueueFilter::All), of(|_| true));
        assert_eq!(sequences(&store, &QueueFilter::State(DeliveryState::Rejected)), of(|number| number % 3 == 0));
        assert_eq!(sequences(&store, &QueueFilter::State(DeliveryState::Acknowledged)), [0; 0]);
        assert_eq!(sequences(&store, &QueueFilter::Due), of(|number| number % 4 == 0));
        assert_eq!(sequences(&store, &QueueFilter::NumberTail("0003".to_owned())), [53, 3]);
        assert_eq!(sequences(&store, &QueueFilter::NumberTail("1234".to_owned())), [0; 0]);

        let order = ids[41].order_number().to_ascii_uppercase();
        for digits in [&order[20..29], &order[20..], &order] {
            assert_eq!(sequences(&store, &QueueFilter::OrderNumber(digits.to_owned())), [42], "{digits}");
        }
        assert_eq!(sequences(&store, &QueueFilter::OrderNumber(order[21..].to_owned())), [0; 0], "not in the middle");

        store.mark_paid(ids[3], Timestamp::now()).unwrap();
        assert!(!sequences(&store, &QueueFilter::Due).contains(&4));
        let row = store.queue_row(ids[3]).unwrap().unwrap();
        assert_eq!((row.sequence, row.paid, row.state), (4, Some(true), DeliveryState::Pending));
        store.withdraw(ids[2], Timestamp::now()).unwrap();
        assert_eq!(sequences(&store, &QueueFilter::NumberTail("0003".to_owned())), [53], "found after its erasure");
    }

    #[test]
    fn a_pause_outlives_a_restart() {
        let (folder, store) = store();
        assert_eq!(store.pause().unwrap(), None);
        store.set_pause(Some("break")).unwrap();
        store.set_pause(Some("maintenance")).unwrap();
        drop(store);
        let again = Store::open(&folder.path().join("kiosk.db"), &StoreKey::from_bytes([1; 32])).unwrap();
        assert_eq!(again.pause().unwrap().as_deref(), Some("maintenance"));
        again.set_pause(None).unwrap();
        assert_eq!(again.pause().unwrap(), None);
    }
}
