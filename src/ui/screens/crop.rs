//! The frame over a brought picture: what is inside becomes the photo. The visit keeps it where the
//! standard allows it; here it is only pulled at.

use eframe::egui::{self, EventFilter, Rect, Role, Sense, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::{Stage, heading_ui, on};
use crate::photo::RetakeReason;
use crate::ui::layout::Cut;
use crate::ui::strings::imports;
use crate::ui::theme;
use crate::ui::widgets::{Button, Tone, drawing, focus_ring, lines_that_fit, notice_height, notice_ui, preview};
use crate::ui::{Intent, Picture};
use crate::visit::{Brought, Event, FrameMove};

/// Of one touch of "Larger", and of one arrow key, as a share of the frame.
const ZOOM: f32 = 1.05;
const STEP: f32 = 0.01;

pub fn crop_ui(ui: &mut Ui, stage: &Stage<'_>, brought: &Brought, retake: &[RetakeReason]) -> Option<Intent> {
    let Stage { theme, strings, .. } = stage;
    let mut area = theme.column(stage.area, 1720.0).shrink2(vec2(0.0, theme.pick(40.0, 48.0)));
    let (picture, mut panel) = if theme.upright {
        heading_ui(ui, theme, &mut area, strings.crop_title, strings.crop_note);
        area.cut_top(theme.px(28.0));
        let panel = area.cut_bottom(theme.px(380.0) + if retake.is_empty() { 0.0 } else { theme.px(240.0) });
        area.cut_bottom(theme.px(32.0));
        (area, panel)
    } else {
        let picture = area.cut_left(area.width() * 0.58);
        area.cut_left(theme.px(64.0));
        heading_ui(ui, theme, &mut area, strings.crop_title, strings.crop_note);
        area.cut_top(theme.px(28.0));
        (picture, area)
    };
    let pulled = frame_ui(ui, stage, picture, brought);

    let primary = panel.cut_bottom(theme.action_height());
    panel.cut_bottom(theme.px(24.0));
    let mut intent = on(Button::primary(strings.crop_use).show(ui, theme, primary), Event::Accept);
    let second = panel.cut_bottom(theme.touch_height());
    panel.cut_bottom(theme.px(20.0));
    let first = panel.cut_bottom(theme.touch_height());
    panel.cut_bottom(theme.px(24.0));
    let [larger, smaller] = first.columns([1.0; 2], theme.px(20.0));
    let [best, other] = second.columns([1.0; 2], theme.px(20.0));
    let mut way = |label, place, event| {
        let pressed = Button::quiet(label).show(ui, theme, place);
        if pressed && intent.is_none() {
            intent = on(true, event);
        }
    };
    way(strings.crop_larger, larger, Event::MoveFrame(FrameMove::Zoom(ZOOM)));
    way(strings.crop_smaller, smaller, Event::MoveFrame(FrameMove::Zoom(1.0 / ZOOM)));
    way(strings.crop_best, best, Event::MoveFrame(FrameMove::Best));
    way(strings.crop_other, other, Event::Back);
    if retake.is_empty() {
        result_ui(ui, stage, panel, brought);
    } else {
        retake_ui(ui, stage, panel, retake);
    }
    intent.or(pulled.map(|by| Intent::Visit(Event::MoveFrame(by))))
}

fn retake_ui(ui: &mut Ui, stage: &Stage<'_>, mut area: Rect, retake: &[RetakeReason]) {
    let Stage { theme, strings, .. } = stage;
    let lines = retake.iter().map(|reason| imports::fault(strings.language, reason)).collect();
    let lines = lines_that_fit(ui, theme, area.size(), strings.crop_retake, lines);
    let height = notice_height(ui, theme, area.width(), strings.crop_retake, &lines);
    notice_ui(ui, theme, area.cut_top(height), Tone::Warn, strings.crop_retake, &lines);
}

/// What is inside the frame, as it will be cut.
fn result_ui(ui: &Ui, stage: &Stage<'_>, area: Rect, brought: &Brought) {
    let theme = &stage.theme;
    let Some(picture) = stage.view.brought else { return };
    if area.height() < theme.px(200.0) {
        return;
    }
    let (width, height) = brought.import.placement.picture_px();
    let crop = brought.crop.rect;
    let place = area.fit(vec2(crop.width, crop.height));
    let part = Rect::from_min_size(
        pos2(crop.x / width as f32, crop.y / height as f32),
        vec2(crop.width / width as f32, crop.height / height as f32),
    );
    ui.painter().add(theme.shadow().as_shape(place, 0.0));
    ui.painter().image(picture.texture, place, part, theme::UNTINTED);
    ui.painter().rect_stroke(place, 0.0, theme.stroke(2.0, theme::LINE), StrokeKind::Outside);
}

/// The picture with the frame; what a finger, a wheel or the arrow keys want of it.
fn frame_ui(ui: &mut Ui, stage: &Stage<'_>, area: Rect, brought: &Brought) -> Option<FrameMove> {
    let Stage { theme, strings, .. } = stage;
    let (width, height) = brought.import.placement.picture_px();
    let size_px = vec2(width as f32, height as f32);
    let place = area.fit(size_px);
    // Window points per pixel of the picture.
    let scale = place.width() / size_px.x;
    ui.painter().rect_filled(place, 0.0, theme::DARK);
    if let Some(Picture { texture, .. }) = stage.view.brought {
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(texture, place, whole, theme::UNTINTED);
    }
    let crop = brought.crop.rect;
    let frame = Rect::from_min_size(place.min + vec2(crop.x, crop.y) * scale, vec2(crop.width, crop.height) * scale);
    let painter = ui.painter().with_clip_rect(area);
    preview::dim_around(&painter, place, frame.intersect(place));
    painter.rect_stroke(frame, 0.0, theme.stroke(4.0, theme::GUIDE_GOOD), StrokeKind::Middle);
    drawing::corners(&painter, frame, frame.width() * 0.14, theme.stroke(9.0, theme::GUIDE_GOOD));

    let id = ui.make_persistent_id("frame");
    let response = ui.interact(place, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, strings.crop_name));
    focus_ring(ui, theme, &response, 0.0);
    let zoom = ui.input(|input| input.zoom_delta() * (input.smooth_scroll_delta().y / 400.0).exp());
    if response.dragged() && response.drag_delta() != Vec2::ZERO {
        let by = response.drag_delta() / scale;
        return Some(FrameMove::Shift { x: by.x, y: by.y });
    }
    if response.hovered() && (zoom - 1.0).abs() > 0.001 {
        return Some(FrameMove::Zoom(zoom));
    }
    let by = arrow_keys(ui, &response)? * crop.width * STEP;
    Some(FrameMove::Shift { x: by.x, y: by.y })
}

/// The arrows move the frame while it has the focus, not the focus.
fn arrow_keys(ui: &Ui, response: &egui::Response) -> Option<Vec2> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let keys = [
        (egui::Key::ArrowLeft, vec2(-1.0, 0.0)),
        (egui::Key::ArrowRight, vec2(1.0, 0.0)),
        (egui::Key::ArrowUp, vec2(0.0, -1.0)),
        (egui::Key::ArrowDown, vec2(0.0, 1.0)),
    ];
    let by: Vec2 = ui.input(|input| {
        keys.iter().map(|(key, way)| *way * input.num_presses(*key) as f32).fold(Vec2::ZERO, |sum, by| sum + by)
    });
    (by != Vec2::ZERO).then_some(by)
}
