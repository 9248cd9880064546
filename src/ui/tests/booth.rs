//! A booth's window for tests.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::{Duration, Instant};

use eframe::egui::{Rect, Role, TextureId, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::states::agreement_text;
use crate::photo::guides::Guides;
use crate::photo::standard::PhotoProfile;
use crate::ui::*;
use crate::visit::Album;

pub(super) const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];
pub(super) const WINDOWS: [Vec2; 3] = [vec2(1920.0, 1080.0), vec2(1080.0, 1920.0), vec2(1280.0, 800.0)];
/// A booth's window in one state, and every intent it has returned.
pub(super) struct Booth {
    pub(super) harness: Harness<'static>,
    state: Rc<RefCell<State>>,
    pub(super) intents: Rc<RefCell<Vec<Intent>>>,
}

impl Booth {
    pub(super) fn shows_the_agreement(&self) -> bool {
        matches!(*self.state.borrow(), State::Agreement { .. })
    }

    pub(super) fn open(state: State, language: Language) -> Self {
        Self::open_with(state, language, WINDOWS[0], |_| {})
    }

    pub(super) fn open_with(
        state: State,
        language: Language,
        window: Vec2,
        change: impl Fn(&mut View<'_>) + 'static,
    ) -> Self {
        let intents = Rc::new(RefCell::new(Vec::new()));
        let seen = intents.clone();
        let state = Rc::new(RefCell::new(state));
        let shown = state.clone();
        let agreement = agreement_text();
        let words = Words::default();
        let now = Instant::now();
        let harness = Harness::builder()
            .with_size(window)
            .with_theme(egui::Theme::Light)
            .with_context_setup(theme::install)
            .build_ui(move |ui| {
                let picture = |size_px| Some(Picture { texture: TextureId::default(), size_px });
                let mut view = View {
                    now,
                    entered: now - Duration::from_secs(1),
                    wall_clock: "2026-06-02T10:30:00Z".parse().unwrap(),
                    deadline: Some(now + Duration::from_secs(40)),
                    patience: Patience::default(),
                    language,
                    words: &words,
                    preview: picture(vec2(1280.0, 720.0)),
                    portrait: picture(vec2(480.0, 640.0)),
                    before: picture(vec2(480.0, 640.0)),
                    brought: picture(vec2(1200.0, 800.0)),
                    thumbnails: &[picture(vec2(360.0, 240.0)); Album::PAGE],
                    guides: Guides::of((1280, 720), &PhotoProfile::default()),
                    agreement: &agreement,
                    help: None,
                    staff_called: false,
                    help_lines: HelpLines {
                        phone: Some("400-000-0000"),
                        hours: Some("周一至周五 8:30–17:30"),
                        wechat: Some("https://example.org/service"),
                        mini_program: Some("https://example.org/app"),
                        notice: Some("今天 12:00–13:00 设备维护，请合理安排时间"),
                    },
                    student_number: Some(NumberForm { shortest: 6, longest: 12, letters: false }),
                    text_scale: 1.0,
                    links_wechat: true,
                    reads_sticks: true,
                    imports: Imports { stick: true, phone: true },
                    backgrounds: &[[255, 255, 255], [100, 197, 255], [240, 240, 240], [220, 40, 40], [10, 20, 30]],
                    fee_fen: 3000,
                    camera_trouble: None,
                    needs_plate: false,
                    demo: true,
                    paused: None,
                    operator: None,
                };
                change(&mut view);
                // The harness adds a margin that the booth's window does not have.
                let window = Rect::from_min_size(pos2(0.0, 0.0), window);
                let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(window));
                ui.set_clip_rect(window);
                seen.borrow_mut().extend(screen_ui(&mut ui, &shown.borrow(), &view));
            });
        Self { harness, state, intents }
    }

    pub(super) fn turn_to(&mut self, state: State) {
        *self.state.borrow_mut() = state;
        self.harness.run();
    }

    /// Presses a button as a finger does and returns the last thing it meant.
    pub(super) fn press(&mut self, label: &str) -> Option<Intent> {
        self.intents.borrow_mut().clear();
        self.harness.get_by_role_and_label(Role::Button, label).click();
        self.harness.run();
        self.intents.borrow().last().cloned()
    }

    pub(super) fn touch_tick(&mut self, part_of_label: &str) -> Option<Intent> {
        self.intents.borrow_mut().clear();
        let ticks = self.harness.get_all_by_role(Role::CheckBox);
        let row =
            ticks.into_iter().find(|node| node.accesskit_node().label().unwrap().contains(part_of_label)).unwrap();
        row.click();
        self.harness.run();
        self.intents.borrow().last().cloned()
    }

    /// Fails where a control has no name, or cannot be reached by the key Tab.
    pub(super) fn check_keyboard(mut self, words: &str) {
        let wanted = self.enabled_controls();
        assert!(!wanted.contains(""), "{words}: a control without a name");
        let mut reached = BTreeSet::new();
        for _ in 0..wanted.len() + 4 {
            self.harness.key_press(egui::Key::Tab);
            self.harness.run();
            let nodes = self.harness.root().children_recursive();
            reached.extend(nodes.filter(|node| node.is_focused()).filter_map(|node| node.accesskit_node().label()));
        }
        let missed: Vec<_> = wanted.difference(&reached).collect();
        assert!(missed.is_empty(), "{words}: {missed:?}");
    }

    pub(super) fn says(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }

    /// Where every text stands.
    pub(super) fn texts(&self) -> Vec<(String, Rect)> {
        let nodes = self.harness.root().children_recursive();
        nodes
            .filter(|node| node.accesskit_node().role() == Role::Label)
            .map(|node| (node.value().unwrap_or_default(), node.rect()))
            .collect()
    }

    /// The names of everything that can be operated now.
    pub(super) fn enabled_controls(&self) -> BTreeSet<String> {
        let operable = [Role::Button, Role::CheckBox, Role::RadioButton, Role::Slider];
        let nodes = self.harness.root().children_recursive();
        let nodes = nodes.map(|node| node.accesskit_node());
        nodes
            .filter(|node| operable.contains(&node.role()) && !node.is_disabled())
            .map(|node| node.label().unwrap_or_default())
            .collect()
    }

    /// Every control with its rectangle in the window.
    pub(super) fn controls(&self) -> Vec<(String, Rect)> {
        let nodes = self.harness.root().children_recursive();
        nodes
            .filter(|node| matches!(node.accesskit_node().role(), Role::Button | Role::CheckBox | Role::RadioButton))
            .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
            .collect()
    }
}
