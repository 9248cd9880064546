//! What became of submissions, fetched page by page from where the last fetch stopped. A page and its
//! cursor are stored together, so a crash repeats a page at most.

use jiff::Timestamp;

use super::policy::{self, Why};
use super::wire::StatusPage;
use crate::store::{Store, StoreError};

/// Pages taken in one go; the rest comes the next time.
const MAX_PAGES: usize = 50;

/// Fetches the page after a cursor.
pub trait NewsSource {
    fn news(&self, after: Option<&str>) -> Result<StatusPage, Why>;
}

/// How a fetch went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    pub updates: usize,
    /// Why not all of it came. What came is stored.
    pub stopped_by: Option<Why>,
}

/// Takes in everything new. An error is the store's.
pub fn fetch_news(store: &Store, source: &dyn NewsSource, now: Timestamp) -> Result<News, StoreError> {
    let mut cursor = store.status_cursor()?;
    let mut news = News { updates: 0, stopped_by: None };
    for _ in 0..MAX_PAGES {
        let mut page = match source.news(cursor.as_deref()) {
            Ok(page) => page,
            Err(why) => {
                news.stopped_by = Some(why);
                break;
            }
        };
        for update in &mut page.updates {
            update.status.reasons.iter_mut().for_each(|reason| *reason = policy::code(reason));
        }
        store.apply_statuses(&page.updates, &page.cursor, now)?;
        news.updates += page.updates.len();
        // A server that promises more of the same is not believed.
        if !page.more || cursor.as_ref() == Some(&page.cursor) {
            break;
        }
        cursor = Some(page.cursor);
    }
    Ok(news)
}
