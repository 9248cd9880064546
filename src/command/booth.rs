//! `szz-kiosk run` and `szz-kiosk demo`: the booth in its window.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, anyhow};
use clap::Args;
use eframe::egui;

use super::exit::Exit;
use crate::app::{App, Companion};
use crate::boot::{Boot, OpenBooth};
use crate::booth::Booth;
use crate::camera::{self, OpenCamera};
use crate::config::{self, Config};
use crate::log;
use crate::visit::Language;

/// Run the booth.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The booth's settings
    #[arg(long)]
    config: PathBuf,
}

pub fn run(args: &RunArgs) -> Result<ExitCode> {
    let loaded = config::load(&args.config).map(Arc::new);
    // Settings that are wrong are shown on the screen that the booth has.
    let full_screen = loaded.as_ref().map_or(true, |config| config.full_screen);
    let file = args.config.clone();
    let open_booth: OpenBooth = Box::new(|config, context| {
        log::write_into(&config.data, config.log);
        let open_camera = camera::open_webcam(config.camera.clone());
        open_app(&config, open_camera, context, config.language, Vec::new(), false)
    });
    show(None, full_screen, move |context| Ok(Box::new(Boot::new(file, loaded, open_booth, context)?)))?;
    Ok(Exit::Done.into())
}

fn open_app(
    config: &Arc<Config>,
    open_camera: OpenCamera,
    context: &egui::Context,
    language: Language,
    companions: Vec<Box<dyn Companion>>,
    demo: bool,
) -> std::io::Result<App> {
    let waking = context.clone();
    let wake = Arc::new(move || waking.request_repaint());
    let booth = Booth::open(config.clone(), open_camera, demo, wake, Instant::now())?;
    Ok(App::new(context, booth, config, language, companions, demo))
}

/// A simulated booth in its window, in the language of its settings.
pub(super) fn show_booth(
    config: Arc<Config>,
    open_camera: OpenCamera,
    size: Option<(u32, u32)>,
    full_screen: bool,
    companions: Vec<Box<dyn Companion>>,
) -> Result<()> {
    let language = config.language;
    show(size, full_screen, move |context| {
        Ok(Box::new(open_app(&config, open_camera, context, language, companions, true)?))
    })
}

/// Opens the window, with whatever `open` makes in it, until it is closed. A fixed size in pixels, or else
/// whatever the screen gives.
fn show(
    size: Option<(u32, u32)>,
    full_screen: bool,
    open: impl FnOnce(&egui::Context) -> std::io::Result<Box<dyn eframe::App>>,
) -> Result<()> {
    // cage gives a window the whole screen without making it full screen: a frame of its own would then be seen.
    let has_frame = size.is_none() && !full_screen;
    let mut viewport = egui::ViewportBuilder::default().with_title("速证照");
    viewport = viewport.with_fullscreen(full_screen).with_decorations(has_frame);
    if let Some((width, height)) = size {
        viewport = viewport.with_inner_size([width as f32, height as f32]);
    } else if !full_screen {
        viewport = viewport.with_inner_size([1280.0, 800.0]);
    }
    // The theme has no gradients to smooth, and without a GPU the noise is a cost in every pixel.
    let options = eframe::NativeOptions { viewport, dithering: false, ..Default::default() };
    eframe::run_native("szz-kiosk", options, Box::new(move |creation| Ok(open(&creation.egui_ctx)?))).map_err(|error| {
        let cause = match error {
            // In the words of whoever made the window library, with a path of the machine that built it.
            eframe::Error::WinitEventLoop(_) => "there is no graphical session".to_owned(),
            other => other.to_string(),
        };
        anyhow!("the window cannot be opened: {cause}; set DISPLAY or WAYLAND_DISPLAY, or start it from the desktop")
    })
}
#[cfg(feature = "demo")]
pub use demo::{DemoArgs, demo};

#[cfg(feature = "demo")]
mod demo {
    use std::cell::RefCell;
    use std::path::Path;
    use std::time::Duration;

    use anyhow::Context;
    use clap::ValueEnum;
    use serde::Serialize;

