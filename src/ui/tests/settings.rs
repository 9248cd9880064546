//! The page of a booth whose settings are wrong.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use eframe::egui::{Rect, Role, Vec2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::booth::{LANGUAGES, WINDOWS};
use crate::config::{self, BadConfig, Overrides};
use crate::ui::strings::Strings;
use crate::ui::strings::settings::SettingsStrings;
use crate::ui::*;

/// Settings with so many keys that nobody knows.
fn bad(unknown: usize) -> BadConfig {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kiosk.toml");
    let keys: String = (0..unknown).map(|number| format!("key_{number:02} = 1\n")).collect();
    std::fs::write(&file, format!("[kiosk]\nid = \"campus a\"\nlanguage = \"zh\"\n[camera]\nfps = \"30\"\n{keys}"))
        .unwrap();
    let mut bad = config::load_with(&file, &Overrides::default()).unwrap_err();
    bad.file = PathBuf::from("/etc/szz-kiosk/kiosk.toml");
    bad.problems.iter_mut().for_each(|problem| problem.file = bad.file.clone());
    bad
}

struct Page {
    harness: Harness<'static>,
    page: Rc<RefCell<usize>>,
    touches: Rc<RefCell<Vec<SettingsTouch>>>,
}

impl Page {
    fn open(bad: BadConfig, language: Language, window: Vec2) -> Self {
        let (page, touches) = (Rc::new(RefCell::new(0)), Rc::new(RefCell::new(Vec::new())));
        let (shown, seen) = (page.clone(), touches.clone());
        let harness = Harness::builder()
            .with_size(window)
            .with_theme(egui::Theme::Light)
            .with_context_setup(theme::install)
            .build_ui(move |ui| {
                let window = Rect::from_min_size(pos2(0.0, 0.0), window);
                let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(window));
                ui.set_clip_rect(window);
                let page = *shown.borrow();
                if let Some(touch) = settings_ui(&mut ui, &bad, language, page) {
                    if let SettingsTouch::Page(page) = touch {
                        *shown.borrow_mut() = page;
                    }
                    seen.borrow_mut().push(touch);
                }
            });
        Self { harness, page, touches }
    }

    fn press(&mut self, label: &str) {
        self.harness.get_by_role_and_label(Role::Button, label).click();
        self.harness.run();
    }

    fn says(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }

    fn rects(&self, role: Role) -> Vec<(String, Rect)> {
        let nodes = self.harness.root().children_recursive();
        let nodes = nodes.filter(|node| node.accesskit_node().role() == role);
        nodes.map(|node| (node.value().or(node.accesskit_node().label()).unwrap_or_default(), node.rect())).collect()
    }
}

#[test]
fn every_problem_is_shown_with_place_key_rule_and_hint_in_both_languages() {
    for window in WINDOWS {
        for language in LANGUAGES {
            let bad = bad(20);
            let problems = bad.problems.clone();
            let strings = SettingsStrings::of(language);
            let mut page = Page::open(bad, language, window);
            assert!(page.says("设置有误") && page.says("The settings are wrong") && page.says("kiosk.toml"));
            let mut unseen: Vec<_> = problems.iter().collect();
            for _ in 0..problems.len() {
                // Each stands alone here, and so begins with a capital.
                let says = |words: String| page.says(&words[words.char_indices().nth(1).unwrap().0..]);
                unseen.retain(|problem| {
                    let is_said = says(problem.rule(language)) && says(problem.hint(language));
                    !(page.says(&problem.key) && is_said)
                });
                if unseen.is_empty() {
                    break;
                }
                page.press(strings.later);
            }
            assert!(unseen.is_empty(), "{unseen:?}");
            assert!(*page.page.borrow() > 0, "they are on several pages");
            page.press(strings.earlier);
            assert!(matches!(page.touches.borrow().last(), Some(SettingsTouch::Page(_))));
        }
    }
}

#[test]
fn everything_lies_in_the_window_and_under_a_finger() {
    for window in WINDOWS {
        let inside = Rect::from_min_size(pos2(0.0, 0.0), window);
        let least = Theme::for_window(window, 1.0).touch_height() - 1.0;
        for language in LANGUAGES {
            for unknown in [0, 20] {
                let page = Page::open(bad(unknown), language, window);
                let texts = page.rects(Role::Label);
                for (text, rect) in &texts {
                    assert!(inside.contains_rect(*rect), "{window:?}: {text:?} at {rect:?}");
                }
                for (index, (text, rect)) in texts.iter().enumerate() {
                    let over = texts[..index].iter().find(|(_, other)| other.intersect(rect.shrink(3.0)).is_positive());
                    assert!(over.is_none(), "{window:?}: {text:?} lies over {over:?}");
                }
                for (label, rect) in page.rects(Role::Button) {
                    assert!(inside.contains_rect(rect) && rect.height() >= least, "{window:?}: {label:?} at {rect:?}");
                }
            }
        }
    }
}

#[test]
fn the_buttons_mean_what_they_say() {
    for language in LANGUAGES {
        let mut page = Page::open(bad(0), language, WINDOWS[0]);
        page.press(SettingsStrings::of(language).again);
        page.press(Strings::of(language).other_language);
        assert_eq!(*page.touches.borrow(), [SettingsTouch::Again, SettingsTouch::OtherLanguage]);
    }
}

#[test]
fn a_file_that_is_missing_or_no_toml_says_so() {
    let missing = config::load_with(Path::new("/nowhere/kiosk.toml"), &Overrides::default()).unwrap_err();
    let page = Page::open(missing, Language::Chinese, WINDOWS[1]);
    assert!(page.says("文件不存在") && page.says("/nowhere/kiosk.toml"));
}
