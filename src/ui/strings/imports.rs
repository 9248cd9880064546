//! Why a brought picture cannot be used, and what to do.

use super::sentences::{self, Instruction, say};
use crate::photo::Finding;
use crate::photo::decode::{MAX_FILE_BYTES, MAX_PIXELS, MAX_SIDE, OtherFormat, PictureError};
use crate::photo::import::ImportProblem;
use crate::visit::Language;

use Language::{Chinese, English};

/// Headline and what to do.
pub fn problem(language: Language, problem: ImportProblem) -> (String, String) {
    let of = |words: Instruction| (words.headline.to_owned(), words.detail.to_owned());
    match (language, problem) {
        (Chinese, ImportProblem::NoStick) => of(say("没有找到U盘", "请插入U盘，几秒后点“重新查找”")),
        (English, ImportProblem::NoStick) => of(say("No USB stick found", "Plug it in and touch \"Look again\"")),
        (Chinese, ImportProblem::NoPictures) => {
            of(say("U盘里没有照片", "请把照片存成 JPG 或 PNG，放进U盘后点“重新查找”"))
        }
        (English, ImportProblem::NoPictures) => {
            of(say("No pictures on the stick", "Save your picture on it as JPG or PNG, then touch \"Look again\""))
        }
        (Chinese, ImportProblem::NoPage) => {
            of(say("暂时不能用手机上传", "请返回，改用U盘或现场拍照，也可以呼叫工作人员"))
        }
        (English, ImportProblem::NoPage) => {
            of(say("Phones cannot send pictures now", "Go back and use a stick or the camera, or call the staff"))
        }
        (Chinese, ImportProblem::NoFace) => of(say("照片里没有找到人脸", "请选一张正面、清晰、没有遮挡的单人照")),
        (English, ImportProblem::NoFace) => {
            of(say("No face found in this picture", "Choose a sharp picture of yourself, from the front, uncovered"))
        }
        (Chinese, ImportProblem::SeveralFaces) => of(say("照片里不止一个人", "请选一张只有您本人的照片")),
        (English, ImportProblem::SeveralFaces) => {
            of(say("More than one person in this picture", "Choose a picture of yourself alone"))
        }
        (_, ImportProblem::Picture(error)) => unreadable(language, error),
    }
}

fn unreadable(language: Language, error: PictureError) -> (String, String) {
    let (megabytes, megapixels) = (MAX_FILE_BYTES / 1024 / 1024, MAX_PIXELS / 1_000_000);
    let of = |headline: &str, detail: &str| (headline.to_owned(), detail.to_owned());
    match (language, error) {
        (Chinese, PictureError::NotFound | PictureError::Unreadable) => {
            of("照片读不出来了", "请确认U盘仍插好，再选一次")
        }
        (English, PictureError::NotFound | PictureError::Unreadable) => {
            of("The picture can no longer be read", "Check that the stick is still plugged in and choose again")
        }
        (Chinese, PictureError::NotAFile) => of("这不是一个文件", "请另选一张照片"),
        (English, PictureError::NotAFile) => of("This is not a file", "Choose another picture"),
        (Chinese, PictureError::Empty) => of("这个文件是空的", "请把照片重新复制到U盘"),
        (English, PictureError::Empty) => of("This file is empty", "Copy your picture to the stick again"),
        (Chinese, PictureError::TooManyBytes) => {
            (format!("文件超过 {megabytes} MB"), "请把照片另存得小一些再试".to_owned())
        }
        (English, PictureError::TooManyBytes) => {
            (format!("The file is larger than {megabytes} MB"), "Save your picture smaller".to_owned())
        }
        (Chinese, PictureError::TooManyPixels) => {
            (format!("照片超过 {megapixels}00 万像素"), "请把照片另存得小一些再试".to_owned())
        }
        (English, PictureError::TooManyPixels) => {
            (format!("The picture has more than {megapixels} megapixels"), "Save it smaller".to_owned())
        }
        (Chinese, PictureError::TooLong) => {
            (format!("照片的一边超过 {MAX_SIDE} 像素"), "请把照片另存得小一些再试".to_owned())
        }
        (English, PictureError::TooLong) => {
            (format!("The picture is more than {MAX_SIDE} pixels wide or high"), "Save it smaller".to_owned())
        }
        (Chinese, PictureError::UnknownFormat) => of("这个文件不是照片", "请把照片另存为 JPG 或 PNG 再试"),
        (English, PictureError::UnknownFormat) => of("This file is not a picture", "Save your picture as JPG or PNG"),
        (Chinese, PictureError::NotSupported(format)) => {
            (format!("这是{}，本机不能打开", chinese_name(format)), "请把照片另存为普通的 JPG 或 PNG 再试".to_owned())
        }
        (English, PictureError::NotSupported(format)) => (
            format!("This is {format}"),
            "The booth cannot open it: save your picture as an ordinary JPG or PNG".to_owned(),
        ),
        (Chinese, PictureError::Animated) => of("这是一张动图", "请存成一张静止的 JPG 或 PNG 照片"),
        (English, PictureError::Animated) => of("This picture is an animation", "Save one still picture as JPG or PNG"),
        (Chinese, PictureError::Damaged) => of("照片已损坏或不完整", "请重新复制或另存一次，或另选一张"),
        (English, PictureError::Damaged) => {
            of("The picture is damaged or incomplete", "Copy or save it again, or choose another one")
        }
    }
}

