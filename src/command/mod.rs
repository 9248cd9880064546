//! The command line: one file per command. Joins the modules; decides nothing itself.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use zeroize::Zeroizing;

use crate::photo::runtime::{ModelError, ModelLoader, inference_threads};

pub mod audit;
pub mod booth;
pub mod camera;
pub mod check_config;
pub mod doctor;
pub mod enroll;
pub mod exit;
pub mod generate;
pub mod matte;
pub mod mint_code;
pub mod operator;
pub mod photo;
pub mod plate;
mod progress;
pub mod queue;
mod queue_list;
pub mod report;
pub mod roster;
pub mod scan;
pub mod verify;

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

/// Longest line that is read, bytes.
const MAX_LINE: usize = 4096;

/// One line without the white space around it: asked for, and not shown while it is typed, or read from a pipe.
fn secret_line(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    io::stdout().flush().ok();
    let line = if io::stdin().is_terminal() {
        Zeroizing::new(rpassword::prompt_password(prompt)?)
    } else {
        let mut line = Zeroizing::new(String::with_capacity(MAX_LINE));
        io::stdin().lock().take(MAX_LINE as u64).read_line(&mut line).context("nothing came")?;
        line
    };
    Ok(Zeroizing::new(line.trim().to_owned()))
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
        assert_eq!(
            named_after(Path::new("a/v1.2__room.jpg"), Path::new("out"), "png"),
            Path::new("out/v1.2__room.png")
        );
    }
}
