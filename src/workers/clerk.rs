//! The clerk's thread: asks the central server what a student at the booth waits for. An exchange
//! takes seconds at most, so that "not reachable" is said while somebody still stands there.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::analysis::log_refusal;
use super::{Shared, supervise};
use crate::code::payload::Rejected;
use crate::code::{CodeProblem, Payload, Student};
use crate::upload::HttpUploader;
use crate::upload::live::NotReachable;
use crate::visit::{AskId, Enquiry, Event, PaymentSeen, Phone, ScanId, SmsSeen, Typed};

pub(super) enum Job {
    ResolveCode {
        scan: ScanId,
        payload: Payload,
    },
    SendSms {
        ask: AskId,
        phone: Phone,
    },
    CheckSms {
        ask: AskId,
        phone: Phone,
        code: Typed,
    },
    /// Asked again and again until the next one.
    Enquire(Enquiry),
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(6);
/// Between two enquiries.
const PAUSE: Duration = Duration::from_secs(2);
const LISTEN: Duration = Duration::from_millis(200);

pub(super) fn start(shared: Shared, jobs: Receiver<Job>) -> std::io::Result<JoinHandle<()>> {
    supervise("clerk", shared.clone(), None, move || {
        let mut clerk = Clerk { shared: shared.clone(), line: None };
        let mut enquiry = Enquiry::Nothing;
        let mut pause = LISTEN;
        while !shared.stop.is_set() {
            match jobs.recv_timeout(pause) {
                Ok(Job::Enquire(next)) => enquiry = next,
                Ok(job) => clerk.work(job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            pause = if enquiry == Enquiry::Nothing { LISTEN } else { PAUSE };
            clerk.enquire(&enquiry);
        }
    })
}

struct Clerk {
    shared: Shared,
    line: Option<HttpUploader>,
}

impl Clerk {
    fn work(&mut self, job: Job) {
        let (ask, seen) = match job {
            Job::ResolveCode { scan, payload } => return self.resolve(scan, &payload),
            Job::SendSms { ask, phone } => {
                let sent = self.ask(|line| line.send_sms(phone.expose()));
                (ask, sent.map_or(SmsSeen::Unreachable, |()| SmsSeen::Sent))
            }
            Job::CheckSms { ask, phone, code } => {
                let right = self.ask(|line| line.check_sms(phone.expose(), code.as_str()));
                let seen = right.map(|right| if right { SmsSeen::Right } else { SmsSeen::Wrong });
                (ask, seen.unwrap_or(SmsSeen::Unreachable))
            }
            Job::Enquire(_) => return,
        };
        self.shared.events.send(Event::SmsSeen { ask, seen });
    }

    fn resolve(&mut self, scan: ScanId, payload: &Payload) {
        let code = payload.digest();
        let event = match self.ask(|line| line.resolve(payload)) {
            Ok(Some(enrolment)) => Event::CodeRead { scan, student: Student { code, enrolment } },
            Ok(None) => {
                log_refusal(Rejected::NotInRoster, code);
                Event::CodeRefused { scan, problem: CodeProblem::Rejected(Rejected::NotInRoster) }
            }
            Err(NotReachable) => Event::CodeRefused { scan, problem: CodeProblem::ServerAway },
        };
        self.shared.events.send(event);
    }

    fn enquire(&mut self, enquiry: &Enquiry) {
        let event = match enquiry {
            Enquiry::Nothing => return,
            Enquiry::Payment(order) => {
                let seen = match self.ask(|line| line.ask_order(&order.number, order.payment.fee_fen)) {
                    Ok(answer) if answer.paid => PaymentSeen::Paid,
                    Ok(answer) => PaymentSeen::Open(answer.pay_url),
                    Err(NotReachable) => PaymentSeen::Unreachable,
                };
                Event::PaymentSeen { order_number: order.number.clone(), seen }
            }
            Enquiry::Link(submission) => match self.ask(|line| line.ask_link(*submission)) {
                Ok(true) => Event::Linked { submission: *submission },
                // Offline the server links it when the submission arrives.
                Ok(false) | Err(NotReachable) => return,
            },
        };
        self.shared.events.send(event);
    }

    fn ask<T>(&mut self, question: impl FnOnce(&HttpUploader) -> Result<T, NotReachable>) -> Result<T, NotReachable> {
        let line = match &mut self.line {
            Some(line) => line,
            None => self.line.insert(self.connect()?),
        };
        question(line)
    }

    fn connect(&self) -> Result<HttpUploader, NotReachable> {
        let server = self.shared.config.server.as_ref().ok_or(NotReachable)?;
        let no_way = |error: &dyn std::error::Error| {
            tracing::warn!(%error, "no way to the central server");
            NotReachable
        };
        let office = self.shared.office().map_err(|error| no_way(&error))?;
        HttpUploader::of(server, office.key.public(), CONNECT_TIMEOUT, TIMEOUT).map_err(|error| no_way(&error))
    }
}
