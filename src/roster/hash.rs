//! Hashes the 学号 of a whole roster, on every core: each takes as long as the booth's own check of one.

use std::thread::{self, available_parallelism};

use super::line::{Line, Number};
use crate::code::{CodeDigest, Enrolment, NumberHash};

/// Lines that are hashed between two words about it.
const BATCH: usize = 256;

/// No random numbers: without a salt nothing is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers, so no 学号 can be hashed: nothing was changed")]
pub struct NoSalt;

/// The lines as the store keeps them. `known` is what it has: a 学号 that fits its hash keeps it, so that a file
/// which is imported again changes nothing. `done` hears how many lines are ready.
pub fn hash_numbers<E: From<NoSalt>>(
    lines: Vec<Line>,
    known: impl Fn(CodeDigest) -> Result<Option<Enrolment>, E>,
    done: &mut dyn FnMut(usize),
) -> Result<Vec<(CodeDigest, Enrolment)>, E> {
    let cores = available_parallelism().map_or(1, usize::from);
    let mut ready = Vec::with_capacity(lines.len());
    let mut lines = lines.into_iter();
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        for line in lines.by_ref().take(BATCH) {
            let old = match &line.number {
                Number::Plain(_) => known(line.code)?.and_then(|mut old| old.student_number.take()),
                _ => None,
            };
            batch.push((line, old));
        }
        if batch.is_empty() {
            return Ok(ready);
        }
        let share = batch.len().div_ceil(cores);
        let mut shares = Vec::new();
        while !batch.is_empty() {
            shares.push(batch.drain(..share.min(batch.len())).collect::<Vec<_>>());
        }
        let hashed: Result<Vec<_>, NoSalt> = thread::scope(|scope| {
            let workers: Vec<_> = shares
                .into_iter()
                .map(|share| scope.spawn(|| share.into_iter().map(hashed).collect::<Result<Vec<_>, NoSalt>>()))
                .collect();
            workers.into_iter().map(|worker| worker.join().expect("hashing does not panic")).collect()
        });
        ready.extend(hashed?.into_iter().flatten());
        done(ready.len());
    }
}

fn hashed((line, old): (Line, Option<NumberHash>)) -> Result<(CodeDigest, Enrolment), NoSalt> {
    let Line { code, mut enrolment, number } = line;
    enrolment.student_number = match number {
        Number::None => None,
        Number::Hashed(hash) => Some(hash),
        Number::Plain(number) => match old {
            Some(old) if old.matches(&number) => Some(old),
            _ => {
                let mut salt = [0; 16];
                getrandom::fill(&mut salt).map_err(|_| NoSalt)?;
                Some(NumberHash::of(&number, salt))
            }
        },
    };
    Ok((code, enrolment))
}
