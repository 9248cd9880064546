//! What a payload says: one adapter for each kind of code that a booth may be set up for.
//!
//! Pure: text and time in, a person or one reason out. docs/collection-code.md has the formats field
//! by field. Nothing here logs, and no reason quotes the payload.

mod claims;
mod foreign;
mod opaque;
mod plain;
pub mod sealed;

use jiff::Timestamp;

use super::{CodeDigest, Enrolment, Payload, Student};
pub use claims::{CLOCK_TOLERANCE_S, Claims, check_enrolment, is_last4, is_masked, is_orderly, is_school_code};
pub use foreign::Foreign;
pub use plain::write as write_plain;
use sealed::BoothKeys;

/// No collection code is longer, in bytes; the densest QR code of letters holds 4,296.
pub const MOST_BYTES: usize = 4096;

/// How this booth understands codes.
#[derive(Clone, Debug)]
pub enum Adapter {
    Opaque,
    /// As opaque, and the central server is asked about a code that the roster does not know.
    Online,
    Plain(Terms),
    /// Any of these keys may have made a code: two sets while an issuer changes its own.
    Sealed(Terms, Vec<BoothKeys>),
}

/// What a code that names its student must agree with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// 院校代码 of the school this booth serves.
    pub school_code: String,
    /// Whether the roster must know the code as well.
    pub roster_required: bool,
}

/// The kinds of code, by the names they have in the config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Says nothing by itself: the roster knows whose it is.
    Opaque,
    /// Says nothing by itself: the central server knows whose it is.
    Online,
    /// Names the student in JSON, unsigned.
    Plain,
    /// Names the student, encrypted and signed.
    Sealed,
}

impl Kind {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "opaque" => Some(Self::Opaque),
            "online" => Some(Self::Online),
            "plain" => Some(Self::Plain),
            "sealed" => Some(Self::Sealed),
            _ => None,
        }
    }

    /// What texts of this kind that this program makes begin with, before the version.
    const fn mark(self) -> &'static str {
        match self {
            Self::Opaque => "SZZ-DEMO-",
            Self::Online => "SZZ-ONLINE-",
            Self::Plain => "SZZ-PLAIN-",
            Self::Sealed => "SZZ-SEALED-",
        }
    }

    /// What follows mark and version, when the text is of this kind and of version 1.
    fn body(self, text: &str) -> Result<&str, Rejected> {
        if let Some(versioned) = text.strip_prefix(self.mark()) {
            let (version, body) = versioned.split_once('.').ok_or(Rejected::Unreadable)?;
            return if version == "1" { Ok(body) } else { Err(Rejected::UnknownVersion) };
        }
        let is_another =
            [Self::Opaque, Self::Online, Self::Plain, Self::Sealed].iter().any(|kind| text.starts_with(kind.mark()));
        if is_another { Err(Rejected::OtherKind) } else { Err(Foreign::of(text).unwrap_or(Foreign::Other).into()) }
    }
}

/// A payload that was understood. Whose it is may still depend on the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub code: CodeDigest,
    /// What the code itself says about its student, checked.
    claimed: Option<Enrolment>,
    roster_required: bool,
    /// What it is when the roster does not know it.
    stranger: Rejected,
}

impl Decoded {
    /// The student, given what the roster has for [`Self::code`].
    pub fn whose(self, known: Option<Enrolment>) -> Result<Student, Rejected> {
        let enrolment = match (self.claimed, known) {
            (None, Some(known)) => known,
            (None, None) => return Err(self.stranger),
            (Some(_), None) if self.roster_required => return Err(self.stranger),
            (Some(claimed), Some(known)) if !claimed.agrees_with(&known) => return Err(Rejected::DiffersFromRoster),
            (Some(claimed), Some(mut known)) => {
                known.student_number = claimed.student_number.clone().or(known.student_number.take());
                known
            }
            (Some(claimed), None) => claimed,
        };
        Ok(Student { code: self.code, enrolment })
    }
}

/// Why a code cannot start a visit. Never holds any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Rejected {
    #[error("{0}, not a collection code")]
    Foreign(Foreign),
    #[error("longer than any collection code")]
    TooLong,
    #[error("a code of another kind than this booth is set up for")]
    OtherKind,
    #[error("a version of the format that this program does not know")]
    UnknownVersion,
    #[error("damaged, or not written by the format")]
    Unreadable,
    #[error("made with keys that this booth does not have")]
    WrongKey,
    #[error("altered or forged: the signature does not hold")]
    BadSignature,
    #[error("holds characters that no record has")]
    OddText,
    #[error("holds a name or number that is not masked")]
    NotMasked,
    #[error("for another school")]
    WrongSchool,
    #[error("not valid yet")]
    NotYetValid,
    #[error("expired")]
    Expired,
    #[error("not in the roster")]
    NotInRoster,
    #[error("says something else than the roster")]
    DiffersFromRoster,
}

impl Rejected {
    pub const ALL: [Self; 18] = [
        Self::Foreign(Foreign::WeChat),
        Self::Foreign(Foreign::Alipay),
        Self::Foreign(Foreign::UnionPay),
        Self::Foreign(Foreign::Link),
        Self::Foreign(Foreign::Other),
        Self::TooLong,
        Self::OtherKind,
        Self::UnknownVersion,
        Self::Unreadable,
        Self::WrongKey,
        Self::BadSignature,
        Self::OddText,
        Self::NotMasked,
        Self::WrongSchool,
        Self::NotYetValid,
        Self::Expired,
        Self::NotInRoster,
        Self::DiffersFromRoster,
    ];
}

impl From<Foreign> for Rejected {
    fn from(foreign: Foreign) -> Self {
        Self::Foreign(foreign)
    }
}

impl Adapter {
    /// Whether the central server may know whose code this is, although this booth refuses it.
    pub fn asks_server(&self, rejected: Rejected) -> bool {
        matches!(self, Self::Online) && rejected == Rejected::NotInRoster
    }

    /// Understands a payload, as far as that goes without the roster.
    pub fn decode(&self, payload: &Payload, now: Timestamp) -> Result<Decoded, Rejected> {
        let text = payload.expose();
        if text.len() > MOST_BYTES {
            return Err(Rejected::TooLong);
        }
        let code = payload.digest();
        let (terms, claimed) = match self {
            Self::Opaque | Self::Online => return Ok(opaque::decode(text, code)),
            Self::Plain(terms) => (terms, plain::decode(text, terms, now)?),
            Self::Sealed(terms, keys) => (terms, sealed::decode(text, terms, keys, now)?),
        };
        Ok(Decoded {
            code,
            claimed: Some(claimed),
            roster_required: terms.roster_required,
            stranger: Rejected::NotInRoster,
        })
    }
}

#[cfg(test)]
mod tests;
