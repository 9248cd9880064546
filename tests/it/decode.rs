//! The picture decoder on files that it should not like: each is opened in a process of its own,
//! whose memory and processor time are measured.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;

use image::{ImageFormat, Rgb, RgbImage};
use szz_kiosk::photo::decode::{MAX_FILE_BYTES, OtherFormat, PictureError, open_picture};
use szz_kiosk::photo::develop::Developer;
use szz_kiosk::photo::runtime::{ModelLoader, inference_threads};
use szz_kiosk::photo::standard::PhotoProfile;

use crate::test_data;

const MOST_MEGABYTES: u64 = 500;
/// Processor time: what else the machine does meanwhile is not the decoder's fault.
const MOST_SECONDS: f64 = 2.0;

const PICTURE: &str = "SZZ_TEST_PICTURE";

/// What became of a file: `400 x 500`, or the sentence.
fn outcome(file: &Path) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["decode::in_a_process_of_its_own", "--exact", "--ignored", "--nocapture"])
        .env(PICTURE, file)
        .output()
        .unwrap();
    let name = file.file_name().unwrap().to_string_lossy();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !stderr.contains("panicked"), "{name}: {stdout}{stderr}");
    let line = stdout.lines().find_map(|line| line.split_once("decoded: ")).expect("the child's line").1;
    let mut parts = line.splitn(3, ' ');
    let mut number = || parts.next().unwrap().parse::<f64>().unwrap();
    let (seconds, megabytes) = (number(), number());
    let outcome = parts.next().unwrap().to_owned();
    println!("{seconds:5.2} s {megabytes:4} MB {name}: {outcome}");
    assert!(seconds < MOST_SECONDS, "{name}: {seconds} s");
    assert!(megabytes < MOST_MEGABYTES as f64, "{name}: {megabytes} MB");
    outcome
}

#[test]
#[ignore = "the other tests start it"]
fn in_a_process_of_its_own() {
    let Some(file) = std::env::var_os(PICTURE) else { return };
    let before = processor_seconds();
    let outcome = match open_picture(Path::new(&file)) {
        Ok(picture) => format!("{} x {}", picture.width(), picture.height()),
        Err(error) => error.to_string(),
    };
    println!("decoded: {:.2} {} {outcome}", processor_seconds() - before, peak_megabytes());
}

fn processor_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // User and system ticks are the 12th and 13th field behind the name in brackets.
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / TICKS_PER_SECOND
}

fn peak_megabytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// A PNG that is all zero, with its rows written one by one.
fn blank_png(width: u32, height: u32, colour: png::ColorType, depth: png::BitDepth) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::Fastest);
    let mut writer = encoder.write_header().unwrap();
    let row = vec![0; width as usize * colour.samples() * if depth == png::BitDepth::Sixteen { 2 } else { 1 }];
    let mut stream = writer.stream_writer().unwrap();
    (0..height).for_each(|_| stream.write_all(&row).unwrap());
    stream.finish().unwrap();
    drop(writer);
    bytes
}

/// Another size in a PNG's header, and the header's checksum.
fn lie_about_size(png: &mut [u8], width: u32, height: u32) {
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&checksum.to_be_bytes());
}

fn jpeg(width: u16, height: u16, colour: jpeg_encoder::ColorType, progressive: bool) -> Vec<u8> {
    let channels = if matches!(colour, jpeg_encoder::ColorType::Rgb) { 3 } else { 4 };
    let pixels: Vec<u8> = (0..usize::from(width) * usize::from(height) * channels).map(|at| (at / 7) as u8).collect();
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 60);
    encoder.set_progressive(progressive);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::R_4_4_4);
    encoder.encode(&pixels, width, height, colour).unwrap();
    bytes
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn the_largest_pictures_are_opened_within_time_and_memory() {
    use jpeg_encoder::ColorType::{Cmyk, Rgb};
    let folder = tempfile::tempdir().unwrap();
    let largest = "8000 x 5000";
    let opened = |name: &str, bytes: Vec<u8>| {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        outcome(&file)
    };
    let deep = blank_png(8000, 5000, png::ColorType::Rgba, png::BitDepth::Sixteen);
    assert_eq!(opened("deep and transparent.png", deep), largest);
    let grey = blank_png(8000, 5000, png::ColorType::Grayscale, png::BitDepth::Eight);
    assert_eq!(opened("grey.png", grey), largest);
    assert_eq!(opened("ordinary.jpg", jpeg(8000, 5000, Rgb, false)), largest);
    assert_eq!(opened("progressive.jpg", jpeg(8000, 5000, Rgb, true)), largest);
    assert_eq!(opened("cmyk.jpg", jpeg(8000, 5000, Cmyk, false)), largest);
    let webp = encoded(&RgbImage::new(8000, 5000), ImageFormat::WebP);
    assert_eq!(opened("ordinary.webp", webp), largest);
}

