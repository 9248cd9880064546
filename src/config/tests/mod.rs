//! Whole files: what is right, and what is named when something is wrong.

mod mutations;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

use super::*;
use crate::photo::{Check, Severity};
use crate::words::screens::{CHINESE, ENGLISH};

pub(super) fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config").join(name)
}

/// What `judge` finds in a file of this text.
pub(super) fn judged(text: &str, judge: impl FnOnce(&mut Problems<'_>)) -> Vec<Problem> {
    let document = Document::parse(Path::new("kiosk.toml"), text.as_bytes()).unwrap();
    let mut problems = Problems::new(&document, Vec::new());
    judge(&mut problems);
    problems.into_error(Path::new("kiosk.toml")).map(|bad| bad.problems).unwrap_or_default()
}

/// The example with its folder beside it, changed.
pub(super) fn changed(changes: &[(&str, &str)]) -> Vec<u8> {
    let folder = example("agreements");
    let text = fs::read_to_string(example("kiosk.toml")).unwrap();
    let mut text = text.replace("folder = \"agreements\"", &format!("folder = {folder:?}"));
    for (before, after) in changes {
        assert!(text.contains(before), "{before} is not in the example");
        text = text.replacen(before, after, 1);
    }
    text.into_bytes()
}

pub(super) fn load_bytes(bytes: &[u8], variables: &[(&str, &str)]) -> Result<Config, BadConfig> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kiosk.toml");
    fs::write(&path, bytes).unwrap();
    let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    load_with(&path, &Overrides::among(variables))
}

fn problems(changes: &[(&str, &str)]) -> Vec<Problem> {
    load_bytes(&changed(changes), &[]).unwrap_err().problems
}

fn line_of(text: &[u8], wanted: &str) -> usize {
    let text = std::str::from_utf8(text).unwrap();
    text.lines().position(|line| line.trim_start().starts_with(wanted)).unwrap() + 1
}

#[test]
fn the_example_config_is_sound() {
    for name in ["kiosk.toml", "kiosk.minimal.toml"] {
        let config = load(&example(name)).unwrap();
        assert_eq!(config.profile, PhotoProfile::default());
        assert!(config.server.is_none());
    }
}

/// What the file says beside the national profile, and nothing else.
#[test]
fn every_profile_that_ships_is_sound_and_is_what_it_is_called() {
    let national = PhotoProfile::default();
    let with = |change: &dyn Fn(&mut PhotoProfile)| {
        let mut profile = national.clone();
        change(&mut profile);
        profile
    };
    let expected = [
        ("national", national.clone()),
        ("white-only", national.clone()),
        ("blue-only", with(&|profile| profile.background = [67, 142, 219])),
        ("light-blue", with(&|profile| profile.background = [100, 197, 255])),
        ("light-grey", with(&|profile| profile.background = [240, 240, 240])),
        ("over-30-kb", with(&|profile| profile.file_bytes.0 = 30_721)),
        ("no-glasses", with(&|profile| profile.severity = BTreeMap::from([(Check::Glasses, Severity::Block)]))),
        ("live-only", with(&|profile| profile.live_only = true)),
    ];
    let shipped = fs::read_dir(example("profiles")).unwrap().count();
    assert_eq!(shipped, expected.len());
    for (name, profile) in expected {
        let profile = PhotoProfile { name: name.to_owned(), ..profile };
        let path = example("profiles").join(name).with_extension("toml");
        assert_eq!(find_profile(path.to_str().unwrap()).unwrap(), profile);
        let config = load_bytes(&changed(&[("profile = \"national\"", &format!("profile = {name:?}"))]), &[]);
        assert_eq!(config.unwrap().profile, profile, "by its name");
    }
}

