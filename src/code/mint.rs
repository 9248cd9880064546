//! Synthetic collection codes for the demo and the tests.
//!
//! A minted opaque payload looks like an encrypted token and says at its start that it is synthetic;
//! plain and sealed ones name schools that say so. The people behind them do not exist. Nothing here
//! is or imitates a code of 学信网.

use image::{GrayImage, Luma};
use jiff::Timestamp;
use qrcode::{Color, EcLevel, QrCode};
use sha2::{Digest, Sha256};

use super::payload::sealed::{IssuerKeys, SealError};
use super::payload::{Claims, write_plain};
use super::{Enrolment, Payload};

/// Every synthetic payload begins with this.
pub const SYNTHETIC_PREFIX: &str = "SZZ-DEMO-1.";
const ONLINE_PREFIX: &str = "SZZ-ONLINE-1.";

/// Modules of white around a code, as the standard wants it.
pub const QUIET_ZONE: u32 = 4;

/// A synthetic code and the person it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minted {
    pub payload: Payload,
    pub enrolment: Enrolment,
}

/// Why a payload cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payload is too long for a QR code")]
pub struct TooLong;

impl Minted {
    /// The code as a picture, quiet zone included.
    pub fn draw(&self, px_per_module: u32) -> GrayImage {
        render(&self.payload, px_per_module, QUIET_ZONE)
            .expect("a minted payload is far shorter than a QR code's limit")
    }
}

/// The same seed always gives the same code.
pub fn mint(seed: u64) -> Minted {
    let mut stream = Stream::new(seed);
    let token_length = 220 + stream.below(160) as usize;
    let token: String = (0..token_length).map(|_| char::from(stream.pick(TOKEN_LETTERS))).collect();
    let payload = Payload::new(format!("{SYNTHETIC_PREFIX}{token}"));
    let (category, level) = stream.pick(&COURSES);
    let enrolment = Enrolment {
        school: stream.pick(&SCHOOLS).to_owned(),
        category: category.to_owned(),
        level: level.to_owned(),
        major: stream.pick(&MAJORS).to_owned(),
        masked_name: masked_name(&mut stream),
        document_last4: document_last4(&mut stream),
        student_number: None,
    };
    Minted { payload, enrolment }
}

/// A code that only the central server knows.
pub fn mint_online(seed: u64) -> Minted {
    let Minted { payload, enrolment } = mint(seed);
    let token = payload.expose().trim_start_matches(SYNTHETIC_PREFIX);
    Minted { payload: Payload::new(format!("{ONLINE_PREFIX}{token}")), enrolment }
}

/// The school and the time that a code naming its student is for.
#[derive(Clone, Debug)]
pub struct ValidFor {
    pub school_code: String,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// A plain code for the person of this seed.
pub fn mint_plain(seed: u64, valid: &ValidFor) -> Minted {
    let enrolment = mint(seed).enrolment;
    Minted { payload: write_plain(&claims(&enrolment, valid)), enrolment }
}

/// A sealed code for the person of this seed; another text each time.
pub fn mint_sealed(seed: u64, valid: &ValidFor, keys: &IssuerKeys) -> Result<Minted, SealError> {
    let enrolment = mint(seed).enrolment;
    Ok(Minted { payload: keys.seal(&claims(&enrolment, valid))?, enrolment })
}

fn claims(enrolment: &Enrolment, valid: &ValidFor) -> Claims {
    Claims::new(&valid.school_code, enrolment, valid.from, valid.until)
}

/// Draws a payload, black on white, with `quiet_zone` white modules around it.
pub fn render(payload: &Payload, px_per_module: u32, quiet_zone: u32) -> Result<GrayImage, TooLong> {
    let code = QrCode::with_error_correction_level(payload.expose(), EcLevel::M).map_err(|_| TooLong)?;
    let modules = code.width() as u32;
    let px = px_per_module.max(1);
    let side = (modules + 2 * quiet_zone) * px;
    Ok(GrayImage::from_fn(side, side, |x, y| {
        let module = |at: u32| (at / px).checked_sub(quiet_zone).filter(|&module| module < modules);
        match (module(x), module(y)) {
            (Some(x), Some(y)) if code[(x as usize, y as usize)] == Color::Dark => Luma([0]),
            _ => Luma([255]),
        }
    }))
}

const TOKEN_LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const SCHOOLS: [&str; 5] = ["演示大学", "示例理工大学", "样例师范学院", "虚构财经大学", "演示职业技术学院"];

const COURSES: [(&str, &str); 5] = [
    ("普通高等教育", "本科"),
    ("普通高等教育", "专科"),
    ("研究生教育", "硕士研究生"),
    ("研究生教育", "博士研究生"),
    ("成人高等教育", "本科"),
];

const MAJORS: [&str; 10] = [
    "计算机科学与技术",
    "汉语言文学",
    "机械设计制造及其自动化",
    "会计学",
    "临床医学",
    "土木工程",
    "英语",
    "数学与应用数学",
    "护理学",
    "电子信息工程",
];

const SURNAMES: [&str; 11] = ["郭", "李", "王", "张", "陈", "刘", "赵", "周", "吴", "欧阳", "司马"];

const LAST_CHARACTERS: [&str; 12] = ["荣", "明", "华", "婷", "伟", "芳", "磊", "静", "洋", "晴", "涛", "雪"];

fn masked_name(stream: &mut Stream) -> String {
    let surname = stream.pick(&SURNAMES);
    if stream.below(4) == 0 { format!("{surname}*") } else { format!("{surname}*{}", stream.pick(&LAST_CHARACTERS)) }
}

fn document_last4(stream: &mut Stream) -> String {
    let digits: String = (0..3).map(|_| char::from(stream.pick(b"0123456789"))).collect();
    format!("{digits}{}", char::from(stream.pick(b"0123456789X")))
}

/// Bytes that look random and follow from the seed: SHA-256 of seed and block number.
struct Stream {
    seed: u64,
    block: u64,
    bytes: std::array::IntoIter<u8, 32>,
}

impl Stream {
    fn new(seed: u64) -> Self {
        Self { seed, block: 0, bytes: Self::hash(seed, 0).into_iter() }
    }

