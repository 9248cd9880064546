//! TLS as the config describes it: a real server in front of the reference server, with certificates made here.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use szz_kiosk::upload::{NewsSource as _, Pace, Why};

use super::*;

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

struct Leaf {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

fn leaf(issuer: &Issuer, name: &str, year: i32) -> Leaf {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(year, 1, 1);
    params.not_after = rcgen::date_time_ymd(year + 20, 1, 1);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    let key = KeyPair::generate().unwrap();
    Leaf { certificate: params.signed_by(&key, issuer).unwrap(), key }
}

/// Takes one connection, ends its TLS and passes one exchange on to the reference server.
fn front(server: &DemoServer, leaf: &Leaf, clients: Option<&Issuer>) -> (String, JoinHandle<()>) {
    let key = PrivateKeyDer::try_from(leaf.key.serialize_der()).unwrap();
    let builder = ServerConfig::builder();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(issuer) => {
            let mut roots = RootCertStore::empty();
            roots.add(issuer.der().clone()).unwrap();
            builder.with_client_cert_verifier(WebPkiClientVerifier::builder(roots.into()).build().unwrap())
        }
    };
    let config = Arc::new(builder.with_single_cert(vec![leaf.certificate.der().clone()], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let upstream = server.base_url().replace("http://", "");
    let thread = std::thread::Builder::new().name("tls-front".into()).spawn(move || {
        let (client, _) = listener.accept().unwrap();
        let mut client = StreamOwned::new(ServerConnection::new(config).unwrap(), client);
        let Some(request) = read_request(&mut client) else { return };
        let mut server = TcpStream::connect(upstream).unwrap();
        server.write_all(&request).unwrap();
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).unwrap();
        client.write_all(&answer).unwrap();
        client.conn.send_close_notify();
        client.flush().unwrap();
    });
    (url, thread.unwrap())
}

/// A request with its body, changed so that the connection ends after the answer. None: the handshake failed.
fn read_request(client: &mut impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let end = loop {
        let mut buffer = [0; 4096];
        let read = client.read(&mut buffer).ok().filter(|read| *read > 0)?;
        bytes.extend(&buffer[..read]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
    let length: usize =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut rest = vec![0; end + length - bytes.len()];
    client.read_exact(&mut rest).unwrap();
    bytes.extend(rest);
    bytes.splice(end - 2..end - 2, *b"connection: close\r\n");
    Some(bytes)
}

fn upload(booth: &Booth, server: &DemoServer, config: &ClientConfig) -> Report {
    let uploader = HttpUploader::new(config, TOKEN).unwrap();
    Delivery::default().round(&booth.store, &uploader, &server.public_key(), BatchLimit::default(), now()).unwrap()
}

fn write(dir: &Path, name: &str, pem: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, pem).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    path
}

#[test]
fn only_a_certificate_of_the_configured_authority_is_trusted() {
    let (booth, server) = (Booth::new(), server());
    let (ours, another) = (authority("ours"), authority("another"));
    let ca_file = Some(write(booth.dir.path(), "ca.pem", &ours.pem()));
    booth.save(1);
    let untrusted = Pace::Wait { why: Why::Untrusted, after: None };
    let cases = [
        ("not the system's", None, leaf(&ours, "localhost", 2024), untrusted),
        ("another authority", ca_file.clone(), leaf(&another, "localhost", 2024), untrusted),
        ("another name", ca_file.clone(), leaf(&ours, "photo.example.edu", 2024), untrusted),
        ("expired", ca_file.clone(), leaf(&ours, "localhost", 2000), untrusted),
        ("not valid yet", ca_file.clone(), leaf(&ours, "localhost", 2080), untrusted),
        ("ours", ca_file, leaf(&ours, "localhost", 2024), Pace::Continue),
    ];
    for (what, ca_file, leaf, expected) in cases {
        for trust_only_ca in [true, false] {
            if ca_file.is_none() && trust_only_ca {
                continue;
            }
            let again = booth.counts().pending == 0;
            let _ = again.then(|| booth.save(1));
            let (url, thread) = front(&server, &leaf, None);
            let config = ClientConfig { ca_file: ca_file.clone(), trust_only_ca, ..client(&url) };
            assert_eq!(upload(&booth, &server, &config).pace, expected, "{what}, only {trust_only_ca}");
            thread.join().unwrap();
        }
    }
    assert_eq!(server.stored().len(), 2);
}

#[test]
fn a_server_that_asks_for_the_booths_certificate_gets_it() {
    let (booth, server) = (Booth::new(), server());
    let (ours, clients) = (authority("ours"), authority("clients"));
    let leaf_of_server = leaf(&ours, "localhost", 2024);
    let config = ClientConfig {
        ca_file: Some(write(booth.dir.path(), "ca.pem", &ours.pem())),
        trust_only_ca: true,
        ..client("https://localhost")
    };
    booth.save(1);
    let upload = |certificate: Option<Leaf>| {
        let (base_url, thread) = front(&server, &leaf_of_server, Some(&clients));
        let client_certificate = certificate
            .map(|leaf| write(booth.dir.path(), "booth.pem", &(leaf.certificate.pem() + &leaf.key.serialize_pem())));
        let report = upload(&booth, &server, &ClientConfig { base_url, client_certificate, ..config.clone() });
        thread.join().unwrap();
        report
    };
    assert_eq!(upload(None).acknowledged, 0);
    assert_eq!(upload(Some(leaf(&ours, "booth-1", 2024))).acknowledged, 0, "of another authority");
    assert_eq!(upload(Some(leaf(&clients, "booth-1", 2024))).acknowledged, 1);
}

/// What the booth's light and `doctor` read, whatever the booth talked about.
#[test]
fn the_end_of_the_certificate_that_the_server_shows_is_noted() {
    let (booth, server) = (Booth::new(), server());
    let ours = authority("ours");
    let leaf = leaf(&ours, "localhost", 2024);
    let ca_file = Some(write(booth.dir.path(), "ca.pem", &ours.pem()));
    let end = Some("2044-01-01T00:00:00Z".parse().unwrap());
    for talk in
        [|client: &HttpUploader| drop(client.news(None)), |client: &HttpUploader| drop(client.submit(Vec::new()))]
    {
        let (url, thread) = front(&server, &leaf, None);
        let uploader = HttpUploader::new(&ClientConfig { ca_file: ca_file.clone(), ..client(&url) }, TOKEN).unwrap();
        assert_eq!(uploader.certificate_until(), None, "nobody was asked yet");
        talk(&uploader);
        assert_eq!(uploader.certificate_until(), end);
        thread.join().unwrap();
    }
    let plain = HttpUploader::new(&client(&server.base_url()), TOKEN).unwrap();
    plain.news(None).unwrap();
    assert_eq!(plain.certificate_until(), None, "there is none without TLS");
}

#[test]
fn a_server_without_tls_gets_nothing() {
    let (booth, server) = (Booth::new(), server());
    booth.save(1);
    let url = server.base_url().replace("http://127.0.0.1", "https://localhost");
    assert_eq!(upload(&booth, &server, &client(&url)).pace, Pace::Wait { why: Why::Untrusted, after: None });
    assert_eq!(server.requests(), 0);
}
