//! The beginning of the tour: a booth whose settings are wrong, until they are put right.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui;
use tempfile::TempDir;

use super::{Problems, Waited, ask_for_picture, lock, save};
use crate::boot::{Boot, OpenBooth};
use crate::config;
use crate::photo::runtime::places_around_the_program;
use crate::visit::Language;

/// What stands in the file at each stop; a minute's mistakes of somebody who has never seen one.
const WRONG: [(&str, &str); 2] = [
    (
        "00-settings",
        "[kiosk]\nid = \"campus a\"\nidel_s = 60\n\n[camera]\nfps = \"30\"\n\n[server]\nurl = \"http://centre.example\"\n",
    ),
    ("00a-settings-not-toml", "[kiosk]\nid = \"campus-a\"\nid = \"campus-b\"\n"),
];

/// So long that the page has read the file again.
const SETTLE: Duration = Duration::from_secs(5);

/// The program's own way into the booth, and whoever corrects the settings meanwhile.
pub struct SettingsFirst {
    boot: Boot,
    folder: TempDir,
    pictures: PathBuf,
    language: Language,
    next: usize,
    waiting_since: Option<Instant>,
    picture: Option<Waited>,
    problems: Problems,
}

impl SettingsFirst {
    /// `open_booth` gets the settings that are right at last, and may open any booth.
    pub fn new(
        pictures: &Path,
        language: Language,
        problems: Problems,
        open_booth: OpenBooth,
        context: &egui::Context,
    ) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("szz-kiosk-settings-").tempdir()?;
        let file = folder.path().join("kiosk.toml");
        write_wrong(&file, 0, language)?;
        let boot = Boot::new(file.clone(), config::load(&file).map(Arc::new), open_booth, context)?;
        let pictures = pictures.to_owned();
        Ok(Self { boot, folder, pictures, language, next: 0, waiting_since: None, picture: None, problems })
    }

    fn go_on(&mut self) -> io::Result<()> {
        self.next += 1;
        (self.waiting_since, self.picture) = (None, None);
        let file = self.folder.path().join("kiosk.toml");
        if self.next < WRONG.len() { write_wrong(&file, self.next, self.language) } else { write_right(&file) }
    }

    fn follow(&mut self, context: &egui::Context) {
        let Some((name, _)) = WRONG.get(self.next) else { return };
        context.request_repaint_after(Duration::from_millis(50));
        let now = Instant::now();
        let waiting_since = *self.waiting_since.get_or_insert(now);
        match &self.picture {
            Some(picture) => {
                let Some(image) = lock(picture).take() else { return };
                save(&self.pictures, name, &image, &self.problems);
                if let Err(error) = self.go_on() {
                    self.problems.push(format!("the settings cannot be written: {error}"));
                }
            }
            None if now.saturating_duration_since(waiting_since) >= SETTLE => {
                self.picture = Some(ask_for_picture(context));
            }
            None => {}
        }
    }
}

/// In the language of the tour: the page takes it from the file.
fn write_wrong(file: &Path, index: usize, language: Language) -> io::Result<()> {
    let tag = match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    };
    let kiosk = format!("[kiosk]\nlanguage = \"{tag}\"\n");
    fs::write(file, WRONG[index].1.replacen("[kiosk]\n", &kiosk, 1))
}

fn write_right(file: &Path) -> io::Result<()> {
    let example = places_around_the_program()
        .into_iter()
        .map(|place| place.join("kiosk-config"))
        .find(|folder| folder.join("kiosk.minimal.toml").is_file())
        .ok_or_else(|| io::Error::other("kiosk-config is not beside the program"))?;
    let text = fs::read_to_string(example.join("kiosk.minimal.toml"))?;
    let text = text.replace("folder = \"agreements\"", &format!("folder = {:?}", example.join("agreements")));
    // The window has the size of the tour.
    fs::write(file, text.replacen("[kiosk]\n", "[kiosk]\nfull_screen = false\n", 1))
}

impl eframe::App for SettingsFirst {
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        self.boot.clear_color(visuals)
    }

    fn logic(&mut self, context: &egui::Context, frame: &mut eframe::Frame) {
        self.boot.logic(context, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.boot.ui(ui, frame);
        self.follow(ui.ctx());
    }
}
