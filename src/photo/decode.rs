//! A picture file from a USB stick or a camera → upright RGB pixels.
//!
//! The file may be anything: its size and format are checked before its pixels are decoded, and an
//! error never names the file or shows what is in it.

use std::fs::{self, File};
use std::io::{Cursor, ErrorKind, Read};
use std::panic;
use std::path::Path;

use image::codecs::{bmp::BmpDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, RgbImage};
use png::{ColorType, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Largest file that is opened.
pub const MAX_FILE_BYTES: u64 = 30 * 1024 * 1024;
/// Largest picture that is decoded: 40 megapixels.
pub const MAX_PIXELS: u64 = 40_000_000;
/// Longest side. One row of a longer picture would already take more memory than it may.
pub const MAX_SIDE: u32 = 30_000;
/// A progressive JPEG paints the picture this many times at most, a smaller one accordingly more
/// often: ordinary ones do it ten times.
const MAX_PAINTED: u64 = 16 * MAX_PIXELS;
const MAX_SCANS: usize = 100;
/// What PNG may unpack beside the pixels.
const MAX_PNG_EXTRAS: usize = 8 * 1024 * 1024;

/// Why a file is no picture for the booth, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    #[error("the file cannot be found; choose it again")]
    NotFound,
    #[error("the file cannot be read; check that it may be opened and that the USB stick is still plugged in")]
    Unreadable,
    #[error("this is a folder or a device and not a picture; choose a file")]
    NotAFile,
    #[error("the file is empty; copy the picture again")]
    Empty,
    #[error("the file is larger than {} MB; save the picture smaller", MAX_FILE_BYTES / 1024 / 1024)]
    TooManyBytes,
    #[error("the picture has more than {} megapixels; save it smaller", MAX_PIXELS / 1_000_000)]
    TooManyPixels,
    #[error("the picture is more than {MAX_SIDE} pixels wide or high; save it smaller")]
    TooLong,
    #[error("the file is not a picture that the booth knows; save it as JPEG or PNG")]
    UnknownFormat,
    #[error("the file is {0}, which the booth does not open; save the picture as JPEG or PNG")]
    NotSupported(&'static str),
    #[error("the picture is an animation; save one still picture as JPEG or PNG")]
    Animated,
    #[error("the picture is damaged or incomplete; copy or save it again")]
    Damaged,
}

/// Opens a JPEG, PNG, WebP or BMP: turned upright as its EXIF says, 8 bits per channel, anything
/// transparent over white. The name does not matter, only what is in the file.
pub fn open_picture(path: &Path) -> Result<RgbImage, PictureError> {
    decode_picture(&read_bounded(path)?)
}

/// The same for a file that is already in memory.
pub fn decode_picture(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(PictureError::TooManyBytes);
    }
    // A decoder that panics on a hostile file must not take the booth with it.
    panic::catch_unwind(|| decode(bytes)).unwrap_or(Err(PictureError::Damaged))
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, PictureError> {
    let problem = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => PictureError::NotFound,
        _ => PictureError::Unreadable,
    };
    // Asked before opening: a pipe would wait for somebody to write into it.
    let about = fs::metadata(path).map_err(problem)?;
    if !about.is_file() {
        return Err(PictureError::NotAFile);
    }
    if about.len() > MAX_FILE_BYTES {
        return Err(PictureError::TooManyBytes);
    }
    let mut bytes = Vec::with_capacity(about.len() as usize);
    // The file may grow while it is read.
    File::open(path).map_err(problem)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(problem)?;
    Ok(bytes)
}

fn decode(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => jpeg(bytes),
        Ok(ImageFormat::Png) => png(bytes),
        Ok(ImageFormat::WebP) => {
            let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|_| PictureError::Damaged)?;
            if decoder.has_animation() {
                return Err(PictureError::Animated);
            }
            webp_or_bmp(decoder)
        }
        Ok(ImageFormat::Bmp) => webp_or_bmp(BmpDecoder::new(Cursor::new(bytes)).map_err(|_| PictureError::Damaged)?),
        _ => Err(other_format(bytes).map_or(PictureError::UnknownFormat, PictureError::NotSupported)),
    }
}

/// What people try to open that is neither of the four formats.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(match bytes.get(8..12).unwrap_or_default() {
            b"avif" | b"avis" => "an AVIF picture",
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => "a HEIC picture",
            b"crx " => "a camera's raw picture",
            _ => "a video",
        });
    }
    if starts(b"GIF87a") || starts(b"GIF89a") {
        Some("a GIF picture")
    } else if starts(b"\0\0\0\x0cjP  ") || starts(b"\xff\x4f\xff\x51") {
        Some("a JPEG 2000 picture")
    } else if starts(b"\0\0\0\x0cJXL ") || starts(b"\xff\x0a") {
        Some("a JPEG XL picture")
    } else if starts(b"II*\0") || starts(b"MM\0*") {
        Some("a TIFF or raw picture")
    } else if starts(b"8BPS") {
        Some("a Photoshop file")
    } else if starts(b"%PDF") {
        Some("a PDF document")
    } else {
        None
    }
}

