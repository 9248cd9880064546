//! stub
use super::{Enrolment, Payload};
use image::GrayImage;
pub struct Minted {
    pub payload: Payload,
    pub enrolment: Enrolment,
}
pub fn mint(seed: u64) -> Minted {
    let mut t = String::from("SZZ-DEMO-1.");
    for i in 0..6u64 {
        t += &hex::encode(super::Payload::new(format!("{seed}-{i}")).digest().0);
    }
    let s = |x: &str| x.to_owned();
    Minted {
        payload: Payload::new(t),
        enrolment: Enrolment {
            school: s("演示大学"),
            category: s("普通高等教育"),
            level: s("本科"),
            major: s("软件工程"),
            masked_name: s("郭*荣"),
            document_last4: format!("{:04}", 1000 + seed),
        },
    }
}
pub fn render(p: &Payload, px: u32, quiet: u32) -> GrayImage {
    let c = qrcode::QrCode::with_error_correction_level(p.expose(), qrcode::EcLevel::M).unwrap();
    let n = c.width() as u32;
    let cols = c.to_colors();
    GrayImage::from_fn((n + 2 * quiet) * px, (n + 2 * quiet) * px, |x, y| {
        let (x, y) = (x / px, y / px);
        if x >= quiet
            && y >= quiet
            && x < n + quiet
            && y < n + quiet
            && cols[((y - quiet) * n + x - quiet) as usize] == qrcode::Color::Dark
        {
            image::Luma([0])
        } else {
            image::Luma([255])
        }
    })
}
