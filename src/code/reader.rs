//! stub
use super::Payload;
use std::time::{Duration, Instant};
pub struct Deadline(pub Instant);
impl Deadline {
    pub fn after(now: Instant, d: Duration) -> Self {
        Self(now + d)
    }
}
pub enum Reading {
    Nothing,
    One { payload: Payload, decoder: u8 },
    Several,
}
pub struct Reader;
impl Reader {
    pub fn new() -> Self {
        Self
    }
    pub fn read(&mut self, g: &image::GrayImage, _d: Deadline) -> Reading {
        let mut p = rqrr::PreparedImage::prepare_from_greyscale(g.width() as usize, g.height() as usize, |x, y| {
            g.get_pixel(x as u32, y as u32).0[0]
        });
        match p.detect_grids().first().and_then(|g| g.decode().ok()) {
            Some((_, t)) => Reading::One { payload: Payload::new(t), decoder: 0 },
            None => Reading::Nothing,
        }
    }
}
#[derive(Default)]
pub struct TwoEqualReads(Option<Payload>);
impl TwoEqualReads {
    pub fn confirm(&mut self, p: Payload, _now: Instant) -> Option<Payload> {
        let same = self.0.as_ref() == Some(&p);
        self.0 = Some(p.clone());
        same.then_some(p)
    }
}
