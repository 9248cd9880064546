//! Until when certificates are valid: the server's as it was shown, and those that the config names.

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

/// When a certificate ends; `None` for bytes that are none.
pub fn valid_until(der: &[u8]) -> Option<Timestamp> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()
}

/// When the certificate ends that a PEM file begins with: the booth's own, before those that vouch for it.
pub fn leaf_end(pem: &[u8]) -> Option<Timestamp> {
    valid_until(&CertificateDer::pem_slice_iter(pem).next()?.ok()?)
}

/// When the certificate ends that ends first of those in a PEM file.
pub fn first_end(pem: &[u8]) -> Option<Timestamp> {
    CertificateDer::pem_slice_iter(pem).filter_map(|der| valid_until(&der.ok()?)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(year: i32) -> rcgen::Certificate {
        let mut parameters = rcgen::CertificateParams::new(vec!["photos.example.edu.cn".to_owned()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(year, 6, 20);
        let key = rcgen::KeyPair::generate().unwrap();
        parameters.self_signed(&key).unwrap()
    }

    #[test]
    fn the_end_of_a_certificate_is_found_before_and_after_2050() {
        for year in [2027, 2061] {
            let made = certificate(year);
            let end: Timestamp = format!("{year}-06-20T00:00:00Z").parse().unwrap();
            assert_eq!(valid_until(made.der()), Some(end));
            assert_eq!(leaf_end(made.pem().as_bytes()), Some(end));
        }
    }

    #[test]
    fn half_a_certificate_has_no_end() {
        let made = certificate(2027);
        for length in 0..made.der().len() {
            assert_eq!(valid_until(&made.der()[..length]), None);
        }
        assert_eq!(leaf_end(b"no certificate"), None);
    }

    #[test]
    fn the_certificate_that_ends_first_counts() {
        let both = certificate(2031).pem()
            + &certificate(2027).pem()
            + "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
        assert_eq!(first_end(both.as_bytes()), Some("2027-06-20T00:00:00Z".parse().unwrap()));
        assert_eq!(leaf_end(both.as_bytes()), Some("2031-06-20T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        for text in ["", "hello", "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n"] {
            assert_eq!(first_end(text.as_bytes()), None, "{text}");
        }
        assert_eq!(valid_until(&[0x30, 0x03, 1, 2, 3]), None);
    }
}
