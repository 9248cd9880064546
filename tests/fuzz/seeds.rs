//! Small pictures of every kind that the decoder opens, to start from: `cargo run --example seeds`.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat, RgbImage};
use jpeg_encoder::ColorType;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/decode");
    fs::create_dir_all(&folder).unwrap();
    let save = |name: &str, bytes: Vec<u8>| fs::write(folder.join(name), bytes).unwrap();
    let picture = DynamicImage::from(RgbImage::from_fn(24, 17, |x, y| image::Rgb([(x * y) as u8, (x * 9) as u8, 99])));

    let deep = DynamicImage::from(picture.to_rgba16());
    let grey = DynamicImage::from(picture.to_luma_alpha8());
    for (name, picture) in [("rgb", &picture), ("rgba16", &deep), ("grey", &grey)] {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        save(&format!("{name}.png"), bytes.into_inner());
    }
    for format in [ImageFormat::WebP, ImageFormat::Bmp] {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        save(&format!("rgb.{}", format.extensions_str()[0]), bytes.into_inner());
    }
    let palette = {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 8, 2);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Two);
        encoder.set_palette([0, 9, 99, 200].repeat(3));
        encoder.set_trns([0, 128, 255, 255].as_slice());
        let mut writer = encoder.write_header().unwrap();
        // Orientation 6.
        writer
            .write_chunk(png::chunk::eXIf, b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
            .unwrap();
        writer.write_image_data(&[0b0001_1011; 4]).unwrap();
        writer.finish().unwrap();
        bytes
    };
    save("palette.png", palette);
    for (name, colours, progressive, restart) in [
        ("baseline.jpg", ColorType::Rgb, false, 0),
        ("restarts.jpg", ColorType::Rgb, false, 2),
        ("progressive.jpg", ColorType::Rgb, true, 0),
        ("cmyk.jpg", ColorType::Cmyk, false, 0),
        ("ycck.jpg", ColorType::CmykAsYcck, true, 0),
    ] {
        let pixels = match colours {
            ColorType::Rgb => picture.to_rgb8().into_raw(),
            _ => picture.to_rgba8().into_raw(),
        };
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 70);
        encoder.set_progressive(progressive);
        if restart > 0 {
            encoder.set_restart_interval(restart);
        }
        encoder.encode(&pixels, 24, 17, colours).unwrap();
        save(name, bytes);
    }
}
