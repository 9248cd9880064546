//! The English texts.

use super::Strings;
use crate::visit::Language;

pub const ENGLISH: Strings = Strings {
    language: Language::English,

    brand: "速证照",
    brand_note: "Graduation photo booth",
    other_language: "中文",
    leave: "Exit",
    steps: ["Find your record", "Link WeChat", "Take the photo", "Submit"],
    step_later: "Link WeChat (later)",
    demo_ribbon: "Demo: camera and student records are simulated. Photos are not used for registration.",

    still_there: "Are you still there?",
    still_there_yes: "Continue",

    welcome_headline: "Your graduation photo in four easy steps",
    welcome_note: "Take it here, get a clean background and an instant check. Retake it as often as you like.",
    welcome_steps: [
        "Show your code, check your record",
        "Afterwards, on your phone",
        "Sit as shown; it shoots by itself",
        "Look at the photo and submit it",
    ],
    start: "Start",
    welcome_bring: "First open your image collection code: CHSI WeChat account, CHSI app, or My CHSI",
    welcome_plate: "Staff: take a new background plate, see OPERATING.md. The booth works as usual",

    scan_title: "Show your collection code",
    scan_note: "Hold the code on your phone up to the camera. It is read by itself.",
    scan_hints: [
        "Turn the screen brightness all the way up",
        "Hold the phone 10–20 cm away",
        "Keep the whole code in the frame",
    ],
    scan_no_code: "No code yet?",
    scan_no_code_where: "Sign in to the CHSI WeChat account, the CHSI app or My CHSI on your phone and choose your enrolment.",
    scan_aim: "Place the code inside the frame",
    camera_waking: "Starting the camera…",

    confirm_title: "Is this your record?",
    confirm_note: "Parts of your name and document number are hidden. What is left is for you to check.",
    school: "School",
    category: "Education type",
    level: "Level",
    major: "Major",
    name: "Name",
    document: "Document no. (last 4)",
    not_me: "This is not me",
    is_me: "Yes, continue",

    agreement_note: "Scroll to read the whole text",
    disagree: "Decline and leave",
    agree: "Next",
    agreement_tick_both: "Tick both boxes to go on",

    crown_line: "Top of head",
    eyes_line: "Eyes",
    chin_line: "Chin",
    shoot_now: "Take photo now",
    shoots_itself: "Shoots by itself when all is right",
    retake_title: "The last photo did not pass",
    framing_tips: [
        "No hat; brows and ears visible",
        "Lips closed, eyes on the camera",
        "Sit straight, shoulders level",
    ],
    countdown_title: "Look at the camera and hold still",
    countdown_note: "Taking your photo",

    developing_title: "Making your photo",
    developing_note: "Checking its measures and changing the background. Please stay seated for a few seconds.",
    review_title: "Your photo passes",
    review_note: "Is it sharp, and do you like it? Submit it, or take another one.",
    review_measured: "Yours",
    review_allowed: "Required",
    review_advice: "Could be better; you may still submit it",
    portrait_name: "Your photo",
    retake: "Retake",
    accept: "Confirm and submit",
    saving_title: "Saving your photo",
    saving_note: "One moment. Please do not leave yet.",

    done_title: "Photo submitted",
    done_note: "Your photo is safely stored. You may leave now.",
    order_number: "Order number",
    done_next_title: "What happens next",
    done_next: [
        "The booth uploads your photo when it is online. You need not wait.",
        "Open the 速证照 mini-program and link your WeChat account.",
        "See the result in its personal centre. If the photo is rejected, submit a new one free of charge.",
    ],
    done: "Done",

    out_of_service_title: "Out of service",
    out_of_service_staff: "Please ask the staff for help, or use another booth",
};