fn chinese_name(format: OtherFormat) -> &'static str {
    match format {
        OtherFormat::Avif => " AVIF 图片",
        OtherFormat::Heic => " HEIC 图片（苹果手机的格式）",
        OtherFormat::Raw => "相机的 RAW 文件",
        OtherFormat::Video => "视频",
        OtherFormat::Gif => " GIF 图片",
        OtherFormat::Jpeg2000 => " JPEG 2000 图片",
        OtherFormat::JpegXl => " JPEG XL 图片",
        OtherFormat::Tiff => " TIFF 图片或 RAW 文件",
        OtherFormat::Photoshop => " Photoshop 文件",
        OtherFormat::Pdf => " PDF 文件",
        OtherFormat::UnusualJpeg => "特殊的 JPEG 图片",
        OtherFormat::LayeredJpeg => "层数过多的 JPEG 图片",
    }
}

/// What is wrong with a brought picture, with its numbers: a sitter's "move closer" would not help.
pub fn fault(language: Language, finding: &Finding) -> String {
    let name = sentences::check_name(language, finding.check);
    let (measured, allowed) = (sentences::measured(language, finding), sentences::allowed(language, finding));
    match language {
        Chinese => format!("{name}：{measured}，要求 {allowed}"),
        English => format!("{name}: {measured}, required {allowed}"),
    }
}

/// "Picture 3", from 1.
pub fn picture_name(language: Language, number: usize) -> String {
    match language {
        Chinese => format!("照片 {number}"),
        English => format!("Picture {number}"),
    }
}

pub fn page(language: Language, page: usize, pages: usize) -> String {
    match language {
        Chinese => format!("第 {} 页，共 {pages} 页", page + 1),
        English => format!("Page {} of {pages}", page + 1),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_problem_has_words_of_its_own_and_says_what_to_do() {
        let errors = [
            PictureError::NotFound,
            PictureError::NotAFile,
            PictureError::Empty,
            PictureError::TooManyBytes,
            PictureError::TooManyPixels,
            PictureError::TooLong,
            PictureError::UnknownFormat,
            PictureError::Animated,
            PictureError::Damaged,
        ];
        let problems: Vec<_> = [
            ImportProblem::NoFace,
            ImportProblem::SeveralFaces,
            ImportProblem::NoStick,
            ImportProblem::NoPictures,
            ImportProblem::NoPage,
        ]
        .into_iter()
        .chain(errors.map(ImportProblem::Picture))
        .chain(OtherFormat::ALL.map(|format| ImportProblem::Picture(PictureError::NotSupported(format))))
        .collect();
        for language in [Chinese, English] {
            let mut said = BTreeSet::new();
            for cause in &problems {
                let (headline, detail) = problem(language, *cause);
                assert!(said.insert(headline.clone()), "{cause:?} says the same as another: {headline}");
                assert!(!detail.is_empty(), "{cause:?} does not say what to do");
            }
        }
    }
}