    use super::*;
    use crate::demo::tour::{SettingsFirst, Tour};
    use crate::demo::{Demo, Pace, STUDENTS, headless, preview};
    use crate::office::Office;
    use crate::secret_file;

    /// How the demo's window opens.
    struct Window {
        /// Fixed size in pixels; `None` for whatever the screen gives.
        size: Option<(u32, u32)>,
        full_screen: bool,
        language: Language,
    }

    fn open_window(
        config: Arc<Config>,
        open_camera: OpenCamera,
        window: Window,
        companions: Vec<Box<dyn Companion>>,
    ) -> Result<()> {
        let config = Arc::new(Config { language: window.language, ..config.as_ref().clone() });
        show_booth(config, open_camera, window.size, window.full_screen, companions)
    }

    /// Try the whole booth with a simulated camera, a synthetic roster and a server in this process.
    #[derive(Debug, Args)]
    pub struct DemoArgs {
        /// Scripted students instead of a window
        #[arg(long)]
        headless: bool,
        /// How many scripted students
        #[arg(long, default_value_t = 20, requires = "headless", value_parser = clap::value_parser!(u64).range(1..))]
        visits: u64,
        /// Measure the live preview in the window for so many seconds, take some photos, and end
        #[arg(long, value_name = "SECONDS", conflicts_with_all = ["headless", "tour"],
            value_parser = clap::value_parser!(u64).range(1..=600))]
        measure_preview: Option<u64>,
        /// What was measured as JSON on one line
        #[arg(long)]
        json: bool,
        /// A real camera, by part of its name, instead of the simulated one
        #[arg(long, value_name = "NAME", requires = "headless")]
        camera: Option<String>,
        /// Let every step take minutes, for an emulated machine
        #[arg(long, requires = "headless")]
        unhurried: bool,
        /// Go through every screen by itself, save a picture of each into this folder, and end
        #[arg(long, value_name = "DIR", conflicts_with = "headless")]
        tour: Option<PathBuf>,
        /// Only the reference server, for whoever builds a central server: says where it is and ends with its input
        #[arg(long, conflicts_with_all = ["headless", "tour"])]
        server_only: bool,
        /// With so many records in the queue of the booth that the server knows and --keep keeps
        #[arg(long, requires = "server_only", requires = "keep", value_parser = clap::value_parser!(u64).range(1..=10_000))]
        records: Option<u64>,
        /// Size of the window in pixels, such as 1080x1920
        #[arg(long, value_parser = parse_size, conflicts_with = "headless")]
        size: Option<(u32, u32)>,
        /// Keep data, keys and log in this new or empty folder
        #[arg(long, value_name = "DIR", conflicts_with = "measure_preview")]
        keep: Option<PathBuf>,
        /// Language of the welcome screen
        #[arg(long, value_enum, default_value_t = LanguageArg::Zh, conflicts_with = "headless")]
        language: LanguageArg,
        /// Fill the whole screen
        #[arg(long, conflicts_with_all = ["headless", "size"])]
        full_screen: bool,
    }

    #[derive(Clone, Copy, Debug, ValueEnum)]
    enum LanguageArg {
        Zh,
        En,
    }

    impl From<LanguageArg> for Language {
        fn from(language: LanguageArg) -> Self {
            match language {
                LanguageArg::Zh => Self::Chinese,
                LanguageArg::En => Self::English,
            }
        }
    }

    fn parse_size(text: &str) -> Result<(u32, u32), String> {
        let side = |text: &str| text.parse::<u32>().ok().filter(|side| (320..=8192).contains(side));
        text.split_once('x')
            .and_then(|(width, height)| Some((side(width)?, side(height)?)))
            .ok_or_else(|| "give WIDTHxHEIGHT in pixels, such as 1080x1920".to_owned())
    }

    pub fn demo(args: &DemoArgs) -> Result<ExitCode> {
        if args.headless {
            return run_headless(args);
        }
        if args.server_only {
            return run_server(args);
        }
        if let Some(seconds) = args.measure_preview {
            return measure_preview(args, Duration::from_secs(seconds));
        }
        let mut demo = Demo::set_up_in(args.keep.as_deref(), STUDENTS)?;
        demo.take_plate()?;
        log::write_into(&demo.config.data, demo.config.log);
        if let Some(folder) = &args.tour {
            return tour(args, folder, &demo);
        }
        let companions: Vec<Box<dyn Companion>> = vec![Box::new(demo.director(Pace::PERSON))];
        open_window(demo.config.clone(), demo.open_camera(), window(args), companions)?;
        Ok(Exit::Done.into())
    }

    /// Every screen, from settings that are wrong to a booth that is paused.
    fn tour(args: &DemoArgs, folder: &Path, demo: &Demo) -> Result<ExitCode> {
        // Later than the booth's own first look for what it may erase.
        demo.add_expiring(3, Duration::from_secs(20))?;
        demo.fill_queue(TOUR_RECORDS)?;
        let language = args.language.into();
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let tour = Tour::new(folder, demo, language);
        let (problems, told) = (tour.problems.clone(), tour.problems.clone());
        let companions: Vec<Box<dyn Companion>> = vec![Box::new(demo.director(Pace::PERSON)), Box::new(tour)];
        let companions = RefCell::new(companions);
        let (config, open_camera) = (demo.config.clone(), demo.open_camera());
        let open_booth: OpenBooth = Box::new(move |_, context| {
            let config = Arc::new(Config { language, ..config.as_ref().clone() });
            open_app(&config, open_camera.clone(), context, language, companions.take(), true)
        });
        let pictures = folder.to_owned();
        show(args.size, args.full_screen, move |context| {
            Ok(Box::new(SettingsFirst::new(&pictures, language, told, open_booth, context)?))
        })?;
        let problems = problems.take();
        for problem in &problems {
            eprintln!("tour: {problem}");
        }
        Ok(Exit::done_if(problems.is_empty()).into())
    }

    /// So that the queue has pages.
    const TOUR_RECORDS: u64 = 40;

    fn window(args: &DemoArgs) -> Window {
        Window { size: args.size, full_screen: args.full_screen, language: args.language.into() }
    }

    fn measure_preview(args: &DemoArgs, time: Duration) -> Result<ExitCode> {
        let figures = preview::measure(time, |config, open_camera, companions| {
            open_window(config, open_camera, window(args), companions)
        })?;
        print_json(&figures, args.json)?;
        Ok(Exit::Done.into())
    }

    fn print_json(value: &impl Serialize, on_one_line: bool) -> Result<()> {
        let text = if on_one_line { serde_json::to_string(value) } else { serde_json::to_string_pretty(value) };
        println!("{}", text?);
        Ok(())
    }

    /// One booth's key is registered, so that its records and bundles are taken.
    fn run_server(args: &DemoArgs) -> Result<ExitCode> {
        let demo = Demo::set_up_in(args.keep.as_deref(), STUDENTS)?;
        if let Some(records) = args.records {
            demo.fill_queue(records)?;
        }
        let server = demo.config.server.as_ref().context("the demo has a server")?;
        let one_time_token = hex::encode(getrandom::u64()?.to_be_bytes());
        demo.server.invite(&one_time_token);
        let said = serde_json::json!({
            "url": demo.server.base_url(),
            "token": secret_file::load_text(&server.access.token_file)?.as_str(),
            "one_time_token": one_time_token,
            "public_key": demo.server.public_key(),
            "bundle_key": demo.server.bundle_key().to_string(),
            "kiosk_id": demo.config.kiosk_id,
            "device": Office::open(&demo.config)?.key.public(),
        });
        println!("{said}");
        std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink())?;
        Ok(Exit::Done.into())
    }

    fn run_headless(args: &DemoArgs) -> Result<ExitCode> {
        let script = headless::Script {
            visits: args.visits,
            camera: args.camera.clone(),
            unhurried: args.unhurried,
            keep: args.keep.clone(),
        };
        let summary = headless::run(&script, |visit| {
            if !args.json {
                eprint!("\r{visit} of {} visits", args.visits);
            }
        })?;
        if !args.json {
            eprintln!();
        }
        print_json(&summary, args.json)?;
        let all_well = summary.lost == 0 && summary.acknowledged == summary.visits;
        Ok(Exit::done_if(all_well).into())
    }
}
