//! Every text of the student's screens that has no number in it, in Chinese and English.
//!
//! [`Strings`] has one field a text, so a missing translation does not compile. A booth's settings may put others in
//! their place: [`Texts`].

mod chinese;
mod english;

pub use chinese::CHINESE;
pub use english::ENGLISH;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::visit::Language;

macro_rules! strings {
    ($($(#[$doc:meta])* $name:ident: $kind:ty,)*) => {
        /// The texts of one language.
        #[derive(Clone, Debug)]
        pub struct Strings {
            pub language: Language,
            $($(#[$doc])* pub $name: $kind,)*
        }

        /// Texts that take the place of the booth's own.
        #[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct Texts {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")]
            $name: Option<<$kind as Text>::Written>,)*
        }

        impl Texts {
            /// All of them, as the program has them.
            pub fn of(strings: &Strings) -> Self {
                Self { $($name: Some(strings.$name.written()),)* }
            }

            #[cfg(test)]
            fn widest() -> Self {
                Self { $($name: Some(Text::wider(&CHINESE.$name, &ENGLISH.$name).written()),)* }
            }

            /// Those that are too long to stand where the program's own stand, each with the columns it may have.
            pub fn unfit(&self) -> Vec<(&'static str, usize)> {
                let mut unfit = Vec::new();
                $(if let Some(written) = &self.$name {
                    let limits = [&CHINESE.$name, &ENGLISH.$name];
                    unfit.extend(<$kind as Text>::limit_broken(written, limits).map(|most| (stringify!($name), most)));
                })*
                unfit
            }
        }

        impl Strings {
            /// With the texts that `texts` has. They are kept as long as the program runs.
            pub fn with(&self, texts: &Texts) -> Self {
                Self {
                    language: self.language,
                    $($name: texts.$name.as_ref().map_or(self.$name, Text::kept),)*
                }
            }
        }
    };
}

strings! {
    // The top bar, on every screen.
    brand: &'static str,
    brand_note: &'static str,
    /// Names the other language, in that language.
    other_language: &'static str,
    leave: &'static str,
    /// 关联学籍 → 绑定微信号 → 照片拍摄 → 确认提交
    steps: [&'static str; 4],
    /// The step that comes after the visit in this version.
    step_later: &'static str,
    demo_ribbon: &'static str,

    still_there: &'static str,
    still_there_yes: &'static str,

    // Welcome
    welcome_headline: &'static str,
    welcome_note: &'static str,
    welcome_steps: [&'static str; 4],
    /// The second step where the booth has no link with WeChat.
    welcome_link_later: &'static str,
    start: &'static str,
    /// Below the code of the phone's mini-program.
    welcome_phone: &'static str,
    welcome_bring: &'static str,
    /// For staff, in a corner: the background plate is missing or fits no longer.
    welcome_plate: &'static str,

    // Scan
    scan_title: &'static str,
    scan_note: &'static str,
    scan_hints: [&'static str; 3],
    scan_no_code: &'static str,
    scan_no_code_where: &'static str,
    scan_aim: &'static str,
    scan_get_code: &'static str,
    scan_type: &'static str,
    scan_stick: &'static str,
    code_entry_title: &'static str,
    code_entry_note: &'static str,
    code_entry_label: &'static str,
    code_entry_back: &'static str,
    small_letters: &'static str,
    capital_letters: &'static str,
    camera_waking: &'static str,

    // Confirm
    confirm_title: &'static str,
    confirm_note: &'static str,
    school: &'static str,
    category: &'static str,
    level: &'static str,
    major: &'static str,
    name: &'static str,
    document: &'static str,
    not_me: &'static str,
    is_me: &'static str,

    // Agreement
    agreement_note: &'static str,
    disagree: &'static str,
    agree: &'static str,
    agreement_tick_both: &'static str,

    // Framing and countdown
    crown_line: &'static str,
    eyes_line: &'static str,
    chin_line: &'static str,
    shoot_now: &'static str,
    shoots_itself: &'static str,
    retake_title: &'static str,
    framing_tips: [&'static str; 3],
    countdown_title: &'static str,
    countdown_note: &'static str,

    // Developing, review, saving
    developing_title: &'static str,
    developing_note: &'static str,
    review_title: &'static str,
    review_note: &'static str,
    review_measured: &'static str,
    review_allowed: &'static str,
    /// Above what could be better about a photo that passes.
    review_advice: &'static str,
    portrait_name: &'static str,
    retake: &'static str,
    saving_title: &'static str,
    saving_note: &'static str,

    // Done
    done_title: &'static str,
    done_note: &'static str,
    order_number: &'static str,
    done_next_title: &'static str,
    done_next: [&'static str; 3],
    /// Before these, while the fee is not paid.
    done_unpaid: &'static str,
    done: &'static str,

    // Identity, link, tips, summary, payment, personal centre, help.
    help: &'static str,
    back: &'static str,
    staff_called: &'static str,
    student_number_title: &'static str,
    student_number_note: &'static str,
    student_number: &'static str,
    erase: &'static str,
    enter: &'static str,
    phone_title: &'static str,
    phone_note: &'static str,
    phone: &'static str,
    phone_malformed: &'static str,
    phone_unverified: &'static str,
    phone_verified_mark: &'static str,
    phone_unverified_mark: &'static str,
    sms_title: &'static str,
    sms_code: &'static str,
    sms_sending: &'static str,
    sms_checking: &'static str,
    sms_wrong: &'static str,
    sms_other_number: &'static str,
    sms_resend: &'static str,
    sms_skip: &'static str,
    contact_unverified: &'static str,
    link_title: &'static str,
    link_note: &'static str,
    link_valid: &'static str,
    link_offline: &'static str,
    link_continue: &'static str,
    link_making: &'static str,
    qr_name: &'static str,
    tips_title: &'static str,
    tips_note: &'static str,
    ready: &'static str,
    // A picture that the student brings.
    bring_stick: &'static str,
    bring_phone: &'static str,
    upload_title: &'static str,
    upload_note: &'static str,
    upload_network: &'static str,
    pictures_title: &'static str,
    pictures_note: &'static str,
    pictures_looking: &'static str,
    pictures_again: &'static str,
    pictures_unreadable: &'static str,
    page_before: &'static str,
    page_after: &'static str,
    picture_opening: &'static str,
    crop_title: &'static str,
    crop_note: &'static str,
    crop_name: &'static str,
    crop_larger: &'static str,
    crop_smaller: &'static str,
    crop_best: &'static str,
    crop_other: &'static str,
    crop_use: &'static str,
    crop_retake: &'static str,
    change_picture: &'static str,
    review_note_brought: &'static str,
    fact_source: &'static str,
    source_stick: &'static str,
    source_phone: &'static str,
    summary_title: &'static str,
    summary_note: &'static str,
    summary_photo: &'static str,
    fee: &'static str,
    submit: &'static str,
    before: &'static str,
    /// Below the portrait: hold it to see the picture as it was taken.
    compare: &'static str,
    use_photo: &'static str,
    payment_title: &'static str,
    payment_safe: &'static str,
    payment_scan: &'static str,
    payment_waiting: &'static str,
    payment_asking: &'static str,
    payment_unreachable: &'static str,
    payment_unreachable_note: &'static str,
    payment_staff: &'static str,
    payment_staff_note: &'static str,
    pay_later: &'static str,
    paid: &'static str,
    unpaid: &'static str,
    free: &'static str,
    centre_title: &'static str,
    centre_photo_gone: &'static str,
    taken_at: &'static str,
    waiting: &'static str,
    approved: &'static str,
    rejected: &'static str,
    not_taken: &'static str,
    payment_state: &'static str,
    resubmit: &'static str,
    /// While the fee is not paid, which the new photo's order has.
    resubmit_due: &'static str,
    pay_now: &'static str,
    waiting_note: &'static str,
    waiting_upload: &'static str,
    wechat: &'static str,
    wechat_linked: &'static str,
    withdraw: &'static str,
    withdraw_title: &'static str,
    withdraw_note: &'static str,
    withdraw_what: [&'static str; 3],
    withdraw_final: &'static str,
    withdraw_paid: &'static str,
    withdraw_keep: &'static str,
    withdraw_confirm: &'static str,
    withdrawn_title: &'static str,
    withdrawn_here: &'static str,
    withdrawn_everywhere: &'static str,
    centre_leave: &'static str,
    help_title: &'static str,
    help_note: &'static str,
    call_staff: &'static str,
    help_phone: &'static str,
    help_hours: &'static str,
    help_get_code: &'static str,
    help_tips: &'static str,
    get_code_title: &'static str,
    get_code_note: &'static str,
    ended_number_title: &'static str,
    ended_number_note: &'static str,
    ended_home: &'static str,
    /// Headline and line of each of the six tips.
    tips: [(&'static str, &'static str); 6],
    /// Questions and their answers.
    questions: [(&'static str, &'static str); 4],
    /// Where a collection code is found, and how, step by step.
    ways_to_code: [(&'static str, [&'static str; 3]); 3],

    /// The way into operator mode, for those who do not see the screen.
    staff_corner: &'static str,
    /// The button that asks for a PIN on the payment screen.
    payment_staff_confirm: &'static str,

    // Out of service
    out_of_service_title: &'static str,
    out_of_service_staff: &'static str,
}

impl Strings {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }
}

/// The texts of a booth in both languages.
#[derive(Clone, Debug)]
pub struct Words {
    chinese: Strings,
    english: Strings,
}

impl Words {
    /// Keeps the texts as long as the program runs.
    pub fn new(chinese: &Texts, english: &Texts) -> Self {
        Self { chinese: CHINESE.with(chinese), english: ENGLISH.with(english) }
    }

    pub fn of(&self, language: Language) -> &Strings {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }

    /// As wide as any that the settings may give: of each text the wider one, in both languages.
    #[cfg(test)]
    pub fn widest() -> Self {
        let widest = Texts::widest();
        Self::new(&widest, &widest)
    }
}

impl Default for Words {
    fn default() -> Self {
        Self { chinese: CHINESE, english: ENGLISH }
    }
}

/// One text, or some that belong together.
trait Text: Copy {
    /// As in the settings.
    type Written: Clone + DeserializeOwned + Serialize + JsonSchema;

    fn written(&self) -> Self::Written;
    fn kept(written: &Self::Written) -> Self;
    /// How many columns the first text that is too long may have: those of the longer one of the program's
    /// `own`, for which the screens are laid out.
    fn limit_broken(written: &Self::Written, own: [&Self; 2]) -> Option<usize>;
    #[cfg(test)]
    fn wider(one: &Self, other: &Self) -> Self;
}

impl Text for &'static str {
    type Written = String;

    fn written(&self) -> String {
        (*self).to_owned()
    }

    fn kept(written: &String) -> Self {
        Box::leak(written.as_str().into())
    }

    fn limit_broken(written: &String, own: [&Self; 2]) -> Option<usize> {
        let most = columns(own[0]).max(columns(own[1]));
        (columns(written) > most).then_some(most)
    }

    #[cfg(test)]
    fn wider(one: &Self, other: &Self) -> Self {
        if columns(one) < columns(other) { other } else { one }
    }
}

/// Two texts: a headline and its line, a question and its answer.
impl<A: Text, B: Text> Text for (A, B) {
    type Written = (A::Written, B::Written);

    fn written(&self) -> Self::Written {
        (self.0.written(), self.1.written())
    }

    fn kept(written: &Self::Written) -> Self {
        (A::kept(&written.0), B::kept(&written.1))
    }

    fn limit_broken(written: &Self::Written, own: [&Self; 2]) -> Option<usize> {
        A::limit_broken(&written.0, own.map(|own| &own.0))
            .or_else(|| B::limit_broken(&written.1, own.map(|own| &own.1)))
    }

    #[cfg(test)]
    fn wider(one: &Self, other: &Self) -> Self {
        (A::wider(&one.0, &other.0), B::wider(&one.1, &other.1))
    }
}

macro_rules! several {
    ($($count:literal)*) => {
        $(impl<T: Text> Text for [T; $count] {
            type Written = [T::Written; $count];

            fn written(&self) -> Self::Written {
                self.each_ref().map(T::written)
            }

            fn kept(written: &Self::Written) -> Self {
                written.each_ref().map(T::kept)
            }

            fn limit_broken(written: &Self::Written, own: [&Self; 2]) -> Option<usize> {
                written.iter().enumerate().find_map(|(at, written)| T::limit_broken(written, own.map(|own| &own[at])))
            }

            #[cfg(test)]
            fn wider(one: &Self, other: &Self) -> Self {
                std::array::from_fn(|at| T::wider(&one[at], &other[at]))
            }
        })*
    };
}

// Serde reads arrays length by length.
several!(3 4 6);

/// How wide a text is: a Chinese character takes two columns.
fn columns(text: &str) -> usize {
    text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum()
}
