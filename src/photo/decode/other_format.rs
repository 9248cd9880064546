//! What people try to open that is neither JPEG, PNG, WebP nor BMP, told by its first bytes.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OtherFormat {
    Avif,
    Heic,
    Raw,
    Video,
    Gif,
    Jpeg2000,
    JpegXl,
    Tiff,
    Photoshop,
    Pdf,
    /// With more than eight bits, arithmetic coding or a finer colour than brightness.
    UnusualJpeg,
    /// Progressive, and painted so often that it would take minutes.
    LayeredJpeg,
}

impl OtherFormat {
    pub const ALL: [Self; 12] = [
        Self::Avif,
        Self::Heic,
        Self::Raw,
        Self::Video,
        Self::Gif,
        Self::Jpeg2000,
        Self::JpegXl,
        Self::Tiff,
        Self::Photoshop,
        Self::Pdf,
        Self::UnusualJpeg,
        Self::LayeredJpeg,
    ];

    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        if bytes.get(4..8) == Some(b"ftyp") {
            return Some(match bytes.get(8..12).unwrap_or_default() {
                b"avif" | b"avis" => Self::Avif,
                b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Self::Heic,
                b"crx " => Self::Raw,
                _ => Self::Video,
            });
        }
        if starts(b"GIF87a") || starts(b"GIF89a") {
            Some(Self::Gif)
        } else if starts(b"\0\0\0\x0cjP  ") || starts(b"\xff\x4f\xff\x51") {
            Some(Self::Jpeg2000)
        } else if starts(b"\0\0\0\x0cJXL ") || starts(b"\xff\x0a") {
            Some(Self::JpegXl)
        } else if starts(b"II*\0") || starts(b"MM\0*") {
            Some(Self::Tiff)
        } else if starts(b"8BPS") {
            Some(Self::Photoshop)
        } else if starts(b"%PDF") {
            Some(Self::Pdf)
        } else {
            None
        }
    }
}

impl fmt::Display for OtherFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Avif => "an AVIF picture",
            Self::Heic => "a HEIC picture",
            Self::Raw => "a camera's raw picture",
            Self::Video => "a video",
            Self::Gif => "a GIF picture",
            Self::Jpeg2000 => "a JPEG 2000 picture",
            Self::JpegXl => "a JPEG XL picture",
            Self::Tiff => "a TIFF or raw picture",
            Self::Photoshop => "a Photoshop file",
            Self::Pdf => "a PDF document",
            Self::UnusualJpeg => "an unusual kind of JPEG",
            Self::LayeredJpeg => "a JPEG in too many layers",
        })
    }
}
