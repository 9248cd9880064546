//! The central server as the booth reaches it, and how long the certificates hold.

use std::time::Duration;

use jiff::Timestamp;

use super::Check;
use crate::config::{Config, ServerConfig};
use crate::operator::Light;
use crate::operator::lights::certificate;
use crate::secret_file;
use crate::submission::{DeviceKey, PublicKey};
use crate::upload::{HttpUploader, NewsSource, Why, first_end, leaf_end};

const TIMEOUT: Duration = Duration::from_secs(10);

pub fn checks(config: &Config) -> Vec<Check> {
    let Some(server) = &config.server else {
        return vec![Check::off("server", "[server] is not set: photos wait in the queue")];
    };
    let mut checks = Vec::new();
    match connect(config, server) {
        Err(error) => {
            checks.push(Check::wrong("server", error.to_string(), "nothing can be uploaded until this is put right"))
        }
        Ok(client) => {
            checks.push(answer(client.news(None).map(|_| ())));
            if let Some(end) = client.certificate_until() {
                checks.push(holds("server TLS", end, Timestamp::now()));
            }
        }
    }
    // One that cannot be read is found above.
    let authority = server.access.ca_file.as_ref().and_then(|path| first_end(&std::fs::read(path).ok()?));
    checks.extend(authority.map(|end| holds("ca_file", end, Timestamp::now())));
    if let Some(path) = &server.access.client_certificate {
        checks.push(match secret_file::load_pem(path).map(|pem| leaf_end(pem.as_bytes())) {
            Ok(Some(end)) => holds("own TLS", end, Timestamp::now()),
            Ok(None) => {
                Check::wrong("own TLS", "the client certificate is not PEM with a certificate", "ask for a new one")
            }
            Err(error) => {
                Check::wrong("own TLS", error.to_string(), "without it the server does not talk to the booth")
            }
        });
    }
    checks
}

fn connect(config: &Config, server: &ServerConfig) -> anyhow::Result<HttpUploader> {
    let device: PublicKey = DeviceKey::load(&config.device_key_file(), config.signature)?.public();
    Ok(HttpUploader::of(server, device, TIMEOUT, TIMEOUT)?)
}

fn answer(news: Result<(), Why>) -> Check {
    let Err(why) = news else { return Check::well("server", "answers, and knows this booth") };
    let wrong = |found: &str, advice: &str| Check::wrong("server", found, advice);
    let away = |found: &str| {
        Check::warning("server", found, "photos wait safely: check cable, wireless network, proxy and [server] url")
    };
    match why {
        Why::Unreachable => away("cannot be reached"),
        Why::TimedOut | Why::CutOff => away("does not answer in time"),
        Why::ServerBusy | Why::ServerError => Check::warning(
            "server",
            "says that it has a problem of its own",
            "try again later, or tell those who run it",
        ),
        Why::Untrusted => wrong(
            "its certificate is not trusted",
            "set [server] ca_file, set the clock, or leave the Wi-Fi that asks for a login",
        ),
        Why::NotAuthorised => {
            wrong("does not take the token of this booth", "ask for a new token, and put it into token_file")
        }
        _ => wrong(
            &format!("what answers is not the central server ({})", why.code()),
            "check [server] url, and whether the network asks for a login first",
        ),
    }
}

fn holds(subject: &'static str, end: Timestamp, now: Timestamp) -> Check {
    let found = format!("the certificate holds until {}", end.strftime("%Y-%m-%d"));
    match certificate(end, now) {
        Light::Red => Check::wrong(subject, found, "it has expired: have a new one issued, and check the clock"),
        Light::Amber => Check::warning(subject, found, "have a new one issued"),
        Light::Green | Light::Off => Check::well(subject, found),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    #[test]
    fn a_network_that_is_away_is_a_warning_and_a_stranger_is_wrong() {
        assert_eq!(answer(Ok(())).mark, Mark::Well);
        assert_eq!(answer(Err(Why::Unreachable)).mark, Mark::Warning);
        for why in [Why::Untrusted, Why::NotAuthorised, Why::NotOurServer, Why::Redirected, Why::WrongAddress] {
            let check = answer(Err(why));
            assert!(check.mark == Mark::Wrong && check.advice.is_some(), "{why:?}");
        }
    }

    #[test]
    fn a_certificate_is_renewed_before_it_ends() {
        let now: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
        let mark = |end: &str| holds("server TLS", end.parse().unwrap(), now).mark;
        assert_eq!(mark("2027-06-01T00:00:00Z"), Mark::Well);
        assert_eq!(mark("2026-06-20T00:00:00Z"), Mark::Warning);
        assert_eq!(mark("2026-06-01T00:30:00Z"), Mark::Warning, "still believed, as the booth's light says");
        assert_eq!(mark("2026-05-31T23:59:59Z"), Mark::Wrong);
        assert_eq!(mark("2026-06-01T00:00:00Z"), Mark::Wrong);
    }
}