/// Every kind of slip in one file: each with its own line, key, rule and hint.
#[test]
fn all_problems_are_named_at_once_with_their_lines() {
    let text = changed(&[
        ("id = \"campus-a-01\"", "id = \"campus a\""),
        ("full_screen = true", "full_screen = \"yes\""),
        ("profile = \"national\"", "profile = \"no-such\""),
        ("width_px = 1280", "width_px = \"1280\""),
        ("version = \"2026-11-3\"", ""),
        ("kind = \"opaque\"", "kind = \"opaqe\""),
        ("# url =", "url ="),
        ("days = 30", "dayz = 30\nid = 1"),
        ("phone = \"sms\"", "phone = \"sms\"\nwechat_url = \"http://example.org\""),
        ("idle_s = 60", "idel_s = 60\ncountdown_s = 99\nnonsense_of_all_kinds = true"),
        ("countdown_s = 3", ""),
        ("help_s = 120", "help_s = 5"),
    ]);
    let found = load_bytes(&text, &[]).unwrap_err().problems;
    let said: Vec<(usize, String, String)> = found
        .iter()
        .map(|problem| match problem.place {
            Place::Line { line, .. } => {
                (line, problem.key.clone(), problem.rule(Language::English) + "; " + &problem.hint(Language::English))
            }
            _ => panic!("{problem}"),
        })
        .collect();
    let expected = [
        ("id = \"campus a\"", "kiosk.id", "letters, digits and dashes"),
        ("full_screen =", "kiosk.full_screen", "must be true or false, is text; take the quotation marks away"),
        ("profile =", "photo.profile", "no such photo profile"),
        ("width_px", "camera.width_px", "must be a whole number, is text"),
        ("[agreement]", "agreement.version", "missing; add version"),
        ("kind =", "code.kind", "did you mean \"opaque\"?"),
        ("url =", "server.url", "run `szz-kiosk enroll`"),
        ("dayz", "retention.dayz", "did you mean retention.days?"),
        ("id = 1", "retention.id", "did you mean kiosk.id?"),
        ("wechat_url = \"http:", "visit.wechat_url", "must begin with https://"),
        ("idel_s", "patience.idel_s", "did you mean patience.idle_s?"),
        ("countdown_s = 99", "patience.countdown_s", "must be 1 to 10"),
        ("nonsense", "patience.nonsense_of_all_kinds", "known here: countdown_s, done_s, idle_s"),
        ("help_s", "patience.screens.help_s", "must be 20 to 600"),
    ];
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for ((line, key, words), (begins, named, says)) in said.iter().zip(expected) {
        assert_eq!((*line, key.as_str()), (line_of(&text, begins), named));
        assert!(words.contains(says), "{key}: {words}");
    }
    assert!(found.iter().all(|problem| !problem.rule(Language::Chinese).is_empty()));
}

#[test]
fn a_section_that_is_missing_or_something_else_is_named_once() {
    let text = changed(&[]);
    let text = String::from_utf8(text).unwrap().replace("[paths]", "[path]").replace("[screen]", "screen = 1\n[other]");
    let found = load_bytes(text.as_bytes(), &[]).unwrap_err().problems;
    let keys: Vec<&str> = found.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(keys, ["paths", "path", "payment.screen", "other"], "{found:#?}");
}

#[test]
fn a_list_that_is_too_short_or_too_long_is_named_with_its_key() {
    for (list, given) in [("[11]", 1), ("[]", 0), ("[11, 11, 11]", 3)] {
        let slip = format!("student_number_length = {list}");
        let found = load_bytes(&changed(&[("student_number_length = [11, 11]", &slip)]), &[]).unwrap_err().problems;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].key, "visit.student_number_length");
        assert_eq!(found[0].rule, Rule::Count { given, least: 2, most: Some(2) });
    }
}

#[test]
fn the_page_about_settings_that_are_wrong_speaks_the_language_that_they_name() {
    let english = ("language = \"zh-CN\"", "language = \"en\"");
    let language = |changes: &[_]| load_bytes(&changed(changes), &[]).unwrap_err().language;
    assert_eq!(language(&[english, ("days = 30", "days = -1")]), Language::English);
    assert_eq!(language(&[("days = 30", "days = -1")]), Language::Chinese);
}

#[test]
fn what_is_wrong_in_a_profile_is_named_with_its_own_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("school.toml");
    fs::write(&profile, "name = \"school\"\nmax_lip_gap = -1\neyes_px = [300, 200]\n[severity]\nglases = \"block\"\n")
        .unwrap();
    let found = problems(&[("profile = \"national\"", &format!("profile = {profile:?}"))]);
    let named: Vec<_> = found.iter().map(|problem| (problem.location(), problem.key.as_str())).collect();
    let at = |place: &str| format!("{}:{place}", profile.display());
    assert_eq!(
        named,
        [(at("2:1"), "max_lip_gap"), (at("3:1"), "eyes_px"), (at("5:1"), "severity.glases")],
        "{found:#?}"
    );
    assert!(found[2].hint(Language::English).contains("severity.glasses"));
}

