//! From the settings to the booth. While they are wrong the window says what is, reads them again by itself, and
//! goes on when they are right: a booth never begins with a black screen or a program that ends at once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{self, ViewportCommand};

use crate::app::App;
use crate::config::{self, BadConfig, Config};
use crate::ui::{self, SettingsTouch};
use crate::visit::Language;
use crate::watchdog::Watchdog;

/// Makes the booth from settings that are right.
pub type OpenBooth = Box<dyn Fn(Arc<Config>, &egui::Context) -> std::io::Result<App>>;

/// What the settings were found to be.
pub type Loaded = Result<Arc<Config>, BadConfig>;

/// The window from its opening on.
pub struct Boot {
    stage: Stage,
    open_booth: OpenBooth,
}

enum Stage {
    /// The settings are wrong.
    Waiting(Box<Page>),
    Booth(Box<App>),
}

/// What stands on the screen meanwhile.
struct Page {
    file: PathBuf,
    bad: BadConfig,
    read_at: Instant,
    language: Language,
    page: usize,
    has_fonts: bool,
    watchdog: Watchdog,
}

const READ_AGAIN_AFTER: Duration = Duration::from_secs(3);

impl Boot {
    pub fn new(file: PathBuf, loaded: Loaded, open_booth: OpenBooth, context: &egui::Context) -> std::io::Result<Self> {
        let stage = match loaded {
            Ok(config) => Stage::Booth(Box::new(open_booth(config, context)?)),
            Err(bad) => {
                ui::theme::install(context);
                Stage::Waiting(Box::new(Page::new(file, bad, Instant::now())))
            }
        };
        Ok(Self { stage, open_booth })
    }
}

impl Page {
    fn new(file: PathBuf, bad: BadConfig, now: Instant) -> Self {
        let log = |problem: &config::Problem| tracing::error!("{problem}");
        bad.problems.iter().for_each(log);
        Self {
            file,
            read_at: now,
            language: bad.language,
            bad,
            page: 0,
            has_fonts: false,
            watchdog: Watchdog::default(),
        }
    }

    /// The settings, once they are right.
    fn read_again(&mut self, now: Instant) -> Option<Arc<Config>> {
        self.read_at = now;
        match config::load(&self.file) {
            Ok(config) => Some(Arc::new(config)),
            Err(bad) => {
                if bad.problems != self.bad.problems {
                    tracing::error!("the settings are still wrong: {bad}");
                }
                self.bad = bad;
                None
            }
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.read_at) >= READ_AGAIN_AFTER
    }

    fn touch(&mut self, touch: SettingsTouch, now: Instant) {
        match touch {
            SettingsTouch::OtherLanguage => {
                self.language = match self.language {
                    Language::Chinese => Language::English,
                    Language::English => Language::Chinese,
                };
            }
            SettingsTouch::Page(page) => self.page = page,
            SettingsTouch::Again => self.read_at = now.checked_sub(READ_AGAIN_AFTER).unwrap_or(self.read_at),
        }
    }
}

impl eframe::App for Boot {
    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        ui::theme::ground()
    }

    fn logic(&mut self, context: &egui::Context, frame: &mut eframe::Frame) {
        let page = match &mut self.stage {
            Stage::Booth(app) => return app.logic(context, frame),
            Stage::Waiting(page) => page,
        };
        let now = Instant::now();
        page.watchdog.feed(now);
        if !page.is_due(now) {
            return;
        }
        let Some(config) = page.read_again(now) else { return };
        tracing::info!("the settings are right now");
        context.send_viewport_cmd(ViewportCommand::Fullscreen(config.full_screen));
        match (self.open_booth)(config, context) {
            Ok(app) => self.stage = Stage::Booth(Box::new(app)),
            Err(error) => tracing::error!(%error, "the booth cannot begin"),
        }
        context.request_repaint();
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        let page = match &mut self.stage {
            Stage::Booth(app) => return app.ui(ui, frame),
            Stage::Waiting(page) => page,
        };
        // Fonts are there one pass late.
        if !std::mem::replace(&mut page.has_fonts, true) {
            return ui.ctx().request_repaint();
        }
        let now = Instant::now();
        if let Some(touch) = ui::settings_ui(ui, &page.bad, page.language, page.page) {
            page.touch(touch, now);
            ui.ctx().request_repaint();
        }
        ui.ctx().request_repaint_after(Duration::from_secs(1));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_page_reads_the_file_again_and_goes_on_when_it_is_right() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kiosk.toml");
        let bad = config::load(&file).unwrap_err();
        let now = Instant::now();
        let mut page = Page::new(file.clone(), bad, now);
        assert_eq!(page.bad.problems.len(), 1, "there is no file");

        let example = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("kiosk-config");
        let right = fs::read_to_string(example.join("kiosk.toml"))
            .unwrap()
            .replace("folder = \"agreements\"", &format!("folder = {:?}", example.join("agreements")));
        fs::write(&file, right.replace("idle_s = 60", "idle_s = 6\nidel_s = 60")).unwrap();
        assert!(!page.is_due(now + Duration::from_secs(2)) && page.is_due(now + READ_AGAIN_AFTER));
        assert!(page.read_again(now + READ_AGAIN_AFTER).is_none());
        assert_eq!(page.bad.problems.len(), 2, "what is wrong now: {}", page.bad);
        assert!(!page.is_due(now + READ_AGAIN_AFTER));

        page.touch(SettingsTouch::Again, now + READ_AGAIN_AFTER);
        assert!(page.is_due(now + READ_AGAIN_AFTER));
        fs::write(&file, &right).unwrap();
        assert!(page.read_again(now).is_some());
    }

    #[test]
    fn a_profile_that_is_wrong_is_waited_for_too() {
        let folder = tempfile::tempdir().unwrap();
        let example = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("kiosk-config");
        let (file, profile) = (folder.path().join("kiosk.toml"), folder.path().join("school.toml"));
        let text = fs::read_to_string(example.join("kiosk.minimal.toml"))
            .unwrap()
            .replace("folder = \"agreements\"", &format!("folder = {:?}", example.join("agreements")));
        fs::write(&file, format!("{text}\n[photo]\nprofile = \"school.toml\"\n")).unwrap();
        let mut page = Page::new(file.clone(), config::load(&file).unwrap_err(), Instant::now());
        fs::write(&profile, "nam = \"school\"\n").unwrap();
        assert!(page.read_again(Instant::now()).is_none());
        assert_eq!(page.bad.problems[0].file, profile.canonicalize().unwrap());
        fs::write(&profile, "name = \"school\"\n").unwrap();
        assert_eq!(page.read_again(Instant::now()).unwrap().profile.name, "school");
    }
}
