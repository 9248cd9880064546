//! A USB stick for the demonstration: a folder with pictures of the demo's sitter, and some that are of
//! no use, so that their sentences can be seen; a roster of nobody, with mistakes; and a package that is none.

use std::fs::{self, File};
use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;
use image::{ImageFormat, RgbImage, imageops};

use crate::camera::Camera as _;
use crate::camera::simulated::{Scene, SimulatedCamera, Stage};

/// The newest first, as the booth shows them.
const NAMES: [&str; 5] = ["portrait.jpg", "room.jpg", "two.jpg", "empty-room.jpg", "phone.heic"];

/// A roster as schools send them: one heading is not known, and three rows are wrong.
pub const ROSTER: &str = "\u{FEFF}序号,姓名,证件号码,学校名称,学历,层次,专业名称,学号,采集码,备注
1,甲一一,001X,演示大学,普通高等教育,本科,会计学,20260000001,demo-roster-1,
2,乙二二,0021,演示大学,普通高等教育,本科,会计学,20260000002,demo-roster-2,
3,丙三三,0031,演示大学,普通高等教育,本科,法学,2026003,demo-roster-3,
4,丁四四,0041,演示大学,普通高等教育,本科,法学,20260000004,demo-roster-4,转专业
5,戊五五,,演示大学,普通高等教育,本科,=1+1,20260000005,demo-roster-5,
6,己六六,0061,演示大学,普通高等教育,硕士,法学,20260000006,demo-roster-6,
6,己六六,0061,演示大学,普通高等教育,硕士,法学,20260000006,demo-roster-6,
7,庚七七,0071,演示大学,普通高等教育,硕士,法学,20260000007,demo-roster-4,
";

/// A portrait of the sitter as a JPEG file of the standard's size, checked by nobody.
pub(super) fn portrait() -> Result<Vec<u8>> {
    let stage = Stage::default();
    stage.show(Scene::Sitter { since: Instant::now(), moves_for: Duration::ZERO });
    let mut room = RgbImage::default();
    SimulatedCamera::open(stage, 30)?.next_picture(&mut room)?;
    let (width, height) = (room.height() * 3 / 4, room.height());
    let middle = imageops::crop_imm(&room, (room.width() - width) / 2, 0, width, height).to_image();
    let mut jpeg = Cursor::new(Vec::new());
    imageops::resize(&middle, 480, 640, imageops::FilterType::Triangle).write_to(&mut jpeg, ImageFormat::Jpeg)?;
    Ok(jpeg.into_inner())
}

pub(super) fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let stage = Stage::default();
    let mut camera = SimulatedCamera::open(stage.clone(), 30)?;
    let mut empty = RgbImage::default();
    camera.next_picture(&mut empty)?;
    stage.show(Scene::Sitter { since: Instant::now(), moves_for: Duration::ZERO });
    let mut room = RgbImage::default();
    camera.next_picture(&mut room)?;

    let (width, height) = room.dimensions();
    let half = width * 7 / 16;
    let portrait = imageops::crop_imm(&room, (width - half) / 2, 0, half, height).to_image();
    let mut two = RgbImage::new(half * 2, height);
    imageops::replace(&mut two, &portrait, 0, 0);
    imageops::replace(&mut two, &portrait, i64::from(half), 0);
    for (name, picture) in NAMES.into_iter().zip([&portrait, &room, &two, &empty]) {
        picture.save(folder.join(name))?;
    }
    fs::write(folder.join("2026届毕业生名单.csv"), ROSTER)?;
    // Signed by nobody, and nobody is there who would install it.
    for name in ["szz-kiosk_9.9.9-1_amd64.deb", "SHA256SUMS", "SHA256SUMS.sig"] {
        fs::write(folder.join(name), "demo\n")?;
    }
    fs::write(folder.join(NAMES[4]), b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")?;
    for (minutes, name) in NAMES.into_iter().enumerate() {
        let taken = SystemTime::now() - Duration::from_secs(60 * minutes as u64);
        File::options().append(true).open(folder.join(name))?.set_modified(taken)?;
    }
    Ok(())
}
