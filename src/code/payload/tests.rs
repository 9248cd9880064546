//! Every kind of code against what a student, a forger or a careless school may hold up. All codes
//! here are synthetic.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;

use super::sealed::IssuerKeys;
use super::*;
use crate::code::mint::{ValidFor, mint, mint_plain, mint_sealed};

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// The hour in which the codes of these tests are shown.
fn now() -> Timestamp {
    at("2026-06-10T08:00:00Z")
}

fn claims() -> Claims {
    Claims::new("99999", &mint(3).enrolment, at("2026-06-10T00:00:00Z"), at("2026-06-11T00:00:00Z"))
}

fn terms() -> Terms {
    Terms { school_code: "99999".to_owned(), roster_required: false }
}

fn issuer() -> IssuerKeys {
    IssuerKeys::for_tests(1, 2)
}

fn plain_booth() -> Adapter {
    Adapter::Plain(terms())
}

fn sealed_booth() -> Adapter {
    Adapter::Sealed(terms(), vec![issuer().booth()])
}

/// What the booth makes of a text when the roster has nothing.
fn judge(adapter: &Adapter, text: &str) -> Result<Student, Rejected> {
    judge_at(adapter, text, now())
}

fn judge_at(adapter: &Adapter, text: &str, now: Timestamp) -> Result<Student, Rejected> {
    adapter.decode(&Payload::new(text.to_owned()), now)?.whose(None)
}

/// The same claims as both kinds of code that carry them.
fn both(claims: &Claims) -> [(Adapter, Payload); 2] {
    [(plain_booth(), write_plain(claims)), (sealed_booth(), issuer().seal(claims).unwrap())]
}

fn assert_rejected(claims: &Claims, reason: Rejected, what: &str) {
    for (adapter, payload) in both(claims) {
        assert_eq!(judge(&adapter, payload.expose()), Err(reason), "{what:?}, {adapter:?}");
    }
}