    fn hash(seed: u64, block: u64) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(SYNTHETIC_PREFIX);
        hash.update(seed.to_be_bytes());
        hash.update(block.to_be_bytes());
        hash.finalize().into()
    }

    fn byte(&mut self) -> u8 {
        loop {
            if let Some(byte) = self.bytes.next() {
                return byte;
            }
            self.block += 1;
            self.bytes = Self::hash(self.seed, self.block).into_iter();
        }
    }

    fn below(&mut self, limit: u16) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()]) % limit
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::from(self.below(choices.len() as u16))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_code_and_two_seeds_two() {
        assert_eq!(mint(7), mint(7));
        assert_ne!(mint(7).payload, mint(8).payload);
    }

    #[test]
    fn every_minted_code_says_that_it_is_synthetic_and_is_as_dense_as_a_real_one() {
        for seed in 0..300 {
            let minted = mint(seed);
            let text = minted.payload.expose();
            assert!(text.starts_with(SYNTHETIC_PREFIX));
            assert!((200..=400).contains(&text.len()));
            let version = (render(&minted.payload, 1, 0).unwrap().width() - 17) / 4;
            assert!((10..=20).contains(&version), "version {version}");
            assert!(minted.enrolment.masked_name.contains('*'));
            assert_eq!(minted.enrolment.document_last4.len(), 4);
        }
    }

    #[test]
    fn codes_that_name_their_student_are_no_denser_than_real_ones() {
        let from = Timestamp::UNIX_EPOCH;
        let until = from + jiff::SignedDuration::from_hours(24);
        let valid = ValidFor { school_code: "99999".to_owned(), from, until };
        let folder = tempfile::tempdir().unwrap();
        let keys = IssuerKeys::create(folder.path()).unwrap();
        for seed in 0..100 {
            for minted in [mint_plain(seed, &valid), mint_sealed(seed, &valid, &keys).unwrap()] {
                let version = (render(&minted.payload, 1, 0).unwrap().width() - 17) / 4;
                assert!((10..=20).contains(&version), "version {version}");
                assert_eq!(minted.enrolment, mint(seed).enrolment);
            }
        }
    }

    #[test]
    fn the_quiet_zone_is_white_and_modules_are_square() {
        let picture = render(&mint(1).payload, 3, QUIET_ZONE).unwrap();
        assert_eq!(picture.width(), picture.height());
        assert!(picture.enumerate_pixels().all(|(x, y, pixel)| x.min(y) >= 12 || pixel.0 == [255]));
        assert_eq!(picture.get_pixel(12, 12).0, [0], "the corner of the first finder");
    }

    #[test]
    fn a_payload_that_fits_no_code_is_refused() {
        assert_eq!(render(&Payload::new("x".repeat(5000)), 1, 4), Err(TooLong));
    }
}
