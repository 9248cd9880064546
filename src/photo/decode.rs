use image::RgbImage;
use std::path::Path;
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PictureError(String);
pub fn open_picture(path: &Path) -> Result<RgbImage, PictureError> {
    image::open(path).map(|p| p.to_rgb8()).map_err(|e| PictureError(e.to_string()))
}
