//! Plays sounds through `aplay` of alsa-utils, which every Linux desktop has or gets: the program itself
//! needs no sound library. Without it, or without a sound card, the booth is silent.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::speech::Voice;
use super::{Cue, wave};
use crate::visit::Language;

/// Largest file that is played, bytes: ten seconds of good sound.
const MOST_BYTES: u64 = 2 * 1024 * 1024;

pub struct Player {
    sounds: Option<SyncSender<Sound>>,
    folder: Option<PathBuf>,
}

struct Sound {
    cue: Cue,
    language: Language,
    /// Played instead.
    file: Option<PathBuf>,
}

impl Player {
    /// `volume` 0 is silence. Instructions are spoken if `speech`. `folder` may have files that are played instead,
    /// such as a better voice: `chin-up.zh-CN.wav`.
    pub fn new(volume: u8, speech: bool, folder: Option<&Path>) -> Self {
        let sounds = (volume > 0).then(|| sync_channel(2)).and_then(|(sender, receiver)| {
            let voice = Voice::new(volume, speech);
            let thread =
                thread::Builder::new().name("sound".to_owned()).spawn(move || play_all(&receiver, volume, voice));
            thread.inspect_err(|error| tracing::warn!(%error, "no sound")).ok().map(|_| sender)
        });
        Self { sounds, folder: folder.map(Path::to_owned) }
    }

    /// Starts a sound; one that still plays is cut short. Never waits.
    pub fn play(&self, cue: Cue, language: Language) {
        let Some(sounds) = &self.sounds else { return };
        // The next sound says more than one that comes late.
        let _ = sounds.try_send(Sound { cue, language, file: self.file(cue, language) });
    }

    fn file(&self, cue: Cue, language: Language) -> Option<PathBuf> {
        let language = match language {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        };
        let path = self.folder.as_ref()?.join(format!("{}.{language}.wav", cue.name()));
        fs::metadata(&path).is_ok_and(|about| about.is_file() && about.len() <= MOST_BYTES).then_some(path)
    }
}

fn play_all(sounds: &Receiver<Sound>, volume: u8, mut voice: Voice) {
    let mut playing: Option<Child> = None;
    while let Ok(Sound { cue, language, file }) = sounds.recv() {
        if let Some(mut old) = playing.take() {
            let _ = old.kill();
            let _ = old.wait();
        }
        let started = match file.and_then(|path| fs::read(path).ok()) {
            Some(bytes) => start(&bytes),
            None => match voice.wav(cue, language) {
                Some(spoken) => start(spoken),
                None => start(&wave::wav(cue, volume)),
            },
        };
        match started {
            Ok(child) => playing = Some(child),
            Err(error) => {
                tracing::info!(%error, "the booth is silent: aplay (alsa-utils) cannot be started");
                return;
            }
        }
    }
}

fn start(wav: &[u8]) -> std::io::Result<Child> {
    let mut aplay = Command::new("aplay");
    aplay.args(["-q", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = aplay.spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // Without a sound card it ends at once.
        let _ = input.write_all(wav);
    }
    Ok(child)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::Framing;

    #[test]
    fn a_file_of_the_folder_is_played_instead_in_its_language() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("chin-up.en.wav"), b"RIFF").unwrap();
        let player = Player { sounds: None, folder: Some(folder.path().to_owned()) };
        let hint = Cue::Hint(Framing::ChinUp);
        assert_eq!(player.file(hint, Language::English), Some(folder.path().join("chin-up.en.wav")));
        assert_eq!(player.file(hint, Language::Chinese), None);
        assert_eq!(player.file(Cue::Tick, Language::English), None);
    }
}
