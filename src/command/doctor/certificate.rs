//! When a certificate ends: the one thing about it that nothing else in the tree tells.
//! RFC 5280: a sequence of a sequence, in which the fifth element (version left aside) is the validity.

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xA0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Of the first certificate of a PEM file.
pub fn client_expiry(pem: &str) -> Option<Timestamp> {
    let certificate = CertificateDer::pem_slice_iter(pem.as_bytes()).next()?.ok()?;
    expiry(&certificate)
}

/// `notAfter`, if these bytes are a certificate.
pub fn expiry(der: &[u8]) -> Option<Timestamp> {
    let (_, certificate, _) = element(der).filter(|(tag, ..)| *tag == SEQUENCE)?;
    let (_, mut signed, _) = element(certificate)?;
    let (tag, _, after_version) = element(signed)?;
    if tag == VERSION {
        signed = after_version;
    }
    // Serial number, algorithm, issuer.
    for _ in 0..3 {
        signed = element(signed)?.2;
    }
    let (_, validity, _) = element(signed).filter(|(tag, ..)| *tag == SEQUENCE)?;
    let (_, _, rest) = element(validity)?;
    let (tag, text, _) = element(rest)?;
    let text = std::str::from_utf8(text).ok()?;
    let digits = match tag {
        // Years before 1950 are of this century.
        UTC_TIME => format!("{}{text}", if text.get(..2)?.parse::<u8>().ok()? < 50 { "20" } else { "19" }),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| digits.get(from..to);
    format!("{}-{}-{}T{}:{}:{}Z", part(0, 4)?, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?)
        .parse()
        .ok()
}

/// Tag, content and what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7F => (usize::from(first), rest),
        0x81..=0x83 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            (bytes.iter().fold(0, |length, &byte| length << 8 | usize::from(byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(year: i32) -> rcgen::Certificate {
        let mut params = rcgen::CertificateParams::new(vec!["photos.example.edu".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 5, 17);
        params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap()
    }

    #[test]
    fn the_end_of_a_certificate_is_found_before_and_after_2050() {
        for year in [2027, 2061] {
            let made = certificate(year);
            let end: Timestamp = format!("{year}-05-17T00:00:00Z").parse().unwrap();
            assert_eq!(expiry(made.der()), Some(end));
            assert_eq!(client_expiry(&made.pem()), Some(end));
        }
    }

    #[test]
    fn half_a_certificate_has_no_end() {
        let made = certificate(2027);
        for length in 0..made.der().len() {
            assert_eq!(expiry(&made.der()[..length]), None);
        }
        assert_eq!(client_expiry("no certificate"), None);
    }
}
