//! One frame as a webcam's driver gives it → RGB, into memory that is there already.

use image::RgbImage;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::CameraError;

/// What webcams send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// One JPEG per frame; it says its size itself.
    Mjpeg,
    /// 4:2:2, packed.
    Yuyv,
    /// 4:2:0, luma first, then both chroma values in turn.
    Nv12,
}

impl Encoding {
    /// As drivers and their tools call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mjpeg => "MJPEG",
            Self::Yuyv => "YUYV",
            Self::Nv12 => "NV12",
        }
    }
}

/// Decodes `bytes` into `into`, which becomes of the frame's size. `size` is width and height in
/// pixels as the driver was told.
pub fn decode(bytes: &[u8], encoding: Encoding, size: (u32, u32), into: &mut RgbImage) -> Result<(), CameraError> {
    match encoding {
        Encoding::Mjpeg => decode_jpeg(bytes, into),
        Encoding::Yuyv => {
            resize(into, size);
            yuyv_to_rgb(bytes, into).ok_or_else(|| too_short(bytes, size))
        }
        Encoding::Nv12 => {
            resize(into, size);
            nv12_to_rgb(bytes, into).ok_or_else(|| too_short(bytes, size))
        }
    }
}

/// New memory only when the size has changed.
fn resize(picture: &mut RgbImage, size: (u32, u32)) {
    if picture.dimensions() != size {
        *picture = RgbImage::new(size.0, size.1);
    }
}

fn too_short(bytes: &[u8], (width, height): (u32, u32)) -> CameraError {
    CameraError::Picture(format!("{} bytes are too few for {width} × {height}", bytes.len()))
}

/// No webcam's frame is larger; a damaged header may say anything.
const LARGEST_SIDE: usize = 4096;

fn decode_jpeg(bytes: &[u8], into: &mut RgbImage) -> Result<(), CameraError> {
    let damaged = |error: zune_jpeg::errors::DecodeErrors| CameraError::Picture(error.to_string());
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::RGB)
        .set_max_width(LARGEST_SIDE)
        .set_max_height(LARGEST_SIDE);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) =
        decoder.dimensions().ok_or_else(|| CameraError::Picture("no size in its header".to_owned()))?;
    if decoder.output_buffer_size() != Some(width * height * 3) {
        return Err(CameraError::Picture("not in colour".to_owned()));
    }
    resize(into, (width as u32, height as u32));
    decoder.decode_into(into).map_err(damaged)
}

/// Two pixels, and the four bytes they share, at a time.
fn yuyv_to_rgb(bytes: &[u8], into: &mut RgbImage) -> Option<()> {
    let pairs = into.chunks_exact_mut(6);
    let bytes = bytes.get(..pairs.len() * 4)?;
    for (pair, yuyv) in pairs.zip(bytes.chunks_exact(4)) {
        pair[..3].copy_from_slice(&rgb(yuyv[0], yuyv[1], yuyv[3]));
        pair[3..].copy_from_slice(&rgb(yuyv[2], yuyv[1], yuyv[3]));
    }
    Some(())
}

fn nv12_to_rgb(bytes: &[u8], into: &mut RgbImage) -> Option<()> {
    let (width, height) = (into.width() as usize, into.height() as usize);
    let (luma, chroma) = bytes.split_at_checked(width * height)?;
    let chroma = chroma.get(..width.next_multiple_of(2) * height.div_ceil(2))?;
    for (row, pixels) in into.chunks_exact_mut(width * 3).enumerate() {
        let luma = &luma[row * width..];
        let chroma = &chroma[row / 2 * width.next_multiple_of(2)..];
        for ((pixel, y), column) in pixels.chunks_exact_mut(3).zip(luma).zip(0..) {
            let uv = column / 2 * 2;
            pixel.copy_from_slice(&rgb(*y, chroma[uv], chroma[uv + 1]));
        }
    }
    Some(())
}

