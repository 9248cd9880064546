//! What this process uses, as Linux tells it under /proc. Zero where there is none.

use std::fs;

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

fn entries(folder: &str) -> usize {
    fs::read_dir(folder).map(Iterator::count).unwrap_or_default()
}

/// Processor time, seconds: of all threads, and of those with one of these names.
pub fn processor_seconds(names: &[&str]) -> (f64, f64) {
    let (mut all, mut named) = (0, 0);
    for task in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let Some((name, ticks)) = fs::read_to_string(task.path().join("stat")).ok().as_deref().and_then(read_stat)
        else {
            continue;
        };
        all += ticks;
        if names.contains(&name.as_str()) {
            named += ticks;
        }
    }
    (all as f64 / TICKS_PER_SECOND, named as f64 / TICKS_PER_SECOND)
}

/// USER_HZ, which Linux shows to programs as 100 on every machine.
const TICKS_PER_SECOND: f64 = 100.0;

/// Name and processor time of a thread: `1234 (name) S …`, user and system ticks 11 fields later.
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
        let (all, none) = processor_seconds(&["no such thread"]);
        assert!(all >= 0.0 && none == 0.0);
    }
}
