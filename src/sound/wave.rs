//! The sounds, made of a few soft tones: a WAV file, 16 bits, one channel.

use std::f32::consts::TAU;

use super::Cue;
use crate::visit::Framing;

const RATE: u32 = 22_050;
const ATTACK_S: f32 = 0.008;

/// A tone, its length in seconds.
type Tone = (f32, f32);

fn tones(cue: Cue) -> &'static [Tone] {
    match cue {
        Cue::Done => &[(659.3, 0.11), (880.0, 0.22)],
        Cue::Problem => &[(311.1, 0.14), (233.1, 0.24)],
        Cue::Good | Cue::Hint(Framing::Good) => &[(784.0, 0.18)],
        Cue::Hint(_) => &[(523.3, 0.09)],
        Cue::Tick => &[(1046.5, 0.06)],
        Cue::Shutter => &[(1568.0, 0.03), (987.8, 0.05)],
        Cue::Attention => &[(587.3, 0.16), (587.3, 0.16), (784.0, 0.26)],
    }
}

/// At a volume of 0 to 100.
pub(super) fn wav(cue: Cue, volume: u8) -> Vec<u8> {
    let loudness = f32::from(volume.min(100)) / 100.0 * 0.5;
    let samples: Vec<i16> = tones(cue).iter().flat_map(|tone| tone_samples(*tone, loudness)).collect();
    let bytes = samples.len() as u32 * 2;
    let mut wav = Vec::with_capacity(44 + bytes as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + bytes).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    for field in [16_u32, 1 | 1 << 16, RATE, RATE * 2, 2 | 16 << 16] {
        wav.extend_from_slice(&field.to_le_bytes());
    }
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&bytes.to_le_bytes());
    samples.iter().for_each(|sample| wav.extend_from_slice(&sample.to_le_bytes()));
    wav
}

/// Rises quickly and dies away, so that nothing clicks.
fn tone_samples((hertz, seconds): Tone, loudness: f32) -> impl Iterator<Item = i16> {
    let count = (seconds * RATE as f32) as u32;
    (0..count).map(move |index| {
        let time = index as f32 / RATE as f32;
        let envelope = (time / ATTACK_S).min(1.0) * (1.0 - time / seconds).powi(2);
        let overtone = (TAU * hertz * 2.0 * time).sin() * 0.2;
        let wave = ((TAU * hertz * time).sin() + overtone) * envelope * loudness;
        (wave * f32::from(i16::MAX)) as i16
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sound_is_a_short_wav_that_neither_clips_nor_clicks() {
        for cue in [Cue::Done, Cue::Problem, Cue::Good, Cue::Tick, Cue::Shutter, Cue::Attention] {
            let wav = wav(cue, 100);
            assert_eq!((&wav[..4], &wav[8..16], &wav[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
            let samples: Vec<i16> =
                wav[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
            let seconds = samples.len() as f32 / RATE as f32;
            assert!((0.02..1.0).contains(&seconds), "{cue:?} is {seconds} s long");
            assert!(samples.iter().all(|sample| sample.unsigned_abs() < 25_000), "{cue:?} clips");
            assert!(
                samples[0].unsigned_abs() < 200 && samples[samples.len() - 1].unsigned_abs() < 200,
                "{cue:?} clicks"
            );
        }
        assert!(wav(Cue::Tick, 0)[44..].iter().all(|byte| *byte == 0));
    }
}
