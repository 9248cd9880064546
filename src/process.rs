//! How old this process is, and what it uses, as Linux tells it under /proc. Zero where there is none.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Resident memory, MB.
pub fn resident_mb() -> f64 {
    let kb = || {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    kb().unwrap_or_default() / 1024.0
}

pub fn threads() -> usize {
    entries("/proc/self/task")
}

/// Open files, sockets and pipes.
pub fn handles() -> usize {
    entries("/proc/self/fd")
}

static BEGAN: OnceLock<Instant> = OnceLock::new();

/// The program begins.
pub fn begin() {
    BEGAN.get_or_init(Instant::now);
}

/// How long ago it began; `None` where nobody said so.
pub fn age() -> Option<Duration> {
    Some(BEGAN.get()?.elapsed())
}

fn entries(folder: &str) -> usize {
    fs::read_dir(folder).map(Iterator::count).unwrap_or_default()
}

/// Processor time from one moment on, of the whole process and of the threads with certain names.
pub struct Stopwatch {
    names: &'static [&'static str],
    all: u64,
    /// By thread: one that has ended is no longer listed, and one that began later is not listed yet.
    named: HashMap<OsString, u64>,
}

impl Stopwatch {
    pub fn start(names: &'static [&'static str]) -> Self {
        // In this order, and at the end in the other, so that the whole is never less than its part.
        let all = all_ticks();
        Self { names, all, named: named_ticks(names) }
    }

    /// Seconds of all threads, those that have ended since among them, and of the named ones still running.
    pub fn seconds(&self) -> (f64, f64) {
        let before = |thread: &OsString| self.named.get(thread).copied().unwrap_or_default();
        let named = named_ticks(self.names);
        let named: u64 = named.iter().map(|(thread, ticks)| ticks.saturating_sub(before(thread))).sum();
        let all = all_ticks().saturating_sub(self.all);
        (all as f64 / TICKS_PER_SECOND, named as f64 / TICKS_PER_SECOND)
    }
}

fn all_ticks() -> u64 {
    stat_in(Path::new("/proc/self")).map(|(_, ticks)| ticks).unwrap_or_default()
}

fn named_ticks(names: &[&str]) -> HashMap<OsString, u64> {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let read = tasks.filter_map(|task| Some((task.file_name(), stat_in(&task.path())?)));
    read.filter(|(_, (name, _))| names.contains(&name.as_str())).map(|(thread, (_, ticks))| (thread, ticks)).collect()
}

fn stat_in(folder: &Path) -> Option<(String, u64)> {
    read_stat(&fs::read_to_string(folder.join("stat")).ok()?)
}

/// USER_HZ, which Linux shows to programs as 100 on every machine.
const TICKS_PER_SECOND: f64 = 100.0;

/// Name and processor time of a process or thread: `1234 (name) S …`, user and system ticks 11 fields later.
fn read_stat(stat: &str) -> Option<(String, u64)> {
    let (head, tail) = stat.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let mut ticks = tail.split_whitespace().skip(11);
    let user: u64 = ticks.next()?.parse().ok()?;
    let system: u64 = ticks.next()?.parse().ok()?;
    Some((name, user + system))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threads_name_may_hold_anything() {
        let stat = "12 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 4 0";
        assert_eq!(read_stat(stat), Some(("a) b (c".to_owned(), 300)));
        assert_eq!(read_stat("12 (short) S 1"), None);
    }

    #[test]
    fn this_process_uses_something() {
        assert!(resident_mb() > 1.0 && threads() >= 1 && handles() >= 3);
    }

    /// What ended threads have used counts, though they are listed no more.
    #[test]
    fn the_time_of_threads_that_ended_is_not_lost() {
        let watch = Stopwatch::start(&["busy for nobody"]);
        // By its own clock: another program may have the processor meanwhile.
        let work = || {
            let give_up = Instant::now() + Duration::from_secs(60);
            let mut number = 1u64;
            while watch.seconds().1 < 0.2 && Instant::now() < give_up {
                (0..100_000).for_each(|_| number = number.wrapping_mul(31).rotate_left(3));
            }
            std::hint::black_box(number);
        };
        let (ended, (all, named)) = std::thread::scope(|scope| {
            let worker = std::thread::Builder::new().name("busy for nobody".to_owned());
            let worker = worker.spawn_scoped(scope, || {
                work();
                watch.seconds()
            });
            let during = worker.unwrap().join().unwrap();
            (during, watch.seconds())
        });
        // Ticks are told rounded down.
        assert!(ended.1 > 0.1 && ended.0 + 0.05 >= ended.1, "{ended:?}");
        assert!(all >= ended.0 && named == 0.0, "{all} {named}");
    }
}