#[test]
fn variables_take_the_place_of_lines() {
    let variables = [
        ("SZZ_KIOSK__KIOSK__ID", "campus-b-07"),
        ("SZZ_KIOSK__SERVER__URL", "https://photos.example.org"),
        ("SZZ_KIOSK__SERVER__PUBLIC_KEY", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
        ("SZZ_KIOSK__PATIENCE__SCREENS__SCAN_S", "45"),
        ("SZZ_KIOSK__CAMERA__EXPOSURE", "156"),
        ("SZZ_KIOSK__CAMERA__FOCUS", "auto"),
        ("SZZ_KIOSK__VISIT__USB_FOLDERS", "[\"/media\"]"),
        ("SZZ_KIOSK_PURGE", "nothing of ours"),
        ("SZZ_LOG", "info"),
    ];
    let config = load_bytes(&changed(&[]), &variables).unwrap();
    assert_eq!(config.kiosk_id, "campus-b-07");
    assert_eq!(config.server.unwrap().url, "https://photos.example.org");
    assert_eq!(config.patience.screens.scan, Some(std::time::Duration::from_secs(45)));
    assert_eq!((config.camera.exposure, config.camera.focus), (Setting::Fixed(156), Setting::Auto));
    assert_eq!(config.usb_folders, [PathBuf::from("/media")]);
}

#[test]
fn what_is_wrong_with_a_variable_names_the_variable() {
    let found = load_bytes(
        &changed(&[]),
        &[
            ("SZZ_KIOSK__SERVER__ULR", "https://photos.example.org"),
            ("SZZ_KIOSK__SERVER__TOKEN", "s3cret"),
            ("SZZ_KIOSK__PATIENCE__IDLE_S", "soon"),
            ("SZZ_KIOSK__KIOSK__ID", "campus b"),
            ("SZZ_KIOSK__SOUND", "loud"),
            ("SZZ_KIOSK__", ""),
        ],
    )
    .unwrap_err();
    let named: Vec<_> = found.problems.iter().map(|problem| (problem.location(), problem.key.as_str())).collect();
    let variable = |name: &str| format!("$SZZ_KIOSK__{name}");
    assert_eq!(
        named,
        [
            (variable(""), "\"\""),
            (variable("KIOSK__ID"), "kiosk.id"),
            (variable("PATIENCE__IDLE_S"), "patience.idle_s"),
            (variable("SERVER__TOKEN"), "server.token"),
            (variable("SERVER__ULR"), "server.ulr"),
            (variable("SOUND"), "sound"),
        ],
        "{found}"
    );
    assert!(!found.to_string().contains("s3cret"), "{found}");
}

#[test]
fn what_is_blank_or_contradicts_itself_is_named() {
    let found = problems(&[
        ("version = \"2026-11-3\"", "version = \" \""),
        ("device = \"auto\"", "device = \"\""),
        ("# Instead of days:\n# for_ever = true", "for_ever = true"),
        ("# schools = [\"演示大学\"]", "schools = [\"\"]"),
    ]);
    let named: Vec<_> = found.iter().map(|problem| (problem.key.as_str(), &problem.rule)).collect();
    let expected = [
        ("camera.device", &Rule::Blank),
        ("agreement.version", &Rule::Blank),
        ("retention.for_ever", &Rule::Excludes("days")),
        ("roster.schools[0]", &Rule::Blank),
    ];
    for problem in expected {
        assert!(named.contains(&problem), "{problem:?} is not in {named:?}");
    }
    assert_eq!(named.len(), expected.len(), "{named:?}");
}

#[test]
fn a_booth_says_things_in_its_own_words() {
    let own =
        "[texts.zh]\nstart = \"开始\"\nsteps = [\"一\", \"二\", \"三\", \"四\"]\n[texts.en]\nstart = \"Go\"\n[roster]";
    let words = load_bytes(&changed(&[("[roster]", own)]), &[]).unwrap().texts.words();
    let (chinese, english) = (words.of(Language::Chinese), words.of(Language::English));
    assert_eq!((chinese.start, chinese.steps, english.start), ("开始", ["一", "二", "三", "四"], "Go"));
    assert_eq!((chinese.help, english.steps), (CHINESE.help, ENGLISH.steps), "what is not given is the program's");
    let variable = ("SZZ_KIOSK__TEXTS__EN__START", "Begin");
    let words = load_bytes(&changed(&[("[roster]", own)]), &[variable]).unwrap().texts.words();
    assert_eq!(words.of(Language::English).start, "Begin");
}

#[test]
fn all_texts_that_are_printed_can_be_given_back() {
    let texts = BoothTexts::of_the_program();
    let all = format!("{}\n[roster]", texts.to_toml());
    assert_eq!(load_bytes(&changed(&[("[roster]", &all)]), &[]).unwrap().texts, texts);
}

#[test]
fn texts_that_do_not_fit_their_place_are_named() {
    let texts = "[texts.zh]\nstart = \" \"\nbrand = \"北京邮电大学毕业证件照\"\nstrat = \"\"\ntips = [[\"a\", \"b\"]]\n[texts.en]\nstart = \"Begin your collection\"\n\
                 done_next = [\"1\", \"2\", \"\"]\n[roster]";
    let found = problems(&[("[roster]", texts)]);
    let rule = |key: &str| &found.iter().find(|problem| problem.key == key).unwrap_or_else(|| panic!("{found:?}")).rule;
    let most = CHINESE.start.chars().count() * 2;
    assert!(ENGLISH.start.len() <= most);
    assert_eq!(*rule("texts.zh.start"), Rule::Blank);
    assert!(matches!(rule("texts.zh.brand"), Rule::TextTooWide { .. }));
    assert_eq!(*rule("texts.en.start"), Rule::TextTooWide { most });
    assert_eq!(*rule("texts.en.done_next[2]"), Rule::Blank);
    assert!(matches!(rule("texts.zh.strat"), Rule::Unknown { near: Some(near), .. } if near == "texts.zh.start"));
    assert!(matches!(rule("texts.zh.tips"), Rule::Count { given: 1, .. }));
    assert_eq!(found.len(), 6, "{found:?}");
}
