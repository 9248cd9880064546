//! The command line: one file per command. Joins the modules; decides nothing itself.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::photo::runtime::{ModelError, ModelLoader};

pub mod matte;
pub mod photo;

/// Where the models and ONNX Runtime are, when they are not beside the program.
#[derive(Debug, Default, Args)]
pub struct ModelArgs {
    /// Folder with manifest.toml and the models
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// ONNX Runtime's shared library
    #[arg(long, value_name = "FILE")]
    onnxruntime: Option<PathBuf>,
}

impl ModelArgs {
    fn loader(&self) -> Result<ModelLoader, ModelError> {
        ModelLoader::new(self.onnxruntime.as_deref(), self.models.as_deref(), inference_threads())
    }
}

/// All cores, up to four: MODNet gains little beyond.
pub fn inference_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(4))
}

/// `folder/<name of file>.<extension>`, whatever dots the name has.
fn named_after(file: &Path, folder: &Path, extension: &str) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(".");
    name.push(extension);
    folder.join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_in_a_name_is_not_an_extension() {
        assert_eq!(named_after(Path::new("a/v1.2__room.jpg"), Path::new("out"), "png"), Path::new("out/v1.2__room.png"));
    }
}
