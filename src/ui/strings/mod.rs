//! Every word on a student's screen, in Chinese and English.
//!
//! [`Strings`] has one field a text, so a missing translation does not compile. Sentences with
//! numbers or reasons are in [`sentences`]. Words never come from an error's `Display`.

pub mod camera;
mod checks;
mod chinese;
mod codes;
mod details;
mod english;
pub mod imports;
pub mod operator;
pub mod sentences;
pub mod settings;

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
    /// The second step where the booth has no link with WeChat.
    pub welcome_link_later: &'static str,
    pub start: &'static str,
    /// Below the code of the phone's mini-program.
    pub welcome_phone: &'static str,
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
    pub scan_get_code: &'static str,
    pub scan_type: &'static str,
    pub scan_stick: &'static str,
    pub code_entry_title: &'static str,
    pub code_entry_note: &'static str,
    pub code_entry_label: &'static str,
    pub code_entry_back: &'static str,
    pub small_letters: &'static str,
    pub capital_letters: &'static str,
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
    pub saving_title: &'static str,
    pub saving_note: &'static str,

    // Done
    pub done_title: &'static str,
    pub done_note: &'static str,
    pub order_number: &'static str,
    pub done_next_title: &'static str,
    pub done_next: [&'static str; 3],
    pub done: &'static str,

    // Identity, link, tips, summary, payment, personal centre, help.
    pub help: &'static str,
    pub back: &'static str,
    pub staff_called: &'static str,
    pub student_number_title: &'static str,
    pub student_number_note: &'static str,
    pub student_number: &'static str,
    pub erase: &'static str,
    pub enter: &'static str,
    pub phone_title: &'static str,
    pub phone_note: &'static str,
    pub phone: &'static str,
    pub phone_malformed: &'static str,
    pub phone_unverified: &'static str,
    pub phone_verified_mark: &'static str,
    pub phone_unverified_mark: &'static str,
    pub sms_title: &'static str,
    pub sms_code: &'static str,
    pub sms_sending: &'static str,
    pub sms_checking: &'static str,
    pub sms_wrong: &'static str,
    pub sms_other_number: &'static str,
    pub sms_resend: &'static str,
    pub sms_skip: &'static str,
    pub contact_unverified: &'static str,
    pub link_title: &'static str,
    pub link_note: &'static str,
    pub link_valid: &'static str,
    pub link_offline: &'static str,
    pub link_continue: &'static str,
    pub link_making: &'static str,
    pub qr_name: &'static str,
    pub tips_title: &'static str,
    pub tips_note: &'static str,
    pub ready: &'static str,
    // A picture that the student brings.
    pub bring_stick: &'static str,
    pub bring_phone: &'static str,
    pub upload_title: &'static str,
    pub upload_note: &'static str,
    pub upload_network: &'static str,
    pub pictures_title: &'static str,
    pub pictures_note: &'static str,
    pub pictures_looking: &'static str,
    pub pictures_again: &'static str,
    pub pictures_unreadable: &'static str,
    pub page_before: &'static str,
    pub page_after: &'static str,
    pub picture_opening: &'static str,
    pub crop_title: &'static str,
    pub crop_note: &'static str,
    pub crop_name: &'static str,
    pub crop_larger: &'static str,
    pub crop_smaller: &'static str,
    pub crop_best: &'static str,
    pub crop_other: &'static str,
    pub crop_use: &'static str,
    pub crop_retake: &'static str,
    pub change_picture: &'static str,
    pub review_note_brought: &'static str,
    pub fact_source: &'static str,
    pub source_stick: &'static str,
    pub source_phone: &'static str,
    pub summary_title: &'static str,
    pub summary_note: &'static str,
    pub summary_photo: &'static str,
    pub fee: &'static str,
    pub submit: &'static str,
    pub before: &'static str,
    /// Below the portrait: hold it to see the picture as it was taken.
    pub compare: &'static str,
    pub use_photo: &'static str,
    pub payment_title: &'static str,
    pub payment_safe: &'static str,
    pub payment_scan: &'static str,
    pub payment_waiting: &'static str,
    pub payment_asking: &'static str,
    pub payment_unreachable: &'static str,
    pub payment_unreachable_note: &'static str,
    pub payment_staff: &'static str,
    pub payment_staff_note: &'static str,
    pub pay_later: &'static str,
    pub paid: &'static str,
    pub unpaid: &'static str,
    pub free: &'static str,
    pub centre_title: &'static str,
    pub centre_photo_gone: &'static str,
    pub taken_at: &'static str,
    pub waiting: &'static str,
    pub approved: &'static str,
    pub rejected: &'static str,
    pub payment_state: &'static str,
    pub resubmit: &'static str,
    pub pay_now: &'static str,
    pub waiting_note: &'static str,
    pub waiting_upload: &'static str,
    pub wechat: &'static str,
    pub wechat_linked: &'static str,
    pub withdraw: &'static str,
    pub withdraw_title: &'static str,
    pub withdraw_note: &'static str,
    pub withdraw_what: [&'static str; 3],
    pub withdraw_final: &'static str,
    pub withdraw_paid: &'static str,
    pub withdraw_keep: &'static str,
    pub withdraw_confirm: &'static str,
    pub withdrawn_title: &'static str,
    pub withdrawn_here: &'static str,
    pub withdrawn_everywhere: &'static str,
    pub centre_leave: &'static str,
    pub help_title: &'static str,
    pub help_note: &'static str,
    pub call_staff: &'static str,
    pub help_phone: &'static str,
    pub help_hours: &'static str,
    pub help_get_code: &'static str,
    pub help_tips: &'static str,
    pub get_code_title: &'static str,
    pub get_code_note: &'static str,
    pub ended_number_title: &'static str,
    pub ended_number_note: &'static str,
    pub ended_home: &'static str,
    /// Headline and line of each of the six tips.
    pub tips: [(&'static str, &'static str); 6],
    /// Questions and their answers.
    pub questions: [(&'static str, &'static str); 4],
    /// Where a collection code is found, and how, step by step.
    pub ways_to_code: [(&'static str, [&'static str; 3]); 3],

    /// The way into operator mode, for those who do not see the screen.
    pub staff_corner: &'static str,
    /// The button that asks for a PIN on the payment screen.
    pub payment_staff_confirm: &'static str,

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
