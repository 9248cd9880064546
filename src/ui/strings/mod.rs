//! Every word on a student's screen, in Chinese and English.
//!
//! [`Strings`] has one field a text, so a missing translation does not compile. Sentences with
//! numbers or reasons are in [`sentences`]. Words never come from an error's `Display`.

pub mod camera;
mod chinese;
mod english;
pub mod sentences;

pub use chinese::CHINESE;
pub use english::ENGLISH;

use crate::visit::Language;

#[derive(Debug)]
pub struct Strings {
    pub language: Language,

    // The top bar, on every screen.
    pub brand: &'static str,
    pub brand_note: &'static str,
    /// Names the other language, in that language.
    pub other_language: &'static str,
    pub leave: &'static str,
    /// 关联学籍 → 绑定微信号 → 照片拍摄 → 确认提交
    pub steps: [&'static str; 4],
    /// The step that comes after the visit in this version.
    pub step_later: &'static str,
    pub demo_ribbon: &'static str,

    pub still_there: &'static str,
    pub still_there_yes: &'static str,

    // Welcome
    pub welcome_headline: &'static str,
    pub welcome_note: &'static str,
    pub welcome_steps: [&'static str; 4],
    pub start: &'static str,
    pub welcome_bring: &'static str,
    /// For staff, in a corner: the background plate is missing or fits no longer.
    pub welcome_plate: &'static str,

    // Scan
    pub scan_title: &'static str,
    pub scan_note: &'static str,
    pub scan_hints: [&'static str; 3],
    pub scan_no_code: &'static str,
    pub scan_no_code_where: &'static str,
    pub scan_aim: &'static str,
    pub camera_waking: &'static str,

    // Confirm
    pub confirm_title: &'static str,
    pub confirm_note: &'static str,
    pub school: &'static str,
    pub category: &'static str,
    pub level: &'static str,
    pub major: &'static str,
    pub name: &'static str,
    pub document: &'static str,
    pub not_me: &'static str,
    pub is_me: &'static str,

    // Agreement
    pub agreement_note: &'static str,
    pub disagree: &'static str,
    pub agree: &'static str,
    pub agreement_tick_both: &'static str,

    // Framing and countdown
    pub crown_line: &'static str,
    pub eyes_line: &'static str,
    pub chin_line: &'static str,
    pub shoot_now: &'static str,
    pub shoots_itself: &'static str,
    pub retake_title: &'static str,
    pub framing_tips: [&'static str; 3],
    pub countdown_title: &'static str,
    pub countdown_note: &'static str,

    // Developing, review, saving
    pub developing_title: &'static str,
    pub developing_note: &'static str,
    pub review_title: &'static str,
    pub review_note: &'static str,
    pub review_measured: &'static str,
    pub review_allowed: &'static str,
    /// Above what could be better about a photo that passes.
    pub review_advice: &'static str,
    pub portrait_name: &'static str,
    pub retake: &'static str,
    pub accept: &'static str,
    pub saving_title: &'static str,
    pub saving_note: &'static str,

    // Done
    pub done_title: &'static str,
    pub done_note: &'static str,
    pub order_number: &'static str,
    pub done_next_title: &'static str,
    pub done_next: [&'static str; 3],
    pub done: &'static str,

    // Out of service
    pub out_of_service_title: &'static str,
    pub out_of_service_staff: &'static str,
}

impl Strings {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }
}
