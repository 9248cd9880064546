//! Every word of operator mode, in Chinese and English; sentences with numbers in [`sentences`] and
//! [`lights`].

pub mod cameras;
mod chinese;
mod english;
pub mod lights;
pub mod rosters;
pub mod sentences;
pub mod sticks;
pub mod updates;

use crate::visit::Language;

#[derive(Debug)]
pub struct OperatorStrings {
    pub language: Language,
    pub staff: &'static str,
    pub supervisor: &'static str,
    pub back: &'static str,
    pub wait: &'static str,
    /// The database cannot be read or written.
    pub failed: &'static str,

    pub pin_title: &'static str,
    pub pin_note: &'static str,
    pub pin_payment_title: &'static str,
    pub pin_payment_note: &'static str,
    pub pin: &'static str,
    pub pin_checking: &'static str,
    pub pin_none: &'static str,
    pub pin_broken: &'static str,
    pub pin_demo: &'static str,

    pub board_title: &'static str,
    pub board_hint: &'static str,
    pub board_waiting: &'static str,
    /// What a light says besides its colour.
    pub light_green: &'static str,
    pub light_amber: &'static str,
    pub light_red: &'static str,
    pub what_to_do: &'static str,

    pub queue_title: &'static str,
    pub queue_empty: &'static str,
    pub queue_not_found: &'static str,
    pub search: &'static str,
    pub search_title: &'static str,
    pub search_note: &'static str,
    pub search_label: &'static str,
    pub newer: &'static str,
    pub older: &'static str,

    pub record_title: &'static str,
    pub record_hidden: &'static str,
    pub record_hidden_staff: &'static str,
    pub record_erased: &'static str,
    pub record_state: &'static str,
    pub record_refusal: &'static str,
    /// The order of a photo that another one has taken the place of.
    pub record_replaced: &'static str,
    /// Instead, while it waits.
    pub record_attempt: &'static str,
    pub record_no_checks: &'static str,
    pub record_review: &'static str,
    pub record_picture: &'static str,
    pub record_proof: &'static str,
    pub record_sound: &'static str,
    pub record_unsound: &'static str,
    pub reveal: &'static str,
    pub retry: &'static str,
    pub take_along: &'static str,
    pub confirm_payment: &'static str,
    pub payment_sure: &'static str,

    pub pause_title: &'static str,
    pub pause_note: &'static str,
    pub paused_now: &'static str,
    pub resume: &'static str,
    /// On the students' screen.
    pub paused: &'static str,

    pub stick_title: &'static str,
    pub stick_note: &'static str,
    pub stick_none: &'static str,
    pub stick_again: &'static str,
    pub stick_looking: &'static str,
    pub export: &'static str,
    pub export_here: &'static str,
    pub import: &'static str,

    pub roster_title: &'static str,
    pub roster_note: &'static str,
    pub roster_looking: &'static str,
    pub roster_none: &'static str,
    pub roster_another: &'static str,
    pub roster_rows: &'static str,
    pub roster_added: &'static str,
    pub roster_known: &'static str,
    pub roster_repeated: &'static str,
    pub roster_bad: &'static str,
    pub roster_fields: &'static str,
    pub roster_json: &'static str,
    pub roster_columns_note: &'static str,
    pub roster_no_column: &'static str,
    pub roster_same: &'static str,
    pub roster_same_note: &'static str,
    pub roster_same_none: &'static str,
    pub roster_stop: &'static str,
    pub roster_problems: &'static str,
    pub roster_problems_note: &'static str,
    /// Only so many are listed.
    pub roster_problems_first: &'static str,
    pub roster_import: &'static str,
    pub roster_import_rest: &'static str,
    pub roster_sure: &'static str,
    pub roster_sure_note: &'static str,
    pub page_before: &'static str,
    pub page_after: &'static str,

    pub plate_title: &'static str,
    pub plate_note: &'static str,
    pub plate_steps: [&'static str; 3],
    pub plate_take: &'static str,
    pub plate_taking: &'static str,
    pub plate_again: &'static str,
    pub plate_keep: &'static str,
    pub plate_kept: &'static str,
    pub plate_kept_next: &'static str,
    pub plate_good: &'static str,
    pub plate_poor: &'static str,
    pub plate_picture: &'static str,
    pub plate_brightness: &'static str,
    pub plate_evenness: &'static str,
    pub plate_clutter: &'static str,
    pub plate_burnt_out: &'static str,

    pub camera_title: &'static str,
    pub camera_config: &'static str,
    pub camera_chosen: &'static str,
    pub camera_forget: &'static str,
    pub camera_failed: &'static str,
    pub camera_asking: &'static str,
    pub camera_none: &'static str,
    pub camera_mode: &'static str,
    pub camera_not_offered: &'static str,
    pub camera_histogram: &'static str,
    pub camera_hint: &'static str,

    pub day_title: &'static str,
    pub day_before: &'static str,
    pub day_after: &'static str,
    /// Under lines that are not all of them.
    pub day_more: &'static str,

    pub log_title: &'static str,
    pub log_note: &'static str,
    pub log_empty: &'static str,

    pub purge_title: &'static str,
    pub purge_note: &'static str,
    pub purge_erase: &'static str,
    pub purge_sure: &'static str,
    pub purge_erasing: &'static str,
    pub purge_nothing: &'static str,
    pub purge_days: &'static str,
    pub purge_now: &'static str,
    pub purge_without_receipt: &'static str,
    pub purge_all: &'static str,

    pub update_title: &'static str,
    pub update_install: &'static str,
    pub update_sure: &'static str,
    pub update_none: &'static str,

    pub audit_title: &'static str,
    pub audit_sound: &'static str,
    pub audit_unsound: &'static str,

    pub pins_title: &'static str,
    pub pins_note: &'static str,
    pub new_pin_title: &'static str,
    pub new_pin_again: &'static str,
    pub new_pin_note: &'static str,
}

impl OperatorStrings {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &chinese::CHINESE,
            Language::English => &english::ENGLISH,
        }
    }
}
