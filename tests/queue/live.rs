//! What a student at the booth waits for: SMS codes, payments, links; and the account beside the record.

use szz_kiosk::code::mint::mint_online;
use szz_kiosk::demo::{Phones, SMS_CODE};
use szz_kiosk::submission::{ContactFacts, Manifest, PaymentTerms};
use szz_kiosk::upload::live::NotReachable;
use szz_kiosk::visit::{Contact, PaymentMode, Phone};

use super::*;

const PHONE: &str = "13800138000";

fn line(server: &DemoServer, token: &str) -> HttpUploader {
    HttpUploader::new(&client(&server.base_url()), token).unwrap()
}

#[test]
fn an_sms_code_is_right_for_its_own_phone_only() {
    let server = server();
    let line = line(&server, TOKEN);
    assert_eq!(line.check_sms(PHONE, SMS_CODE), Ok(false), "nothing was sent yet");
    line.send_sms(PHONE).unwrap();
    assert_eq!(line.check_sms(PHONE, "000000"), Ok(false));
    assert_eq!(line.check_sms("13900139000", SMS_CODE), Ok(false));
    assert_eq!(line.check_sms(PHONE, SMS_CODE), Ok(true));
}

#[test]
fn the_phone_goes_with_its_record_and_no_other() {
    let (booth, server) = (Booth::new(), server());
    let contact = Contact { phone: Phone::parse(PHONE).unwrap(), verified: false };
    booth.append(&Draft { contact: Some(contact), ..draft(1) });
    booth.append(&draft(2));
    assert_eq!(booth.upload(&server).acknowledged, 2, "the server compared number and digest");
}

#[test]
fn an_online_code_is_whose_the_server_says() {
    let server = server();
    let line = line(&server, TOKEN);
    let (known, unknown) = (mint_online(1), mint_online(2));
    server.enrol(known.payload.digest(), known.enrolment.clone());
    assert_eq!(line.resolve(&known.payload), Ok(Some(known.enrolment.clone())));
    assert_eq!(line.resolve(&unknown.payload), Ok(None));
    // A name that is not masked is not shown to anybody, whoever sent it.
    let mut unmasked = known.enrolment.clone();
    unmasked.masked_name = "郭小荣".to_owned();
    server.enrol(unknown.payload.digest(), unmasked);
    assert_eq!(line.resolve(&unknown.payload), Err(NotReachable));
    server.phones(Phones::Unreachable);
    assert_eq!(line.resolve(&known.payload), Err(NotReachable));
}

#[test]
fn an_order_is_asked_again_until_it_is_paid() {
    let server = server();
    let line = line(&server, TOKEN);
    server.phones(Phones::After(3));
    let number = SubmissionId::new(now()).order_number();
    let asked: Vec<_> = (0..3).map(|_| line.ask_order(&number, 3000).unwrap()).collect();
    assert_eq!(asked.iter().map(|answer| answer.paid).collect::<Vec<_>>(), [false, false, true]);
    assert!(asked.iter().all(|answer| answer.pay_url == asked[0].pay_url), "one order, one code");
    server.phones(Phones::Never);
    let another = SubmissionId::new(now()).order_number();
    assert!(!line.ask_order(&another, 3000).unwrap().paid);
    assert!(line.ask_order("another", 3000).is_err(), "not an order number");
    server.phones(Phones::After(1));
    assert_eq!(line.ask_link(SubmissionId::new(now())), Ok(true));
}

#[test]
fn whatever_is_not_the_server_is_not_reachable() {
    let server = server();
    assert_eq!(line(&server, "wrong token").send_sms(PHONE), Err(NotReachable));
    let line = line(&server, TOKEN);
    server.phones(Phones::Unreachable);
    assert_eq!(line.send_sms(PHONE), Err(NotReachable));
    assert!(line.ask_order(&SubmissionId::new(now()).order_number(), 3000).is_err());
    drop(server);
    assert_eq!(line.check_sms(PHONE, SMS_CODE), Err(NotReachable));
}

#[test]
fn the_account_has_the_newest_record_of_a_code_its_payment_and_its_phone() {
    let booth = Booth::new();
    let phone = Phone::parse(PHONE).unwrap();
    let first = booth.append(&draft(1));
    let second = booth.append(&Draft {
        payment: Some(PaymentTerms { fee_fen: 3000, mode: PaymentMode::Deferred }),
        contact: Some(Contact { phone, verified: true }),
        ..draft(1)
    });
    booth.append(&draft(2));

    let code = draft(1).code;
    let find = |booth: &Booth| booth.store.find_account(code).unwrap().unwrap();
    let account = find(&booth);
    assert_eq!((account.manifest.submission_id, account.paid), (second.submission_id, false));
    assert_eq!(account.manifest.payment.unwrap().fee_fen, 3000);
    assert_eq!(account.jpeg.unwrap().as_slice(), jpeg(1));
    let facts = ContactFacts::of(second.submission_id, PHONE, true);
    assert_eq!(account.manifest.contact, Some(facts), "the record proves the number without holding it");

    assert!(booth.store.mark_paid(second.submission_id, now()).unwrap());
    assert!(!booth.store.mark_paid(second.submission_id, now()).unwrap(), "paid once");
    assert!(!booth.store.mark_paid(first.submission_id, now()).unwrap(), "nothing was due");
    let booth = booth.restart();
    assert!(find(&booth).paid);
    assert_eq!(booth.store.find_phone(second.submission_id).unwrap().unwrap().as_str(), PHONE);
    assert_eq!(booth.store.find_phone(first.submission_id).unwrap(), None);
    assert!(booth.store.find_account(CodeDigest([0; 32])).unwrap().is_none());

    let records = booth.store.next_batch(10, usize::MAX).unwrap();
    for record in &records {
        let text = String::from_utf8(record.manifest.clone()).unwrap();
        assert!(!text.contains(PHONE) && Manifest::from_bytes(text.as_bytes()).is_ok());
    }
    booth.expect_sound(3);

    booth.store.withdraw(second.submission_id, now()).unwrap();
    assert_eq!(booth.store.find_phone(second.submission_id).unwrap(), None, "erased with the picture");
    assert!(booth.store.find_account(code).unwrap().is_none(), "and the photo before it");
}
