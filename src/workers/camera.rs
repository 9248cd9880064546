//! The camera's thread: opens the camera, leaves each picture in the slot, opens it again when it fails.
//! Whether pictures still come is judged from outside, since a driver may block for ever.

use std::thread::JoinHandle;
use std::time::Duration;

use super::{Shared, supervise};
use crate::camera::{Camera, FramePool, OpenCamera};
use crate::visit::Watch;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

pub(super) fn start(shared: Shared, mut open: OpenCamera) -> std::io::Result<JoinHandle<()>> {
    supervise("camera", shared.clone(), None, move || {
        let mut pause = FIRST_PAUSE;
        while !shared.stop.is_set() {
            match open() {
                Ok(mut camera) => {
                    if film(&shared, camera.as_mut()) > 0 {
                        pause = FIRST_PAUSE;
                    }
                }
                Err(error) => tracing::warn!(%error, "camera does not open"),
            }
            shared.stop.sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    })
}

/// Until the camera fails or the program ends. Returns how many pictures came.
fn film(shared: &Shared, camera: &mut dyn Camera) -> u64 {
    let mut pictures = 0;
    let mut pool = FramePool::default();
    while !shared.stop.is_set() {
        match pool.next_frame(camera) {
            Ok(frame) => {
                shared.frames.put(frame);
                // Only while somebody looks at the preview: painting costs a core without a GPU.
                if shared.watch.get() != Watch::Nothing {
                    (shared.events.wake)();
                }
                pictures += 1;
            }
            Err(error) if error.is_passing() => tracing::debug!(%error, "one picture skipped"),
            Err(error) => {
                tracing::warn!(%error, "camera lost");
                break;
            }
        }
    }
    pictures
}