fn check_size(width: u32, height: u32) -> Result<(), PictureError> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooManyPixels);
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(PictureError::TooLong);
    }
    Ok(())
}

fn upright(picture: RgbImage, exif: Option<&[u8]>) -> RgbImage {
    let orientation = exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from(picture);
    picture.apply_orientation(orientation);
    picture.into_rgb8()
}

fn webp_or_bmp(mut decoder: impl ImageDecoder) -> Result<RgbImage, PictureError> {
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let exif = decoder.exif_metadata().map_err(|_| PictureError::Damaged)?;
    let picture = match DynamicImage::from_decoder(decoder).map_err(|_| PictureError::Damaged)? {
        DynamicImage::ImageRgba8(picture) => {
            let pixels = over_white(picture.into_raw());
            RgbImage::from_raw(width, height, pixels).ok_or(PictureError::Damaged)?
        }
        other => other.into_rgb8(),
    };
    Ok(upright(picture, exif.as_deref()))
}

/// Row by row, so that a deep or transparent picture is never in memory as such.
fn png(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    let damaged = |_| PictureError::Damaged;
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: MAX_PNG_EXTRAS });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let about = decoder.read_header_info().map_err(damaged)?;
    let (width, height, interlaced) = (about.width, about.height, about.interlaced);
    check_size(width, height)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    if reader.info().animation_control.is_some() {
        return Err(PictureError::Animated);
    }
    let (colour, _) = reader.output_color_type();
    let pixels = if interlaced {
        let mut pixels = vec![0; reader.output_buffer_size().ok_or(PictureError::Damaged)?];
        reader.next_frame(&mut pixels).map_err(damaged)?;
        match colour {
            ColorType::Rgb => pixels,
            ColorType::Rgba => over_white(pixels),
            _ => {
                let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
                push_row(&mut rgb, &pixels, colour);
                rgb
            }
        }
    } else {
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        while let Some(row) = reader.next_row().map_err(damaged)? {
            push_row(&mut rgb, row.data(), colour);
        }
        rgb
    };
    // The orientation may come after the pixels.
    let _ = reader.finish();
    let exif = reader.info().exif_metadata.as_deref();
    Ok(upright(RgbImage::from_raw(width, height, pixels).ok_or(PictureError::Damaged)?, exif))
}

fn push_row(rgb: &mut Vec<u8>, row: &[u8], colour: ColorType) {
    match colour {
        ColorType::Rgba => rgb.extend(row.chunks_exact(4).flat_map(pixel_over_white)),
        ColorType::Grayscale => rgb.extend(row.iter().flat_map(|grey| [*grey; 3])),
        ColorType::GrayscaleAlpha => {
            rgb.extend(row.chunks_exact(2).flat_map(|pixel| [whitened(pixel[0], pixel[1]); 3]));
        }
        ColorType::Rgb | ColorType::Indexed => rgb.extend_from_slice(row),
    }
}

/// Red, green, blue, alpha → red, green, blue, in the same memory.
fn over_white(mut pixels: Vec<u8>) -> Vec<u8> {
    let count = pixels.len() / 4;
    for index in 0..count {
        let rgb = pixel_over_white(&pixels[index * 4..index * 4 + 4]);
        pixels[index * 3..index * 3 + 3].copy_from_slice(&rgb);
    }
    pixels.truncate(count * 3);
    pixels.shrink_to_fit();
    pixels
}

fn pixel_over_white(pixel: &[u8]) -> [u8; 3] {
    [0, 1, 2].map(|channel| whitened(pixel[channel], pixel[3]))
}

