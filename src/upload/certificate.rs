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

/// When the first certificate of a PEM file ends.
pub fn first_end(pem: &[u8]) -> Option<Timestamp> {
    CertificateDer::pem_slice_iter(pem).filter_map(|der| valid_until(&der.ok()?)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(year: i32) -> String {
        let mut parameters = rcgen::CertificateParams::new(vec!["photos.example.edu.cn".to_owned()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(year, 6, 20);
        let key = rcgen::KeyPair::generate().unwrap();
        parameters.self_signed(&key).unwrap().pem()
    }

    #[test]
    fn the_certificate_that_ends_first_counts() {
        let both = pem(2031) + &pem(2027) + "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
        assert_eq!(first_end(both.as_bytes()), Some("2027-06-20T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        for text in ["", "hello", "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n"] {
            assert_eq!(first_end(text.as_bytes()), None, "{text}");
        }
        assert_eq!(valid_until(&[0x30, 0x03, 1, 2, 3]), None);
    }
}
