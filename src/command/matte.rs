//! `szz-kiosk matte`: alpha mattes and composites on white, without cropping, for judging matting alone.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use image::GrayImage;
use serde_json::json;

use super::exit::Exit;
use super::{ModelArgs, named_after};
use crate::photo::cut_out::CutOut;
use crate::photo::decode::open_picture;
use crate::photo::develop::Developer;
use crate::photo::foreground;

const WHITE: [u8; 3] = [255, 255, 255];

/// Make alpha mattes and composites on white, without cropping.
#[derive(Debug, Args)]
pub struct MatteArgs {
    /// Pictures
    #[arg(required = true)]
    images: Vec<PathBuf>,
    /// Picture of the empty scene, taken with the same camera in the same place
    #[arg(long)]
    plate: Option<PathBuf>,
    /// Folder for the mattes: 8-bit grey PNG, the size of the picture
    #[arg(long)]
    alpha: PathBuf,
    /// Folder for the composites on white: RGB PNG
    #[arg(long)]
    white: PathBuf,
    /// One JSON object per picture instead of a line of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    models: ModelArgs,
}

pub fn run(args: &MatteArgs) -> Result<ExitCode> {
    for folder in [&args.alpha, &args.white] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let plate = args.plate.as_deref().map(open_picture).transpose().context("the background plate")?;
    let mut developer = Developer::load(&args.models.loader()?)?;
    let mut all_read = true;
    for file in &args.images {
        let picture = match open_picture(file) {
            Ok(picture) => picture,
            Err(error) => {
                if args.json {
                    println!("{}", json!({ "file": file, "error": error.to_string() }));
                } else {
                    eprintln!("{}: {error}", file.display());
                }
                all_read = false;
                continue;
            }
        };
        let CutOut { matte, colours, misfit } = developer.cut_out(&picture, plate.as_ref())?;
        let on_white = foreground::compose(&picture, &colours, &matte, WHITE);
        let grey = matte.alpha.iter().map(|alpha| (alpha * 255.0).round() as u8).collect();
        let grey = GrayImage::from_raw(matte.width, matte.height, grey).context("one alpha per pixel")?;
        let (alpha_file, white_file) = (named_after(file, &args.alpha, "png"), named_after(file, &args.white, "png"));
        grey.save(&alpha_file).with_context(|| format!("cannot write {}", alpha_file.display()))?;
        on_white.save(&white_file).with_context(|| format!("cannot write {}", white_file.display()))?;
        let misfit = misfit.map(|misfit| misfit.to_string());
        if args.json {
            let said = json!({ "file": file, "alpha": alpha_file, "white": white_file, "plate_misfit": misfit });
            println!("{said}");
        } else {
            if let Some(misfit) = misfit {
                eprintln!("{}: done without the plate: {misfit}", file.display());
            }
            println!("{}", file.display());
        }
    }
    Ok(Exit::done_if(all_read).into())
}
