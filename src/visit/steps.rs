//! Which steps this booth's visits have, from the config.

use super::NumberForm;

/// What a visit asks for besides code, consent and photo. Each may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Whether a code may come from a picture on a USB stick.
    pub usb_stick: bool,
    /// Asked of students whose number the roster or the code knows.
    pub student_number: Option<NumberForm>,
    pub phone: PhoneStep,
    /// Whether the photo is linked with WeChat by a code on the screen.
    pub wechat: bool,
    pub tips: bool,
    pub imports: Imports,
    /// RGB of the backgrounds that the student may choose from; none where there is no choice.
    pub backgrounds: Vec<[u8; 3]>,
    pub payment: Payment,
}

/// Where a photo comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureSource {
    #[default]
    Camera,
    /// A picture file on a USB stick.
    Stick,
    /// Sent from a phone to the booth's own page.
    Phone,
}

/// Whether a student may bring a picture. The choice is on the page with the tips.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imports {
    pub stick: bool,
    pub phone: bool,
}

impl Imports {
    pub fn allow(self, source: PictureSource) -> bool {
        match source {
            PictureSource::Camera => true,
            PictureSource::Stick => self.stick,
            PictureSource::Phone => self.phone,
        }
    }

    pub fn any(self) -> bool {
        self.stick || self.phone
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhoneStep {
    #[default]
    Off,
    /// The form is checked, nothing is sent.
    Unverified,
    /// An SMS code, or unverified when the central server cannot be reached.
    Sms,
}

/// Who pays what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    pub mode: PaymentMode,
    /// In 分, hundredths of a yuan.
    pub fee_fen: u32,
}

impl Payment {
    /// What students are asked for: nothing where the school pays, whatever fee is written down.
    pub fn asked(self) -> Self {
        if self.mode == PaymentMode::None { Self::default() } else { self }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMode {
    /// The school pays.
    #[default]
    None,
    /// By a QR code of the central server, at the booth.
    Online,
    /// Later, from the personal centre or in person.
    Deferred,
    /// At the booth, confirmed by staff.
    Staff,
}