#[test]
fn a_bomb_is_refused_or_does_not_go_off() {
    let folder = tempfile::tempdir().unwrap();
    let opened = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        outcome(&file)
    };
    let mut bomb = blank_png(8000, 5000, png::ColorType::Grayscale, png::BitDepth::Eight);
    lie_about_size(&mut bomb, 1, 1);
    assert_eq!(opened("more than it says.png", &bomb), "1 x 1");
    lie_about_size(&mut bomb, 60_000, 60_000);
    assert_eq!(opened("larger than allowed.png", &bomb), PictureError::TooManyPixels.to_string());
    lie_about_size(&mut bomb, 40_000_000, 1);
    assert_eq!(opened("one row.png", &bomb), PictureError::TooLong.to_string());
    lie_about_size(&mut bomb, 8000, 5001);
    assert_eq!(opened("a row too many.png", &bomb), PictureError::TooManyPixels.to_string());

    let mut huge = jpeg(16, 16, jpeg_encoder::ColorType::Rgb, false);
    let frame = huge.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    huge[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
    assert_eq!(opened("65500.jpg", &huge), PictureError::TooManyPixels.to_string());

    // One scan of a progressive picture over and over: each paints all of it.
    let ordinary = jpeg(5000, 5000, jpeg_encoder::ColorType::Rgb, true);
    let last = ordinary.windows(2).rposition(|pair| pair == [0xFF, 0xDA]).unwrap();
    let (scan, end) = ordinary[last..].split_at(ordinary.len() - last - 2);
    let mut scans = ordinary[..last].to_vec();
    (0..30).for_each(|_| scans.extend_from_slice(scan));
    scans.extend_from_slice(end);
    assert_eq!(
        opened("scans.jpg", &scans),
        "the file is a JPEG in too many layers, which the booth does not open; save the picture as JPEG or PNG"
    );
}

#[test]
fn neither_a_device_nor_a_pipe_nor_a_long_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.jpg");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let not_a_file = PictureError::NotAFile.to_string();
    assert_eq!(outcome(&pipe), not_a_file);
    assert_eq!(outcome(Path::new("/dev/zero")), not_a_file);
    assert_eq!(outcome(folder.path()), not_a_file);
    let long = folder.path().join("long.jpg");
    fs::File::create(&long).unwrap().set_len(MAX_FILE_BYTES * 100).unwrap();
    assert_eq!(outcome(&long), PictureError::TooManyBytes.to_string());
}

