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

pub use other_format::OtherFormat;

mod other_format;

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
    NotSupported(OtherFormat),
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
        _ => Err(OtherFormat::of(bytes).map_or(PictureError::UnknownFormat, PictureError::NotSupported)),
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
        return Err(PictureError::NotSupported(OtherFormat::LayeredJpeg));
    }
    let pixels = decoder.decode().map_err(jpeg_error)?;
    let picture = RgbImage::from_raw(width, height, pixels).ok_or(PictureError::Damaged)?;
    Ok(upright(picture, decoder.exif().map(Vec::as_slice)))
}

fn jpeg_error(error: DecodeErrors) -> PictureError {
    match error {
        DecodeErrors::Unsupported(_) => PictureError::NotSupported(OtherFormat::UnusualJpeg),
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
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Err(PictureError::NotSupported(OtherFormat::UnusualJpeg));
            }
            0xC0..=0xC2 if colour_is_finer(bytes.get(at + 9..).unwrap_or_default()) => {
                return Err(PictureError::NotSupported(OtherFormat::UnusualJpeg));
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
mod tests;
