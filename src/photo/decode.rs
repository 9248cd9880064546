//! A picture file from a USB stick or a camera → upright RGB pixels.
//!
//! The file may be anything: its size and format are checked before its pixels are decoded, and an
//! error never names the file or shows what is in it.

use std::fs::{self, File};
use std::io::{Cursor, ErrorKind, Read};
use std::panic;
use std::path::Path;

use image::error::LimitErrorKind;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage, RgbaImage};

/// Largest file that is opened.
pub const MAX_FILE_BYTES: u64 = 30 * 1024 * 1024;
/// Largest picture that is decoded: 40 megapixels.
pub const MAX_PIXELS: u64 = 40_000_000;
/// Eight bytes per pixel (16-bit with alpha), and as much again for the decoder.
const MAX_DECODER_BYTES: u64 = MAX_PIXELS * 16;

/// Why a file is no picture for the booth, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    #[error("the file cannot be found; choose it again")]
    NotFound,
    #[error("the file cannot be read; check that it may be opened and that the USB stick is still plugged in")]
    Unreadable,
    #[error("the file is empty; copy the picture again")]
    Empty,
    #[error("the file is larger than {} MB; save the picture smaller", MAX_FILE_BYTES / 1024 / 1024)]
    TooManyBytes,
    #[error("the picture has more than {} megapixels; save it smaller", MAX_PIXELS / 1_000_000)]
    TooManyPixels,
    #[error("the file is not a picture that the booth knows; save it as JPEG or PNG")]
    UnknownFormat,
    #[error("the picture is damaged or incomplete; copy or save it again")]
    Damaged,
}

/// Opens a JPEG, PNG, WebP or BMP: turned upright as its EXIF says, 8 bits per channel, anything
/// transparent over white.
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
    let about = fs::metadata(path).map_err(problem)?;
    if !about.is_file() {
        return Err(PictureError::Unreadable);
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
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| PictureError::Unreadable)?;
    if reader.format() == Some(ImageFormat::Jpeg) && !jpeg_is_complete(bytes) {
        return Err(PictureError::Damaged);
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| explain(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooManyPixels);
    }
    let orientation = decoder.orientation().map_err(|error| explain(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| explain(&error))?;
    picture.apply_orientation(orientation);
    Ok(if picture.color().has_alpha() { over_white(&picture.into_rgba8()) } else { picture.into_rgb8() })
}

fn explain(error: &ImageError) -> PictureError {
    match error {
        ImageError::Unsupported(_) => PictureError::UnknownFormat,
        ImageError::Limits(limit) if !matches!(limit.kind(), LimitErrorKind::Unsupported { .. }) => {
            PictureError::TooManyPixels
        }
        _ => PictureError::Damaged,
    }
}

/// The decoder paints the missing part of a cut-off file grey; a student's photo must not be half grey.
fn jpeg_is_complete(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xDA;
    const END_OF_IMAGE: [u8; 2] = [0xFF, 0xD9];
    let mut at = 2;
    // Segments say how long they are, so a thumbnail's own end inside one is stepped over.
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        match marker {
            START_OF_SCAN => return bytes[at..].windows(2).any(|pair| pair == END_OF_IMAGE),
            0xFF => at += 1,
            0x01 | 0xD0..=0xD8 => at += 2,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    // Not laid out as expected: the decoder shall judge.
    true
}

fn over_white(picture: &RgbaImage) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        image::Rgb([r, g, b].map(|channel| ((channel * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageBuffer, Rgba};

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
        assert_eq!(decode_picture(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"), Err(PictureError::UnknownFormat));
        assert_eq!(decode_picture(&vec![0; MAX_FILE_BYTES as usize + 1]), Err(PictureError::TooManyBytes));
        assert_eq!(open_picture(Path::new("no/such/picture")), Err(PictureError::NotFound));
        assert_eq!(open_picture(Path::new(".")), Err(PictureError::Unreadable));
        assert!(PictureError::TooManyPixels.to_string().contains("40 megapixels"));
    }
}
