//! Pictures made here, spoilt in known ways.

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
    assert_eq!(decode_picture(&bytes), Err(PictureError::NotSupported(OtherFormat::UnusualJpeg)));
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