fn whitened(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

fn jpeg(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    let scans = jpeg_scans(bytes)?;
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(MAX_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(jpeg_error)?;
    let about = decoder.info().ok_or(PictureError::Damaged)?;
    let (width, height) = (u32::from(about.width), u32::from(about.height));
    check_size(width, height)?;
    if scans as u64 * u64::from(width) * u64::from(height) > MAX_PAINTED || scans > MAX_SCANS {
        return Err(PictureError::NotSupported("a JPEG in too many layers"));
    }
    let pixels = decoder.decode().map_err(jpeg_error)?;
    let picture = RgbImage::from_raw(width, height, pixels).ok_or(PictureError::Damaged)?;
    Ok(upright(picture, decoder.exif().map(Vec::as_slice)))
}

const UNUSUAL_JPEG: &str = "an unusual kind of JPEG";

fn jpeg_error(error: DecodeErrors) -> PictureError {
    match error {
        DecodeErrors::Unsupported(_) => PictureError::NotSupported(UNUSUAL_JPEG),
        _ => PictureError::Damaged,
    }
}

/// How often the picture is painted. An error when the file stops before it says that it ends: the
/// decoder would paint what is missing grey, and a student's photo must not be half grey.
fn jpeg_scans(bytes: &[u8]) -> Result<usize, PictureError> {
    let byte = |at: usize| bytes.get(at).copied().ok_or(PictureError::Damaged);
    let mut at = 2;
    let mut scans = 0;
    loop {
        // Pixels lie between a scan's header and the next marker; segments say how long they are, so
        // a thumbnail's own end inside one is stepped over.
        let rest = bytes.get(at..).ok_or(PictureError::Damaged)?;
        at += rest.iter().position(|byte| *byte == 0xFF).ok_or(PictureError::Damaged)?;
        match byte(at + 1)? {
            // A byte of fill.
            0xFF => at += 1,
            // A stuffed byte, a restart, a start: nothing follows that has a length.
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            0xD9 => return Ok(scans),
            // Lossless, hierarchical or with arithmetic coding.
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return Err(PictureError::NotSupported(UNUSUAL_JPEG)),
            0xC0..=0xC2 if colour_is_finer(bytes.get(at + 9..).unwrap_or_default()) => {
                return Err(PictureError::NotSupported(UNUSUAL_JPEG));
            }
            marker => {
                scans += usize::from(marker == 0xDA);
                at += 2 + usize::from(u16::from_be_bytes([byte(at + 2)?, byte(at + 3)?]));
            }
        }
    }
}

/// Whether a component has more samples than the first: nobody writes that, and zune-jpeg 0.5
/// panics on it. `frame` starts at the number of components.
fn colour_is_finer(frame: &[u8]) -> bool {
    let Some((count, components)) = frame.split_first() else { return false };
    let mut samples = components.chunks_exact(3).take(usize::from(*count)).map(|component| component[1]);
    let Some(first) = samples.next() else { return false };
    samples.any(|other| other >> 4 > first >> 4 || other & 15 > first & 15)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageBuffer, Rgba, RgbaImage};

    fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.into().write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn jpeg() -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        RgbImage::from_fn(64, 64, |x, y| image::Rgb([x as u8 * 4, y as u8 * 4, 99]))
            .write_to(&mut bytes, ImageFormat::Jpeg)
            .unwrap();
        bytes.into_inner()
    }

    #[test]
    fn transparent_is_white() {
        let picture = RgbaImage::from_raw(3, 1, vec![0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 0, 128]).unwrap();
        let opened = decode_picture(&png(picture)).unwrap();
        assert_eq!(opened.as_raw(), &[255, 255, 255, 255, 0, 0, 127, 127, 127]);
    }

    #[test]
    fn sixteen_bits_and_grey_become_eight_bit_rgb() {
        let deep = ImageBuffer::<Rgba<u16>, _>::from_raw(1, 1, vec![65535_u16, 0, 32896, 65535]).unwrap();
        assert_eq!(decode_picture(&png(deep)).unwrap().as_raw(), &[255, 0, 128]);
        let grey = image::GrayImage::from_raw(1, 1, vec![77]).unwrap();
        assert_eq!(decode_picture(&png(grey)).unwrap().as_raw(), &[77, 77, 77]);
    }

    #[test]
    fn a_picture_above_the_limit_is_refused_before_it_is_decoded() {
        let mut huge = png(image::GrayImage::new(1, 1));
        // Width and height in the header, with the header's checksum.
        huge[16..24].copy_from_slice(&[0, 0, 0x1F, 0x40, 0, 0, 0x1F, 0x40]);
        let checksum = crc32(&huge[12..29]);
        huge[29..33].copy_from_slice(&checksum.to_be_bytes());
        assert_eq!(decode_picture(&huge), Err(PictureError::TooManyPixels));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
        })
    }

    #[test]
    fn a_printers_jpeg_keeps_its_colours() {
        // Cyan, magenta, yellow and black at the shares of a skin colour, as Adobe's programs store them.
        let ink = [[20, 90, 110, 30]; 256].concat();
        let expected = [20, 90, 110].map(|share: u32| (255 - share) * (255 - 30) / 255);
        use jpeg_encoder::{ColorType, SamplingFactor};
        for (colours, sampling) in [
            (ColorType::Cmyk, SamplingFactor::R_4_4_4),
            (ColorType::CmykAsYcck, SamplingFactor::R_4_4_4),
            (ColorType::CmykAsYcck, SamplingFactor::R_4_2_0),
        ] {
            let mut bytes = Vec::new();
            let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
            encoder.set_sampling_factor(sampling);
            encoder.encode(&ink, 16, 16, colours).unwrap();
            let opened = decode_picture(&bytes).unwrap();
            for (got, expected) in opened.get_pixel(8, 8).0.into_iter().zip(expected) {
                assert!(u32::from(got).abs_diff(expected) <= 4, "{:?}, not {expected:?}", opened.get_pixel(8, 8));
            }
        }
    }

    #[test]
    fn a_jpeg_with_finer_colour_than_brightness_is_refused() {
        let mut bytes = jpeg();
        let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        // How finely the first component is sampled, and the last.
        (bytes[frame + 11], bytes[frame + 17]) = (0x11, 0x22);
        assert_eq!(decode_picture(&bytes), Err(PictureError::NotSupported(UNUSUAL_JPEG)));
    }

    #[test]
    fn every_orientation_is_turned_upright() {
        // Red above blue, upright, is stored turned by the inverse of what the orientation says.
        let upright = DynamicImage::from(RgbImage::from_fn(2, 4, |x, y| image::Rgb([x as u8 * 255, y as u8 * 80, 0])));
        for number in 1..=8_u8 {
            let mut stored = upright.clone();
            stored.apply_orientation(Orientation::from_exif(inverse(number)).unwrap());
            let mut bytes = Vec::new();
            let mut encoder = png::Encoder::new(&mut bytes, stored.width(), stored.height());
            encoder.set_color(ColorType::Rgb);
            let mut writer = encoder.write_header().unwrap();
            writer.write_chunk(png::chunk::eXIf, &exif(number)).unwrap();
            writer.write_image_data(stored.as_bytes()).unwrap();
            writer.finish().unwrap();
            assert_eq!(decode_picture(&bytes).unwrap(), upright.to_rgb8(), "orientation {number}");
        }
    }

    fn inverse(orientation: u8) -> u8 {
        match orientation {
            6 => 8,
            8 => 6,
            own => own,
        }
    }

    /// EXIF that says nothing but the orientation.
    fn exif(orientation: u8) -> Vec<u8> {
        [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation, 0, 0, 0, 0, 0, 0]].concat()
    }

    #[test]
    fn an_animation_is_refused_and_a_cut_off_picture_too() {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
        encoder.set_animated(2, 0).unwrap();
        let mut writer = encoder.write_header().unwrap();
        (0..2).for_each(|_| writer.write_image_data(&[0]).unwrap());
        writer.finish().unwrap();
        assert_eq!(decode_picture(&bytes), Err(PictureError::Animated));
        let noise = RgbImage::from_fn(64, 64, |x, y| image::Rgb([(x * y) as u8, (x * 7 + y * y) as u8, (x ^ y) as u8]));
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Jpeg] {
            let mut whole = Cursor::new(Vec::new());
            noise.write_to(&mut whole, format).unwrap();
            let whole = whole.into_inner();
            assert!(decode_picture(&whole).is_ok(), "{format:?}");
            for part in [10, 50, 90] {
                let cut = decode_picture(&whole[..whole.len() * part / 100]);
                assert_eq!(cut, Err(PictureError::Damaged), "{part} % of {format:?}");
            }
        }
    }

    #[test]
    fn a_cut_off_jpeg_is_damaged_and_a_whole_one_with_a_tail_is_not() {
        let whole = jpeg();
        assert_eq!(decode_picture(&whole[..whole.len() / 2]), Err(PictureError::Damaged));
        assert_eq!(decode_picture(&whole[..whole.len() - 2]), Err(PictureError::Damaged));
        assert!(decode_picture(&[whole.as_slice(), &[0; 40]].concat()).is_ok());
    }

    #[test]
    fn an_error_says_what_to_do() {
        assert_eq!(decode_picture(b""), Err(PictureError::Empty));
        assert_eq!(decode_picture(b"hello"), Err(PictureError::UnknownFormat));
        let gif = decode_picture(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;").unwrap_err();
        assert_eq!(
            gif.to_string(),
            "the file is a GIF picture, which the booth does not open; save the picture as JPEG or PNG"
        );
        assert_eq!(decode_picture(&vec![0; MAX_FILE_BYTES as usize + 1]), Err(PictureError::TooManyBytes));
        assert_eq!(open_picture(Path::new("no/such/picture")), Err(PictureError::NotFound));
        assert_eq!(open_picture(Path::new(".")), Err(PictureError::NotAFile));
        assert!(PictureError::TooManyPixels.to_string().contains("40 megapixels"));
    }
}