/// What each of the bad test pictures is to become.
#[test]
fn every_bad_test_picture_is_opened_or_refused_with_a_sentence() {
    let Some(data) = test_data() else { return };
    let refused = PictureError::to_string;
    let known = |name: &str| {
        Some(match name {
            "16bit.cropped.jp2" => refused(&PictureError::NotSupported(OtherFormat::Jpeg2000)),
            "avif_hopper.avif" => refused(&PictureError::NotSupported(OtherFormat::Avif)),
            "decompression_bomb.gif" => refused(&PictureError::NotSupported(OtherFormat::Gif)),
            "thumbor_image.heic" => refused(&PictureError::NotSupported(OtherFormat::Heic)),
            "testimgari_arithmetic.jpg" => refused(&PictureError::NotSupported(OtherFormat::UnusualJpeg)),
            "bad_palette_entry.gpl" | "text_named.jpg" => refused(&PictureError::UnknownFormat),
            "bomb_60000x60000.png" | "jpeg_sof_65500.jpg" | "thumbor_16384x16384.png" => {
                refused(&PictureError::TooManyPixels)
            }
            "apng_chunk_no_fdat.png" => refused(&PictureError::Animated),
            "empty.jpg" => refused(&PictureError::Empty),
            "Bad_shortfile.bmp"
            | "apng_syntax_num_frames_zero.png"
            | "broken.png"
            | "compreface_corrupted.png"
            | "person_truncated_half.jpg"
            | "thumbor_BlueSquare_truncated.jpg"
            | "truncated_jpeg.jpg" => refused(&PictureError::Damaged),
            "exif_Portrait_3.jpg" | "exif_Portrait_6.jpg" | "exif_Portrait_8.jpg" => "1200 x 1800".to_owned(),
            "person.webp" | "person_rgba.png" | "png_named.jpg" => "400 x 500".to_owned(),
            "broken_exif_dpi.jpg" | "lossy_alpha.webp" | "thumbor_cmyk.jpg" => "100 x 100".to_owned(),
            "exif_imagemagick_orientation.png" => "512 x 512".to_owned(),
            name if name.starts_with("person_exif") => "400 x 500".to_owned(),
            _ => return None,
        })
    };
    let mut files: Vec<_> = fs::read_dir(data.join("bad_inputs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in &files {
        let outcome = outcome(file);
        if let Some(known) = known(&file.file_name().unwrap().to_string_lossy()) {
            assert_eq!(outcome, known, "{}", file.display());
        }
    }
}

#[test]
fn whatever_can_be_opened_is_looked_at_in_time() {
    // In a process of its own, since other tests take processor time meanwhile.
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["decode::each_is_looked_at", "--exact", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{stdout}");
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}{stderr}");
}

#[test]
#[ignore = "another test starts it"]
fn each_is_looked_at() {
    let loader = ModelLoader::new(None, None, inference_threads()).unwrap();
    let mut developer = Developer::load(&loader).unwrap();
    let profile = PhotoProfile::default();
    let mut look = |name: &str, picture: &RgbImage| {
        let before = processor_seconds();
        let developed = developer.develop(picture, None, &profile).unwrap();
        let (seconds, megabytes) = (processor_seconds() - before, peak_megabytes());
        println!("{seconds:5.2} s {megabytes:4} MB {name}: {:?}", developed.verdict());
        assert!(seconds < MOST_SECONDS, "{name}: {seconds} s");
        assert!(megabytes < MOST_MEGABYTES, "{name}: {megabytes} MB");
        developed.portrait.is_some()
    };
    // A strip has many tiles in which a small face might be.
    for (width, height) in [(1, 1), (940, 2), (2, 940), (30_000, 40), (3000, 750), (200, 150)] {
        let grain = |x: u32, y: u32| Rgb([(x * 7 + y * 13) as u8, (x / 3) as u8, (y * 5) as u8]);
        let found = look(&format!("{width} x {height}"), &RgbImage::from_fn(width, height, grain));
        assert!(!found, "{width} x {height}");
    }
    let Some(data) = test_data() else { return };
    for entry in fs::read_dir(data.join("bad_inputs")).unwrap() {
        let path = entry.unwrap().path();
        if let Ok(picture) = open_picture(&path) {
            look(&path.file_name().unwrap().to_string_lossy(), &picture);
        }
    }
}

#[test]
fn every_exif_orientation_comes_out_upright() {
    let Some(folder) = test_data() else { return };
    let open = |number: u32| open_picture(&folder.join(format!("bad_inputs/person_exif{number}.jpg"))).unwrap();
    let upright = open(1);
    assert_eq!(upright.dimensions(), (400, 500));
    for number in 2..=8 {
        let turned = open(number);
        assert_eq!(turned.dimensions(), upright.dimensions(), "orientation {number}");
        let difference: u64 =
            turned.as_raw().iter().zip(upright.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = difference as f64 / upright.as_raw().len() as f64;
        assert!(mean < 6.0, "orientation {number}: mean difference {mean}");
    }
}
