//! `opaque` and `online`: the text means nothing here. Its SHA-256 is looked up in the roster, and only when the
//! roster does not know it is it asked what else it may be: the real format is not public.

use super::{Decoded, Foreign, Rejected};
use crate::code::CodeDigest;

pub(super) fn decode(text: &str, code: CodeDigest) -> Decoded {
    let stranger = Foreign::of(text).map_or(Rejected::NotInRoster, Rejected::Foreign);
    Decoded { code, claimed: None, roster_required: true, stranger }
}
