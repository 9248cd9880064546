//! The instructions over the live picture as spoken words, by `espeak-ng` where it is installed.

use std::collections::HashMap;
use std::process::{Command, Stdio};

use super::Cue;
use crate::ui::strings::sentences;
use crate::visit::{Framing, Language};

/// Words a minute: calm, and said before the next instruction.
const PACE: &str = "170";

/// What is said. Mandarin is in pinyin, since the program knows few characters and spells out the rest in English.
fn words(cue: Cue, language: Language) -> Option<&'static str> {
    let framing = match cue {
        Cue::Hint(framing) => framing,
        Cue::Good => Framing::Good,
        _ => return None,
    };
    let pinyin = match framing {
        Framing::NoFace => "qing3 zuo4 dao4 jing4 tou2 qian2",
        Framing::SeveralFaces => "yi2 ci4 zhi3 pai1 yi2 wei4",
        Framing::TooFar => "qing3 kao4 jin4 yi4 dian3",
        Framing::TooNear => "qing3 hou4 tui4 yi4 dian3",
        Framing::MoveLeft => "qing3 xiang4 zuo3 yi2 yi4 dian3",
        Framing::MoveRight => "qing3 xiang4 you4 yi2 yi4 dian3",
        Framing::TooHigh => "qing3 zuo4 di1 yi4 dian3",
        Framing::TooLow => "qing3 zuo4 gao1 yi4 dian3",
        Framing::HeadTilted => "qing3 ba3 tou2 bai3 zheng4",
        Framing::TurnLeft => "qing3 ba3 lian3 xiang4 zuo3 zhuan3 yi4 dian3",
        Framing::TurnRight => "qing3 ba3 lian3 xiang4 you4 zhuan3 yi4 dian3",
        Framing::ChinUp => "qing3 tai2 yi4 dian3 xia4 ba5",
        Framing::ChinDown => "qing3 shou1 yi4 dian3 xia4 ba5",
        Framing::HairOverEars => "qing3 ba3 tou2 fa5 bie2 dao4 er3 hou4",
        Framing::Good => "hen2 hao3, qing3 bao3 chi2 bu2 dong4",
    };
    Some(match language {
        Language::Chinese => pinyin,
        Language::English => sentences::framing(language, framing).headline,
    })
}

/// Makes each of them once.
pub(super) struct Voice {
    volume: u8,
    spoken: HashMap<(Cue, Language), Vec<u8>>,
    is_there: bool,
}

impl Voice {
    /// `is_wanted` false, or no `espeak-ng`: nothing is said.
    pub fn new(volume: u8, is_wanted: bool) -> Self {
        Self { volume, spoken: HashMap::new(), is_there: is_wanted }
    }

    /// A WAV file; None for what is a sound only.
    pub fn wav(&mut self, cue: Cue, language: Language) -> Option<&[u8]> {
        let words = words(cue, language)?;
        if !self.is_there {
            return None;
        }
        if !self.spoken.contains_key(&(cue, language)) {
            match speak(words, language, self.volume) {
                Ok(wav) => {
                    self.spoken.insert((cue, language), wav);
                }
                Err(error) => {
                    tracing::info!(%error, "instructions are not spoken: espeak-ng cannot be used");
                    self.is_there = false;
                }
            }
        }
        self.spoken.get(&(cue, language)).map(Vec::as_slice)
    }
}

fn speak(words: &str, language: Language, volume: u8) -> std::io::Result<Vec<u8>> {
    let voice = match language {
        Language::Chinese => "cmn-latn-pinyin",
        Language::English => "en",
    };
    // Its own 100 is as loud as it gets without clipping.
    let loudness = volume.min(100).to_string();
    let mut espeak = Command::new("espeak-ng");
    espeak.args(["-v", voice, "-s", PACE, "-a", &loudness, "--stdout", words]);
    let output = espeak.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    if !output.status.success() || !output.stdout.starts_with(b"RIFF") {
        return Err(std::io::Error::other("it makes no sound of the words"));
    }
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_what_the_screen_says() {
        for framing in Framing::ALL {
            let english = sentences::framing(Language::English, framing).headline;
            assert_eq!(words(Cue::Hint(framing), Language::English), Some(english));
            let chinese = sentences::framing(Language::Chinese, framing).headline;
            let characters = chinese.chars().filter(|character| *character != '，').count();
            let pinyin = words(Cue::Hint(framing), Language::Chinese).unwrap();
            let syllables: Vec<_> = pinyin.split([' ', ',']).filter(|syllable| !syllable.is_empty()).collect();
            assert_eq!(syllables.len(), characters, "{chinese}: {pinyin}");
            assert!(syllables.iter().all(|syllable| syllable.ends_with(['1', '2', '3', '4', '5'])), "{pinyin}");
        }
        assert_eq!(words(Cue::Tick, Language::Chinese), None);
    }

    #[test]
    fn every_instruction_is_spoken_within_three_seconds() {
        if Command::new("espeak-ng").arg("--version").output().is_err() {
            println!("skipped: espeak-ng is not installed");
            return;
        }
        let mut voice = Voice::new(60, true);
        for framing in Framing::ALL {
            for language in [Language::Chinese, Language::English] {
                let wav = voice.wav(Cue::Hint(framing), language).unwrap();
                let rate = u32::from_le_bytes(wav[24..28].try_into().unwrap());
                let seconds = (wav.len() - 44) as f32 / 2.0 / rate as f32;
                assert!((0.4..3.0).contains(&seconds), "{framing:?} takes {seconds} s");
                let samples = wav[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
                let loudest = samples.map(i16::unsigned_abs).max().unwrap();
                assert!((2_000..32_700).contains(&loudest), "{framing:?}: {loudest}");
            }
        }
    }

    #[test]
    fn a_muted_voice_says_nothing() {
        assert_eq!(Voice::new(60, false).wav(Cue::Good, Language::Chinese), None);
    }
}
