//! `[health]`: the page that tells a fleet's monitoring how the booth is.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::{Problems, Rule};

/// The health page.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawHealth {
    /// A loopback address with its port; without it there is no page.
    listen: Option<String>,
}

pub(super) fn check(raw: RawHealth, problems: &mut Problems<'_>) -> Option<SocketAddr> {
    let address = raw.listen?.parse().ok().filter(|at: &SocketAddr| at.ip().is_loopback() && at.port() > 0);
    if address.is_none() {
        problems.add("health.listen", Rule::Loopback);
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::judged;

    #[test]
    fn nobody_else_reaches_the_page() {
        let checked = |listen: &str| {
            let mut address = None;
            let raw = RawHealth { listen: Some(listen.to_owned()) };
            let problems = judged("", |problems| address = check(raw, problems));
            assert_eq!(address.is_none(), problems.iter().any(|problem| problem.key == "health.listen"), "{listen}");
            address
        };
        assert!(checked("127.0.0.1:9184").is_some() && checked("[::1]:9184").is_some());
        for refused in ["0.0.0.0:9184", "192.168.4.1:9184", "[::]:9184", "127.0.0.1:0", "127.0.0.1", "localhost:9184"] {
            assert!(checked(refused).is_none(), "{refused}");
        }
    }
}