/// BT.601, limited range: what webcams send.
fn rgb(y: u8, u: u8, v: u8) -> [u8; 3] {
    let (y, u, v) = (1.164 * (f32::from(y) - 16.0), f32::from(u) - 128.0, f32::from(v) - 128.0);
    [y + 1.596 * v, y - 0.392 * u - 0.813 * v, y + 2.017 * u].map(|value| value.round().clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENCODINGS: [Encoding; 3] = [Encoding::Mjpeg, Encoding::Yuyv, Encoding::Nv12];

    #[test]
    fn half_a_frame_is_a_damaged_picture_not_a_crash() {
        for encoding in ENCODINGS {
            for length in [0, 1, 100] {
                let error = decode(&vec![128; length], encoding, (64, 48), &mut RgbImage::default()).unwrap_err();
                assert!(error.is_passing(), "{encoding:?}: {error}");
            }
        }
    }

    #[test]
    fn grey_and_red_survive_both_raw_formats() {
        let (mut yuyv, mut nv12) = (RgbImage::default(), RgbImage::default());
        decode(&[81, 90, 81, 240].repeat(4), Encoding::Yuyv, (4, 2), &mut yuyv).unwrap();
        let bytes = [[81u8; 8].as_slice(), &[90, 240].repeat(2)].concat();
        decode(&bytes, Encoding::Nv12, (4, 2), &mut nv12).unwrap();
        for picture in [yuyv, nv12] {
            let [r, g, b] = picture.get_pixel(3, 1).0;
            assert!(r > 250 && g < 5 && b < 5, "{r} {g} {b}");
        }
    }

    fn jpeg(width: u16, height: u16, grey: bool) -> Vec<u8> {
        let mut bytes = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
        let (colours, channels) =
            if grey { (jpeg_encoder::ColorType::Luma, 1) } else { (jpeg_encoder::ColorType::Rgb, 3) };
        let pixels = vec![200; usize::from(width) * usize::from(height) * channels];
        encoder.encode(&pixels, width, height, colours).unwrap();
        bytes
    }

    #[test]
    fn a_frame_of_the_same_size_takes_no_new_memory() {
        let mut picture = RgbImage::default();
        for encoding in [Encoding::Mjpeg, Encoding::Nv12, Encoding::Yuyv] {
            let bytes = if encoding == Encoding::Mjpeg { jpeg(64, 48, false) } else { vec![128; 64 * 48 * 2] };
            decode(&bytes, encoding, (64, 48), &mut picture).unwrap();
            let place = picture.as_ptr();
            decode(&bytes, encoding, (64, 48), &mut picture).unwrap();
            assert_eq!((picture.as_ptr(), picture.dimensions()), (place, (64, 48)), "{encoding:?}");
        }
    }

    /// A driver may send another size than it agreed to, and a thermal camera sends grey.
    #[test]
    fn a_jpeg_frame_says_its_own_size_and_grey_ones_become_rgb_or_a_sentence() {
        let mut picture = RgbImage::default();
        decode(&jpeg(32, 16, false), Encoding::Mjpeg, (64, 48), &mut picture).unwrap();
        assert_eq!(picture.dimensions(), (32, 16));
        match decode(&jpeg(32, 16, true), Encoding::Mjpeg, (32, 16), &mut picture) {
            Ok(()) => assert_eq!(picture.get_pixel(5, 5).0[0], picture.get_pixel(5, 5).0[2]),
            Err(error) => assert!(error.is_passing()),
        }
    }

    #[test]
    fn no_cut_or_flipped_bit_of_a_jpeg_frame_makes_it_panic() {
        let whole = jpeg(48, 32, false);
        let mut picture = RgbImage::default();
        for length in 0..whole.len() {
            let _ = decode(&whole[..length], Encoding::Mjpeg, (48, 32), &mut picture);
        }
        for bit in 0..whole.len() * 8 {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let _ = decode(&bytes, Encoding::Mjpeg, (48, 32), &mut picture);
        }
    }
}
