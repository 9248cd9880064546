//! Every state that a screen can show, with people and photos made up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::code::payload::Rejected;
use crate::code::{CodeDigest, CodeProblem, Enrolment, Student};
use crate::photo::Wiped;
use crate::photo::crop::{CutOff, Head};
use crate::photo::decode::PictureError;
use crate::photo::face::Point;
use crate::photo::import::{Import, ImportProblem, Placement};
use crate::photo::standard::PhotoProfile;
use crate::photo::{Check, Finding, Geometry, Portrait, Severity};
use crate::ui::strings::{Strings, imports, sentences};
use crate::ui::*;
use crate::visit::{
    Album, AskId, Brought, CaptureId, Claim, Consent, Contact, Ending, Fault, Framing, Order, Payment, PaymentMode,
    PaymentProgress, Phone, PictureSource, Record, Review, ScanId, Sitter, Sms, Typed, Visitor,
};

pub(super) fn agreement_text() -> AgreementText {
    AgreementText {
        title: "用户隐私协议".to_owned(),
        body: "# 一、收集哪些信息\n照片只用于学历证书电子注册。\n".repeat(20),
        photo_consent: "我单独同意拍摄我的面部照片，并加密传输至学校的采集系统，仅用于学历证书电子注册".to_owned(),
    }
}

pub(super) fn student() -> Student {
    let enrolment = Enrolment {
        school: "测试学校".to_owned(),
        category: "普通高等教育".to_owned(),
        level: "本科".to_owned(),
        major: "信息管理与信息系统（大数据方向）".to_owned(),
        masked_name: "郭*荣".to_owned(),
        document_last4: "7220".to_owned(),
        student_number: None,
    };
    Student { code: CodeDigest([1; 32]), enrolment }
}

/// The longest texts that a code may claim.
pub(super) fn student_with_long_texts() -> Student {
    let enrolment = Enrolment {
        school: "学".repeat(40),
        category: "普".repeat(20),
        level: "本".repeat(20),
        major: "业".repeat(40),
        masked_name: format!("{}*", "名".repeat(23)),
        document_last4: "WWWW".to_owned(),
        student_number: None,
    };
    Student { code: CodeDigest([2; 32]), enrolment }
}

pub(super) fn contact() -> Contact {
    Contact { phone: Phone::parse("13800138000").unwrap(), verified: true }
}

pub(super) fn visitor() -> Visitor {
    Visitor { student: student(), contact: Some(contact()), number_tail: Some(typed("9005")), earlier: None }
}

pub(super) fn typed(text: &str) -> Typed {
    let mut typed = Typed::default();
    text.chars().for_each(|character| typed.push(character, text.len()));
    typed
}

pub(super) fn confirm(student: Student) -> State {
    State::Confirm { student, lookup: Lookup::Done(None) }
}

pub(super) fn student_number(text: &str, wrong: bool) -> State {
    State::StudentNumber { visitor: visitor(), typed: typed(text), tries_left: 2, wrong }
}

pub(super) fn phone(text: &str, malformed: bool) -> State {
    State::Phone { visitor: visitor(), typed: typed(text), malformed }
}

pub(super) fn sms_code(sms: Sms) -> State {
    State::SmsCode { visitor: visitor(), phone: contact().phone, ask: AskId(1), sms, typed: typed("123") }
}

pub(super) fn wechat() -> State {
    let submission = "019e8244-7800-7000-8000-000000000001".parse().unwrap();
    let claim = Claim { submission, url: format!("https://example.org/link?c={}", "A".repeat(300)) };
    State::WeChat { sitter: sitter(), ask: AskId(1), claim: Some(claim) }
}

pub(super) fn order(paid: bool) -> Order {
    let payment = Payment { mode: PaymentMode::Online, fee_fen: 3000 };
    Order { number: "0192f3a4-5b6c-7d8e-9f01-23456789abcd".to_owned(), payment, paid }
}

pub(super) fn payment(progress: PaymentProgress) -> State {
    State::Payment { order: order(false), progress }
}

pub(super) fn centre(review: Review, paid: bool) -> State {
    let record = Record {
        submission: "019e8244-7800-7000-8000-000000000001".parse().unwrap(),
        taken_at: "2026-06-01T08:00:00Z".parse().unwrap(),
        review,
        as_of: Some("2026-06-02T08:00:00Z".parse().unwrap()),
        wechat_linked: true,
        order: order(paid),
        portrait: Some(Arc::default()),
    };
    State::Centre { visitor: visitor(), record: Arc::new(record) }
}

pub(super) fn withdraw(paid: bool) -> State {
    match centre(Review::Waiting, paid) {
        State::Centre { visitor, record } => State::Withdraw { visitor, record, ask: None },
        other => other,
    }
}

pub(super) fn sitter() -> Sitter {
    let consent = Consent { language: Language::Chinese, given_at: Instant::now() };
    Sitter {
        student: student(),
        consent,
        contact: Some(contact()),
        number_tail: Some(typed("9005")),
        paid: false,
        submission: None,
        brought: None,
    }
}

