//! What the live preview does and costs on this machine, each figure beside its goal.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::Check;
use crate::camera;
use crate::command::booth::show_booth;
use crate::config::Config;
use crate::preview::{
    Figures, LEAST_LOOKS, LEAST_SHOWN, MOST_CORES, MOST_CORES_OUTSIDE, MOST_KB, Measurement, OLDEST_MS, Pictures,
    SLOWEST_START_MS, SLOWEST_TOUCH_MS,
};

const MEASURED: Duration = Duration::from_secs(5);

/// With the booth's camera where it gives pictures, else with a recording; in a window where one is asked for.
pub fn measure(config: &Config, camera_works: bool, window: bool) -> Result<Figures> {
    let camera = camera_works.then(|| camera::open_webcam(config.camera.clone()));
    let measurement = Measurement::prepare(config, camera, MEASURED, 0)?;
    if !window {
        return measurement.run_without_window();
    }
    let full_screen = config.full_screen;
    let open = |config: Arc<Config>, camera, companions| show_booth(config, camera, None, full_screen, companions);
    Ok(measurement.run_in(open)?.0)
}

/// The same in lines.
pub fn checks(measured: &Result<Figures>) -> Vec<Check> {
    let figures = match measured {
        Ok(figures) => figures,
        Err(error) => {
            let advice = "first put right what is wrong above; [camera] and the models decide";
            return vec![Check::warning("preview", format!("could not be measured: {error:#}"), advice)];
        }
    };
    let source = match figures.source {
        Pictures::Camera => "of the camera",
        Pictures::Replayed => "replayed MJPEG, not the camera's",
    };
    let place = if figures.in_window { "in the window" } else { "without a window, nothing is painted (--window)" };
    let slow = "end what else runs on this machine, or use a faster one";
    let outside = figures.cores_outside_painting;
    let mut checks = vec![
        held(
            figures.shown_per_second >= LEAST_SHOWN,
            "preview",
            format!("{:.1} frames a second, goal {LEAST_SHOWN}; {source}, {place}", figures.shown_per_second),
            "more light, another camera mode, or a faster machine: people see the picture stutter",
        ),
        held(
            figures.frame_age_ms.p95 <= OLDEST_MS,
            "frame age",
            format!("{:.0} ms (p95), goal {OLDEST_MS}", figures.frame_age_ms.p95),
            slow,
        ),
        held(
            figures.looks_per_second >= LEAST_LOOKS,
            "face looks",
            format!("{:.1} a second, goal {LEAST_LOOKS}", figures.looks_per_second),
            slow,
        ),
        held(
            outside <= MOST_CORES_OUTSIDE && figures.cores <= MOST_CORES,
            "processor",
            format!(
                "{:.2} cores in all, goal {MOST_CORES} with a window; {outside:.2} outside painting, goal \
                 {MOST_CORES_OUTSIDE}",
                figures.cores
            ),
            slow,
        ),
        held(
            figures.allocated_kb_per_frame <= MOST_KB,
            "allocations",
            format!(
                "{:.0} of {:.0} kB in all per frame, goal {MOST_KB} kB",
                figures.allocations_per_frame, figures.allocated_kb_per_frame
            ),
            "frames are copied into new memory: tell those who build the program",
        ),
    ];
    let within = |subject, what, ms, goal| held(ms <= goal, subject, format!("{ms:.0} ms {what}, goal {goal}"), slow);
    checks.extend(figures.start_ms.map(|ms| within("start", "to the first screen", ms, SLOWEST_START_MS)));
    let touch = figures.touch_ms.as_ref();
    checks.extend(touch.map(|ages| within("touch", "to the screen that answers (p95)", ages.p95, SLOWEST_TOUCH_MS)));
    checks
}

fn held(is_held: bool, subject: &'static str, found: String, advice: &str) -> Check {
    if is_held { Check::well(subject, found) } else { Check::warning(subject, found, advice) }
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;
    use crate::preview::Ages;

    fn figures() -> Figures {
        Figures {
            source: Pictures::Camera,
            in_window: true,
            seconds: 5.0,
            shown_per_second: 25.0,
            frame_age_ms: Ages { p50: 40.0, p95: 100.0 },
            looks_per_second: 8.0,
            start_ms: Some(2000.0),
            touch_ms: Some(Ages { p50: 20.0, p95: 100.0 }),
            cores: 1.7,
            cores_outside_painting: 0.6,
            allocations_per_frame: 400.0,
            allocated_kb_per_frame: 600.0,
        }
    }

    #[test]
    fn each_figure_is_held_against_its_goal() {
        let missed = |figures: Figures| -> Vec<&'static str> {
            let checks = checks(&Ok(figures));
            checks.into_iter().filter(|check| check.mark == Mark::Warning).map(|check| check.subject).collect()
        };
        assert_eq!(missed(figures()), Vec::<&str>::new());
        assert_eq!(missed(Figures { shown_per_second: 24.9, ..figures() }), ["preview"]);
        assert_eq!(missed(Figures { frame_age_ms: Ages { p50: 40.0, p95: 101.0 }, ..figures() }), ["frame age"]);
        assert_eq!(missed(Figures { looks_per_second: 7.9, ..figures() }), ["face looks"]);
        assert_eq!(missed(Figures { start_ms: Some(2001.0), ..figures() }), ["start"]);
        assert_eq!(missed(Figures { touch_ms: Some(Ages { p50: 20.0, p95: 101.0 }), ..figures() }), ["touch"]);
        assert_eq!(missed(Figures { cores: 1.8, ..figures() }), ["processor"]);
        assert_eq!(missed(Figures { cores_outside_painting: 0.7, ..figures() }), ["processor"]);
        assert_eq!(missed(Figures { allocated_kb_per_frame: 2701.0, ..figures() }), ["allocations"]);
    }

    #[test]
    fn it_says_what_was_filmed_and_whether_it_was_painted() {
        let said = |figures: Figures| checks(&Ok(figures))[0].found.clone();
        assert!(said(figures()).contains("of the camera, in the window"));
        let replayed = said(Figures { source: Pictures::Replayed, in_window: false, ..figures() });
        assert!(replayed.contains("replayed MJPEG, not the camera's") && replayed.contains("without a window"));
        let failed = checks(&Err(anyhow::anyhow!("no thread")));
        assert!(failed[0].mark == Mark::Warning && failed[0].found.contains("no thread"));
    }
}
