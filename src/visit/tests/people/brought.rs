//! Students who bring a picture instead of being photographed.

use super::*;
use crate::photo::decode::PictureError;
use crate::photo::import::ImportProblem;

impl Booth {
    /// Plugs in a stick with so many pictures, which all open.
    fn bring_stick(mut self, pictures: usize) -> Self {
        self = self.send(Event::Bring(PictureSource::Stick));
        let State::Pictures { ask, .. } = *self.state() else { panic!("{:?}", self.state()) };
        self = self.send(Event::PicturesFound { ask, count: Some(pictures) });
        for index in 0..pictures.min(Album::PAGE) {
            self = self.send(thumbnail(ask, index));
        }
        self
    }

    fn choose(self, place: usize, outcome: Result<Arc<Import>, ImportProblem>) -> Self {
        let chosen = self.send(Event::ChoosePicture(place));
        let State::Pictures { ask, .. } = *chosen.state() else { panic!("{:?}", chosen.state()) };
        chosen.send(Event::PictureOpened { ask, outcome })
    }

    /// "Use this part", which the booth then develops.
    fn use_part(self, outcome: Outcome) -> Self {
        let used = self.send(Event::Accept);
        let State::Developing { capture, .. } = *used.state() else { panic!("{:?}", used.state()) };
        used.send(Event::Developed { capture, outcome })
    }
}

#[test]
fn ada_brings_a_picture_on_a_stick() {
    let done = ada_reads_the_tips()
        .bring_stick(3)
        .choose(1, Ok(import()))
        .at("Crop")
        .send(Event::MoveFrame(FrameMove::Zoom(1.1)))
        .use_part(Outcome::Portrait(portrait()))
        .at("Review")
        .accept()
        .submit()
        .payment(PaymentSeen::Paid)
        .at("Done")
        .saved(1);
    assert_eq!(done.walk.sources, [PictureSource::Stick], "the record says that she brought it");
    assert_eq!(done.walk.browse, Browse::Nothing, "the stick is let go");
}

#[test]
fn ada_sends_a_picture_from_her_phone() {
    let sending = ada_reads_the_tips().send(Event::Bring(PictureSource::Phone)).at("Upload");
    let State::Upload { ask, .. } = *sending.state() else { unreachable!() };
    let sent = sending
        .send(Event::UploadOpened { ask, url: "http://192.168.4.1/x".to_owned() })
        .send(Event::PictureOpened { ask, outcome: Err(ImportProblem::NoFace) })
        .at("Upload")
        .send(Event::PictureOpened { ask, outcome: Ok(import()) })
        .at("Crop");
    assert_eq!(sent.walk.browse, Browse::Nothing, "the page is closed");
    let done = sent.use_part(Outcome::Portrait(portrait())).accept().submit().saved(1);
    assert_eq!(done.walk.sources, [PictureSource::Phone]);
}

#[test]
fn a_picture_that_is_of_no_use_says_so_and_another_one_is_chosen() {
    let mut at_stick = ada_reads_the_tips().bring_stick(2);
    for problem in [
        ImportProblem::NoFace,
        ImportProblem::SeveralFaces,
        ImportProblem::Picture(PictureError::Damaged),
        ImportProblem::Picture(PictureError::NotFound),
    ] {
        at_stick = at_stick.choose(0, Err(problem)).at("Pictures");
        let State::Pictures { album, .. } = at_stick.state() else { unreachable!() };
        assert_eq!(album.problem, Some(problem));
    }
    at_stick.choose(1, Ok(import())).at("Crop").saved(0);
}

#[test]
fn a_picture_that_fails_the_checks_is_framed_again_or_changed() {
    let framed = ada_reads_the_tips().bring_stick(1).choose(0, Ok(import())).use_part(Outcome::Retake(Vec::new()));
    let live = framed.at("Crop").send(Event::Back).at("Pictures").send(Event::Back).at("Tips").read_tips();
    let done = live.take_photo().accept().submit().saved(1);
    assert_eq!(done.walk.sources, [PictureSource::Camera]);
}

#[test]
fn who_leaves_the_stick_alone_takes_its_pictures_along() {
    let left = ada_reads_the_tips().bring_stick(1).wait(61).at("Welcome");
    assert_eq!(left.walk.browse, Browse::Nothing);
    let away = ada_reads_the_tips().bring_stick(1).choose(0, Ok(import())).wait(61).at("Welcome");
    assert_eq!(away.walk.browse, Browse::Nothing);
}

#[test]
fn a_stick_without_pictures_and_no_stick_are_told_apart() {
    let mut looking = ada_reads_the_tips().send(Event::Bring(PictureSource::Stick));
    for (count, problem) in [(None, ImportProblem::NoStick), (Some(0), ImportProblem::NoPictures)] {
        let State::Pictures { ask, .. } = *looking.state() else { panic!("{:?}", looking.state()) };
        looking = looking.send(Event::PicturesFound { ask, count });
        assert!(matches!(looking.state(), State::Pictures { album, .. } if album.problem == Some(problem)));
        looking = looking.send(Event::ReadStick);
    }
}

#[test]
fn where_pictures_may_not_be_brought_there_is_no_such_choice() {
    let mut tips = ada_reads_the_tips();
    tips.walk.visit.steps.imports = Imports::default();
    tips.send(Event::Bring(PictureSource::Stick)).at("Tips").send(Event::Bring(PictureSource::Phone)).at("Tips");
}