/// Sealed bytes as text.
fn sealed_text(bytes: &[u8]) -> String {
    format!("SZZ-SEALED-1.{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn sealed_bytes(payload: &Payload) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(payload.expose().strip_prefix("SZZ-SEALED-1.").unwrap()).unwrap()
}

#[test]
fn a_code_that_names_its_student_is_believed() {
    for (adapter, payload) in both(&claims()) {
        let student = judge(&adapter, payload.expose()).unwrap();
        assert_eq!(student, Student { code: payload.digest(), enrolment: mint(3).enrolment });
    }
}

#[test]
fn an_opaque_code_is_whoever_the_roster_says() {
    let minted = mint(3);
    let decoded = Adapter::Opaque.decode(&minted.payload, now()).unwrap();
    assert_eq!(decoded.code, minted.payload.digest());
    assert_eq!(decoded.clone().whose(None), Err(Rejected::NotInRoster));
    assert_eq!(decoded.whose(Some(minted.enrolment.clone())).unwrap().enrolment, minted.enrolment);
}

#[test]
fn an_opaque_code_in_the_roster_is_one_whatever_it_looks_like() {
    let payload = Payload::new("https://u.wechat.com/looks-like".to_owned());
    let decoded = Adapter::Opaque.decode(&payload, now()).unwrap();
    assert!(decoded.clone().whose(Some(mint(1).enrolment)).is_ok());
    assert_eq!(decoded.whose(None), Err(Rejected::Foreign(Foreign::WeChat)));
}

#[test]
fn a_code_of_something_else_is_named_by_every_booth() {
    for (text, foreign) in [
        ("wxp://f2f0Zm9yIHRlc3RzIG9ubHk", Foreign::WeChat),
        ("https://qr.alipay.com/fkx00000fortests", Foreign::Alipay),
        ("6200000000000000000", Foreign::UnionPay),
        ("https://example.org/", Foreign::Link),
    ] {
        for adapter in [Adapter::Opaque, plain_booth(), sealed_booth()] {
            assert_eq!(judge(&adapter, text), Err(foreign.into()), "{text}, {adapter:?}");
        }
    }
    for text in ["", "hello", "\u{0}\u{1b}[2J", "{}", "szz-plain-1.{}"] {
        assert_eq!(judge(&Adapter::Opaque, text), Err(Rejected::NotInRoster));
        for adapter in [plain_booth(), sealed_booth()] {
            assert_eq!(judge(&adapter, text), Err(Foreign::Other.into()), "{text:?}");
        }
    }
}

#[test]
fn a_megabyte_is_refused_unread() {
    for adapter in [Adapter::Opaque, plain_booth(), sealed_booth()] {
        for prefix in ["", "SZZ-PLAIN-1.", "SZZ-SEALED-1."] {
            let text = format!("{prefix}{}", "A".repeat(1_000_000));
            assert_eq!(judge(&adapter, &text), Err(Rejected::TooLong));
        }
        let longest = "A".repeat(MOST_BYTES);
        assert_ne!(judge(&adapter, &longest), Err(Rejected::TooLong));
        assert_eq!(judge(&adapter, &format!("{longest}A")), Err(Rejected::TooLong));
    }
}

#[test]
fn a_code_of_another_kind_or_version_is_named() {
    let (plain, sealed) = (write_plain(&claims()), issuer().seal(&claims()).unwrap());
    assert_eq!(judge(&sealed_booth(), plain.expose()), Err(Rejected::OtherKind));
    assert_eq!(judge(&plain_booth(), sealed.expose()), Err(Rejected::OtherKind));
    assert_eq!(judge(&plain_booth(), mint(3).payload.expose()), Err(Rejected::OtherKind));
    for (adapter, payload) in both(&claims()) {
        for other in ["-2.", "-.", "-01.", "-1 ."] {
            let text = payload.expose().replacen("-1.", other, 1);
            assert_eq!(judge(&adapter, &text), Err(Rejected::UnknownVersion), "{other}");
        }
    }
    assert_eq!(judge(&plain_booth(), "SZZ-PLAIN-"), Err(Rejected::Unreadable));
}

#[test]
fn json_that_is_not_exactly_the_format_is_unreadable() {
    let text = write_plain(&claims()).expose().to_owned();
    for (from, to) in [
        ("{", ""),
        ("}", ",\"extra\":1}"),
        ("}", ",\"name\":\"*a\"}"),
        ("}", "}{}"),
        ("\"name\"", "\"Name\""),
        ("\"2026-06-11T00:00:00Z\"", "1"),
        ("\"2026-06-11T00:00:00Z\"", "\"2026-06-11\""),
        ("\"99999\"", "99999"),
        ("\"99999\"", "null"),
        ("\"99999\"", "\"9\\ud800\""),
        ("\"99999\"", "\"９\""),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        assert_eq!(judge(&plain_booth(), &changed), Err(Rejected::Unreadable), "{from} → {to}");
    }
    let deep = format!("SZZ-PLAIN-1.{}", "[".repeat(4000));
    assert_eq!(judge(&plain_booth(), &deep), Err(Rejected::Unreadable));
}

#[test]
fn a_plain_code_beyond_ascii_is_unreadable_because_readers_differ() {
    let text = format!("SZZ-PLAIN-1.{}", claims().to_json());
    assert_eq!(judge(&plain_booth(), &text), Err(Rejected::Unreadable));
    assert!(write_plain(&claims()).expose().is_ascii());
}

#[test]
fn letters_that_no_record_has_are_refused_in_every_field() {
    // Cyrillic, Greek, full-width, compatibility ideographs, radicals, other dots and stars, emoji.
    let odd = ["А", "Ο", "Ａ", "\u{F900}", "\u{2F800}", "\u{2F00}", "\u{2E80}", "•", "＊", "∗", "🎓", "é", "٣", "１"]
        .into_iter()
        // Controls, directions, invisible ones, markup and quotes.
        .chain(["\n", "\u{0}", "\u{1b}[2J", "\u{7f}", "\u{202e}", "\u{200b}", "\u{feff}", "\u{300}", "\u{3000}"])
        .chain(["<b>", "\"", "'", "\\", "{", ";", "/", "="]);
    for letter in odd {
        let spoilt = |text: &str| format!("{text}{letter}*");
        let original = claims();
        for spoil in [
            Claims { school: spoilt(&original.school), ..original.clone() },
            Claims { category: spoilt(&original.category), ..original.clone() },
            Claims { level: spoilt(&original.level), ..original.clone() },
            Claims { major: spoilt(&original.major), ..original.clone() },
            Claims { name: spoilt(&original.name), ..original.clone() },
            Claims { school_code: format!("9{letter}"), ..original.clone() },
        ] {
            assert_rejected(&spoil, Rejected::OddText, letter);
        }
        assert_rejected(&Claims { id_last4: format!("12{letter}"), ..original }, Rejected::NotMasked, letter);
    }
}

#[test]
fn fields_are_short_and_not_empty() {
    let original = claims();
    for school in
        [String::new(), " ".to_owned(), "学".repeat(41), " 学".into(), "学 ".into(), "学  校".into(), "（）".into()]
    {
        assert_rejected(&Claims { school: school.clone(), ..original.clone() }, Rejected::OddText, &school);
    }
    for (claims, what) in [
        (Claims { category: "普".repeat(21), ..original.clone() }, "category"),
        (Claims { level: "本".repeat(21), ..original.clone() }, "level"),
        (Claims { major: "会".repeat(41), ..original.clone() }, "major"),
        (Claims { name: format!("{}*", "郭".repeat(24)), ..original.clone() }, "name"),
        (Claims { school_code: "9".repeat(13), ..original.clone() }, "school_code"),
    ] {
        assert_rejected(&claims, Rejected::OddText, what);
    }
}

#[test]
fn names_as_they_really_are_pass() {
    for (name, major) in [
        ("郭*荣", "信息管理与信息系统（大数据方向）"),
        ("古丽*·*提", "日语+国际贸易"),
        ("欧阳*", "中国语言文学类、历史学"),
        ("J*** S****", "English (Business)"),
        ("㛃*", "A-1 & 2"),
        ("𠮷*", "会计学"),
        ("〇*", "会计学"),
    ] {
        let claims = Claims { name: name.to_owned(), major: major.to_owned(), ..claims() };
        for (adapter, payload) in both(&claims) {
            let student = judge(&adapter, payload.expose());
            assert_eq!(student.unwrap().enrolment.masked_name, name);
        }
    }
}

#[test]
fn a_name_or_number_in_full_is_refused() {
    for name in ["郭大荣", "***"] {
        let reason = if name == "***" { Rejected::OddText } else { Rejected::NotMasked };
        assert_rejected(&Claims { name: name.to_owned(), ..claims() }, reason, name);
    }
    for id_last4 in ["", "123", "12345", "11010119900101123X", "123x", "****"] {
        assert_rejected(&Claims { id_last4: id_last4.to_owned(), ..claims() }, Rejected::NotMasked, id_last4);
    }
}

#[test]
fn a_code_of_another_school_is_refused() {
    for school_code in ["99998", "9999", "999990", "A9999"] {
        let claims = Claims { school_code: school_code.to_owned(), ..claims() };
        assert_rejected(&claims, Rejected::WrongSchool, school_code);
    }
}

#[test]
fn a_code_holds_for_its_time_and_ten_minutes_around_it() {
    for (adapter, payload) in both(&claims()) {
        let at_time = |time| judge_at(&adapter, payload.expose(), at(time)).map(|_| ());
        assert_eq!(at_time("2026-06-09T23:49:59Z"), Err(Rejected::NotYetValid));
        assert_eq!(at_time("2026-06-09T23:50:00Z"), Ok(()));
        assert_eq!(at_time("2026-06-11T00:10:00Z"), Ok(()));
        assert_eq!(at_time("2026-06-11T00:10:01Z"), Err(Rejected::Expired));
    }
    let Claims { from, until, .. } = claims();
    assert_rejected(&Claims { from: until, until: from, ..claims() }, Rejected::Unreadable, "backwards");
    assert_rejected(&Claims { until: from, ..claims() }, Rejected::Unreadable, "no time at all");
    let eternal = Claims { from: Timestamp::MIN, until: Timestamp::MAX, ..claims() };
    for (adapter, payload) in both(&eternal) {
        for time in [Timestamp::MIN, now(), Timestamp::MAX] {
            assert!(judge_at(&adapter, payload.expose(), time).is_ok());
        }
    }
}

/// A picture of yesterday's code is worth nothing today; today's is the same student again.
#[test]
fn a_replayed_code_is_the_same_student_and_tomorrow_nobody() {
    let valid = ValidFor { school_code: "99999".to_owned(), from: claims().from, until: claims().until };
    for (adapter, minted) in
        [(plain_booth(), mint_plain(3, &valid)), (sealed_booth(), mint_sealed(3, &valid, &issuer()).unwrap())]
    {
        let text = minted.payload.expose();
        assert_eq!(judge(&adapter, text), judge_at(&adapter, text, at("2026-06-10T09:00:00Z")));
        assert_eq!(judge_at(&adapter, text, at("2026-06-11T08:00:00Z")), Err(Rejected::Expired));
    }
}

#[test]
fn the_roster_has_the_last_word_where_it_is_required() {
    let required = Terms { roster_required: true, ..terms() };
    for (adapter, payload) in [
        (Adapter::Plain(required.clone()), write_plain(&claims())),
        (Adapter::Sealed(required, vec![issuer().booth()]), issuer().seal(&claims()).unwrap()),
    ] {
        let decoded = adapter.decode(&payload, now()).unwrap();
        assert_eq!(decoded.clone().whose(None), Err(Rejected::NotInRoster));
        assert!(decoded.clone().whose(Some(mint(3).enrolment)).is_ok());
        assert_eq!(decoded.whose(Some(mint(4).enrolment)), Err(Rejected::DiffersFromRoster));
    }
    for (adapter, payload) in both(&claims()) {
        let decoded = adapter.decode(&payload, now()).unwrap();
        assert_eq!(decoded.whose(Some(mint(4).enrolment)), Err(Rejected::DiffersFromRoster));
    }
}

#[test]
fn a_seal_of_other_keys_is_refused() {
    let seal = |cipher, signing| IssuerKeys::for_tests(cipher, signing).seal(&claims()).unwrap();
    assert!(judge(&sealed_booth(), seal(1, 2).expose()).is_ok());
    assert_eq!(judge(&sealed_booth(), seal(1, 3).expose()), Err(Rejected::WrongKey), "another issuer");
    assert_eq!(judge(&sealed_booth(), seal(9, 2).expose()), Err(Rejected::WrongKey), "another cipher key");
}

/// A forger who has a booth's files can encrypt, but not sign.
#[test]
fn while_an_issuer_changes_its_keys_both_sets_are_read_and_no_third() {
    let seal = |cipher, signing| IssuerKeys::for_tests(cipher, signing).seal(&claims()).unwrap();
    let booth = |sets: &[(u8, u8)]| {
        let keys = sets.iter().map(|&(cipher, signing)| IssuerKeys::for_tests(cipher, signing).booth()).collect();
        Adapter::Sealed(terms(), keys)
    };
    // Both keys are new, the signing key alone, the cipher key alone.
    for new in [(3, 4), (1, 4), (3, 2)] {
        let changing = booth(&[new, (1, 2)]);
        for (cipher, signing) in [(1, 2), new] {
            let read = judge(&changing, seal(cipher, signing).expose()).map(|student| student.enrolment);
            assert_eq!(read, Ok(mint(3).enrolment), "cipher {cipher}, signing {signing}");
        }
        assert_eq!(judge(&changing, seal(5, 6).expose()), Err(Rejected::WrongKey));
        let changed = booth(&[new]);
        assert_eq!(judge(&changed, seal(1, 2).expose()), Err(Rejected::WrongKey), "the old set was taken away");
    }
}

#[test]
fn a_seal_without_the_issuers_signature_is_refused() {
    let forged = sealed_bytes(&IssuerKeys::for_tests(1, 3).seal(&claims()).unwrap());
    let mut bytes = sealed_bytes(&issuer().seal(&claims()).unwrap());
    let id = bytes[..8].to_vec();
    bytes = [&id, &forged[8..]].concat();
    assert_eq!(judge(&sealed_booth(), &sealed_text(&bytes)), Err(Rejected::BadSignature));
}

#[test]
fn the_same_bytes_have_one_text_only() {
    let text = issuer().seal(&claims()).unwrap().expose().to_owned();
    for variant in [
        format!("{text}="),
        format!("{text}\n"),
        format!(" {text}"),
        format!("{text}A"),
        format!("SZZ-SEALED-1.{}", text["SZZ-SEALED-1.".len()..].replace(['-', '_'], "+")),
        text.to_lowercase(),
    ] {
        assert!(judge(&sealed_booth(), &variant).is_err(), "{variant}");
    }
}

#[test]
fn the_worked_examples_of_the_documentation_hold() {
    let (from, until) = (at("2026-06-01T00:00:00+08:00"), at("2026-07-01T00:00:00+08:00"));
    let claims = Claims::new("99999", &mint(1).enrolment, from, until);
    let documentation = include_str!("../../../docs/collection-code.md");
    let sealed = issuer().seal_with([3; 12], &claims).unwrap();
    for (name, payload) in [("PLAIN", write_plain(&claims)), ("SEALED", sealed)] {
        for part in [payload.expose(), &payload.digest().to_string()] {
            assert!(documentation.contains(part), "{name} is not {part}");
        }
        println!("{name} {}", payload.expose());
    }
}

#[test]
fn two_seals_of_one_student_differ() {
    assert_ne!(issuer().seal(&claims()).unwrap(), issuer().seal(&claims()).unwrap());
}

#[test]
fn a_seal_that_is_cut_off_is_refused() {
    let bytes = sealed_bytes(&issuer().seal(&claims()).unwrap());
    for length in 0..bytes.len() {
        assert!(judge(&sealed_booth(), &sealed_text(&bytes[..length])).is_err(), "{length} bytes");
    }
    for length in [0, 1, 63, 64, 99] {
        assert_eq!(judge(&sealed_booth(), &sealed_text(&bytes[..length])), Err(Rejected::Unreadable), "{length} bytes");
    }
}

#[test]
fn neither_reasons_nor_debug_quote_a_code() {
    let student = mint(3).enrolment;
    for (adapter, payload) in both(&claims()) {
        let decoded = adapter.decode(&payload, now()).unwrap();
        let shown = format!("{payload:?} {decoded:?} {adapter:?} {:?}", claims());
        for secret in [&student.masked_name, &student.school, &student.document_last4] {
            assert!(!shown.contains(secret.as_str()), "{shown}");
        }
        assert!(!shown.contains(&payload.expose()[13..]));
    }
}

proptest! {
    #[test]
    fn no_text_makes_an_adapter_stumble(bytes in prop::collection::vec(any::<u8>(), 0..600), mark in 0..4usize) {
        let mark = ["", "SZZ-PLAIN-1.", "SZZ-SEALED-1.", "SZZ-DEMO-1."][mark];
        let text = format!("{mark}{}", String::from_utf8_lossy(&bytes));
        for adapter in [Adapter::Opaque, plain_booth(), sealed_booth()] {
            prop_assert!(judge(&adapter, &text).is_err());
        }
        prop_assert!(judge(&sealed_booth(), &sealed_text(&bytes)).is_err());
    }

    #[test]
    fn any_json_of_the_right_fields_gives_an_answer(text in "\\PC{0,50}", at in 0..9usize) {
        let names = ["school_code", "school", "category", "level", "major", "name", "id_last4", "from", "until"];
        let mut json = serde_json::to_value(claims()).unwrap();
        json[names[at]] = text.into();
        let code = format!("SZZ-PLAIN-1.{json}");
        let _ = judge(&plain_booth(), &code);
    }

    #[test]
    fn a_seal_with_any_bit_flipped_is_refused(byte in any::<prop::sample::Index>(), bit in 0..8u8) {
        let mut bytes = sealed_bytes(&issuer().seal(&claims()).unwrap());
        let at = byte.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let expected = if at < 8 { Rejected::WrongKey } else { Rejected::BadSignature };
        prop_assert_eq!(judge(&sealed_booth(), &sealed_text(&bytes)), Err(expected));
    }

    #[test]
    fn a_seal_with_any_letter_changed_is_refused(at in any::<prop::sample::Index>(), letter in "[ -~]") {
        let text = issuer().seal(&claims()).unwrap().expose().to_owned();
        let at = at.index(text.len());
        prop_assume!(text[at..=at] != letter);
        let changed = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
        prop_assert!(judge(&sealed_booth(), &changed).is_err());
    }
}