pub(super) fn finding(check: Check, measured: f32, low: f32, high: f32) -> Finding {
    Finding { check, measured, allowed: (low, high), severity: Severity::Block }
}

/// A passed finding of every check.
pub(super) fn findings() -> Vec<Finding> {
    let of = |check| match check {
        Check::FaceCount => finding(check, 1.0, 1.0, 1.0),
        Check::Resolution => finding(check, 1.42, 1.0, f32::INFINITY),
        Check::Centre => finding(check, -4.0, -24.0, 24.0),
        Check::HeadRoll => finding(check, 1.2, -8.0, 8.0),
        Check::Cropping => finding(check, 0.0, 0.0, 2.0),
        Check::FileSize => finding(check, 35_210.0, 30_000.0, 40_000.0),
        _ => finding(check, 78.0, 50.0, 110.0),
    };
    Check::ALL.map(of).to_vec()
}

pub(super) fn portrait() -> Arc<Portrait> {
    portrait_with(findings())
}

/// Every warning at once: the longest advice there can be.
pub(super) fn review_with_warnings() -> State {
    let failing = |check| Finding { severity: Severity::Warn, ..finding(check, 130.0, 1.0, 110.0) };
    let portrait = portrait_with(Check::ALL.map(failing).to_vec());
    State::Review { sitter: sitter(), capture: CaptureId(1), portrait }
}

fn portrait_with(findings: Vec<Finding>) -> Arc<Portrait> {
    Arc::new(Portrait {
        jpeg: Default::default(),
        pixels: Default::default(),
        before: Default::default(),
        quality: 85,
        background: [255; 3],
        geometry: Geometry { crown_px: 80.0, eyes_px: 250.0, face_width_px: 240.0, centre_offset_px: 0.0 },
        findings,
        layers: None,
    })
}

pub(super) fn framing(framing: Framing) -> State {
    let lines = crate::photo::Lines { eyes: true, ..Default::default() };
    State::Framing { sitter: sitter(), framing, lines, good_since: None, retake: Vec::new() }
}

pub(super) fn code_entry(text: &str, problem: Option<CodeProblem>) -> State {
    let mut typed = Typed::default();
    text.chars().for_each(|character| typed.push_as_is(character));
    State::CodeEntry { scan: ScanId(1), typed, capitals: false, problem }
}

/// A page of the stick; the second picture does not open.
pub(super) fn pictures(count: Option<usize>, problem: Option<ImportProblem>) -> State {
    let mut album = Album { count, problem, page: 1, ..Album::default() };
    album.shown[0] = Some(Ok(Arc::new(Wiped::default())));
    album.shown[1] = Some(Err(PictureError::Damaged));
    State::Pictures { sitter: sitter(), ask: AskId(1), album }
}

pub(super) fn brought() -> Brought {
    let head = Head { crown_y: 200.0, eyes: Point { x: 600.0, y: 360.0 }, centre_x: 600.0, face_width: 220.0 };
    let placement = Placement::new(head, CutOff::default(), (1200, 800), &PhotoProfile::default());
    let crop = placement.best;
    let import = Import { picture: Wiped::default(), preview: Wiped::default(), placement };
    Brought { source: PictureSource::Stick, import: Arc::new(import), crop }
}

pub(super) fn crop(retake: Vec<Finding>) -> State {
    State::Crop { sitter: sitter(), brought: brought(), retake }
}

pub(super) fn upload(url: Option<&str>, problem: Option<ImportProblem>) -> State {
    State::Upload { sitter: sitter(), ask: AskId(1), url: url.map(str::to_owned), problem }
}

pub(super) fn agreement(agreement_ticked: bool, photo_consent_ticked: bool) -> State {
    State::Agreement { visitor: visitor(), agreement_ticked, photo_consent_ticked }
}

pub(super) fn scan(problem: Option<CodeProblem>) -> State {
    State::Scan { scan: ScanId(1), problem }
}

pub(super) fn review() -> State {
    State::Review { sitter: sitter(), capture: CaptureId(1), portrait: portrait() }
}

pub(super) fn done() -> State {
    State::Done { order: order(true) }
}

pub(super) fn code_problems() -> impl Iterator<Item = CodeProblem> {
    Rejected::ALL.into_iter().map(CodeProblem::Rejected).chain([
        CodeProblem::Asking,
        CodeProblem::LookingAtStick,
        CodeProblem::ServerAway,
        CodeProblem::SeveralCodes,
        CodeProblem::NoStick,
        CodeProblem::NoCodeOnStick,
    ])
}

/// The longest of them, and one that has no picture to show.
pub(super) fn import_problems() -> [ImportProblem; 3] {
    let heic = PictureError::NotSupported(crate::photo::decode::OtherFormat::Heic);
    [ImportProblem::NoFace, ImportProblem::NoStick, ImportProblem::Picture(heic)]
}

