//! What operating systems do differently. Nothing else in the program asks which one it is, but for the camera's
//! driver (`camera::webcam`) and tests.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
pub use linux::*;
#[cfg(windows)]
pub use windows::*;