/// Every state, with words that are on its screen and no other.
pub(super) fn every_state(strings: &Strings) -> Vec<(State, String)> {
    let language = strings.language;
    let mut states = vec![
        (State::Welcome, strings.welcome_headline.to_owned()),
        (scan(None), strings.scan_title.to_owned()),
        (confirm(student()), strings.confirm_title.to_owned()),
        (confirm(student_with_long_texts()), "学".repeat(40)),
        (agreement(false, false), strings.agreement_tick_both.to_owned()),
        (agreement(true, true), strings.agreement_note.to_owned()),
        (
            State::Countdown {
                sitter: sitter(),
                fires_at: Instant::now() + Duration::from_secs(2),
                framing: Framing::Good,
                lines: Lines::ALL,
                bad_since: None,
            },
            strings.countdown_title.to_owned(),
        ),
        (State::Developing { sitter: sitter(), capture: CaptureId(1) }, strings.developing_title.to_owned()),
        (review(), strings.review_title.to_owned()),
        (review_with_warnings(), strings.review_advice.to_owned()),
        (
            State::Saving { sitter: sitter(), capture: CaptureId(1), portrait: portrait() },
            strings.saving_title.to_owned(),
        ),
        (done(), strings.done_title.to_owned()),
        (State::Done { order: order(false) }, strings.unpaid.to_owned()),
        (student_number("", true), sentences::wrong_student_number(language, 2)),
        (student_number("192196", false), strings.student_number_title.to_owned()),
        (phone("1380013", false), strings.phone_unverified.to_owned()),
        (phone("12800138000", true), strings.phone_malformed.to_owned()),
        (sms_code(Sms::Sent), sentences::sms_sent_to(language, &contact().phone)),
        (sms_code(Sms::Wrong), strings.sms_wrong.to_owned()),
        (wechat(), strings.link_title.to_owned()),
        (State::Tips { sitter: sitter() }, strings.tips_title.to_owned()),
        (code_entry("SZZ-DEMO-1.abc", None), strings.code_entry_title.to_owned()),
        (code_entry("SZZ-DEMO-1.abc", Some(CodeProblem::ServerAway)), strings.code_entry_note.to_owned()),
        (pictures(Some(20), None), strings.pictures_title.to_owned()),
        (pictures(None, None), strings.pictures_looking.to_owned()),
        (crop(Vec::new()), strings.crop_title.to_owned()),
        (crop(findings()), strings.crop_retake.to_owned()),
        (
            upload(Some("http://192.168.4.1:8080/0123456789abcdef0123456789abcdef"), None),
            strings.upload_title.to_owned(),
        ),
        (
            State::Review {
                sitter: Sitter { brought: Some(brought()), ..sitter() },
                capture: CaptureId(1),
                portrait: portrait(),
            },
            strings.change_picture.to_owned(),
        ),
        (
            State::Summary {
                sitter: Sitter { brought: Some(brought()), ..sitter() },
                capture: CaptureId(1),
                portrait: portrait(),
            },
            strings.source_stick.to_owned(),
        ),
        (
            State::Summary { sitter: sitter(), capture: CaptureId(1), portrait: portrait() },
            strings.summary_title.to_owned(),
        ),
        (payment(PaymentProgress::Asking), strings.payment_asking.to_owned()),
        (payment(PaymentProgress::Code("https://example.org/pay/1".to_owned())), strings.payment_scan.to_owned()),
        (payment(PaymentProgress::Unreachable), strings.payment_unreachable.to_owned()),
        (payment(PaymentProgress::WithStaff), strings.payment_staff.to_owned()),
        (centre(Review::Waiting, true), strings.waiting.to_owned()),
        (centre(Review::Approved, true), strings.approved.to_owned()),
        (
            centre(Review::Rejected { reasons: vec!["head_roll".to_owned(), "uneven_light".to_owned()] }, false),
            strings.rejected.to_owned(),
        ),
        (centre(Review::NotTaken { reason: Some("bad_signature".to_owned()) }, true), strings.not_taken.to_owned()),
        (State::Ended { ending: Ending::WrongStudentNumber }, strings.ended_number_title.to_owned()),
        (withdraw(true), strings.withdraw_paid.to_owned()),
        (withdraw(false), strings.withdraw_title.to_owned()),
        (State::Ended { ending: Ending::Withdrawn { known_to_server: true } }, strings.withdrawn_everywhere.to_owned()),
        (State::Ended { ending: Ending::Withdrawn { known_to_server: false } }, strings.withdrawn_here.to_owned()),
    ];
    for problem in code_problems() {
        let words = sentences::code_problem(language, problem).headline;
        states.push((scan(Some(problem)), words.to_owned()));
    }
    for problem in import_problems() {
        let (headline, _) = imports::problem(language, problem);
        states.push((pictures(Some(20), Some(problem)), headline.clone()));
        states.push((upload(None, Some(problem)), headline));
    }
    for seen in Framing::ALL {
        states.push((framing(seen), sentences::framing(language, seen).headline.to_owned()));
    }
    for fault in [Fault::Camera, Fault::Studio, Fault::Storage] {
        states.push((State::OutOfService { fault }, sentences::fault(language, fault).to_owned()));
    }
    states
}
