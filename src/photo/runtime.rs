//! ONNX Runtime and the models: found, checked against `models/manifest.toml`, and loaded once.
//! Nothing unlisted or altered is ever run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use ort::environment::Environment;
use ort::session::Session;
use serde::Deserialize;
use thiserror::Error;

use crate::platform::ONNX_RUNTIME;
use crate::submission::Sha256Digest;

#[derive(Debug, Error)]
pub enum ModelError {
    #[error(
        "no models folder found; looked for models/manifest.toml in: {0}. Reinstall the program or set [paths] models in the config"
    )]
    NoModels(String),
    #[error("the model manifest {path} cannot be read: {reason}. Reinstall the program")]
    Manifest { path: PathBuf, reason: String },
    #[error("the manifest lists no model named {0}. Reinstall the program")]
    NotListed(&'static str),
    #[error("{path} cannot be read: {cause}. Reinstall the program")]
    Unreadable { path: PathBuf, cause: std::io::Error },
    #[error(
        "{path} is not the file the manifest names: its SHA-256 is {actual}, not {expected}. Reinstall the program"
    )]
    Altered { path: PathBuf, expected: Sha256Digest, actual: Sha256Digest },
    #[error(
        "ONNX Runtime ({ONNX_RUNTIME}) not found; looked in: {0}. Run installer/dev setup, or set [paths] onnxruntime in the config"
    )]
    NoLibrary(String),
    #[error("ONNX Runtime refused: {0}")]
    Runtime(String),
}

impl From<ort::Error> for ModelError {
    fn from(error: ort::Error) -> Self {
        Self::Runtime(error.to_string())
    }
}

/// `models/manifest.toml`.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    #[serde(rename = "model")]
    pub models: Vec<ModelEntry>,
    pub runtime: RuntimeEntry,
    #[serde(skip)]
    folder: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
pub struct ModelEntry {
    pub name: String,
    pub file: String,
    pub sha256: Sha256Digest,
}

/// The one build of ONNX Runtime that the program was tested with.
#[derive(Clone, Debug, Deserialize)]
pub struct RuntimeEntry {
    pub version: String,
    pub sha256: Sha256Digest,
}

impl Manifest {
    /// Reads the manifest in `folder`, or in the nearest `models` folder around the program.
    pub fn find(folder: Option<&Path>) -> Result<Self, ModelError> {
        let candidates = match folder {
            Some(folder) => vec![folder.to_owned()],
            None => places_around_the_program().into_iter().map(|place| place.join("models")).collect(),
        };
        let folder = candidates
            .iter()
            .find(|folder| folder.join("manifest.toml").is_file())
            .ok_or_else(|| ModelError::NoModels(list(&candidates)))?;
        let path = folder.join("manifest.toml");
        let problem = |reason: String| ModelError::Manifest { path: path.clone(), reason };
        let text = fs::read_to_string(&path).map_err(|error| problem(error.to_string()))?;
        let manifest: Self = toml::from_str(&text).map_err(|error| problem(error.message().to_owned()))?;
        Ok(Self { folder: folder.clone(), ..manifest })
    }

    /// The bytes of a model, once their digest has been checked.
    fn read(&self, name: &'static str) -> Result<Vec<u8>, ModelError> {
        let entry = self.models.iter().find(|entry| entry.name == name).ok_or(ModelError::NotListed(name))?;
        let path = self.folder.join(&entry.file);
        read_checked(&path, entry.sha256)
    }
}

/// Loads models into ONNX Runtime. Cheap to clone; the environment lives as long as any of them.
#[derive(Debug)]
pub struct ModelLoader {
    manifest: Manifest,
    environment: Environment,
    threads: usize,
}

impl ModelLoader {
    /// `library` and `models` override where to look; `threads` is how many cores one run may use.
    pub fn new(library: Option<&Path>, models: Option<&Path>, threads: usize) -> Result<Self, ModelError> {
        let manifest = Manifest::find(models)?;
        let environment = environment(library, &manifest.runtime)?;
        Ok(Self { manifest, environment, threads })
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub fn load(&self, name: &'static str) -> Result<Session, ModelError> {
        let bytes = self.manifest.read(name)?;
        let session = Session::builder(&self.environment)?
            .with_intra_threads(self.threads)
            .map_err(|error| ModelError::Runtime(error.to_string()))?
            // A spinning pool would take the cores from the window between two runs.
            .with_intra_op_spinning(false)
            .map_err(|error| ModelError::Runtime(error.to_string()))?
            // A plan of the memory takes 70 MB more from the second picture on, and no less time.
            .with_memory_pattern(false)
            .map_err(|error| ModelError::Runtime(error.to_string()))?
            .commit_from_memory(&bytes)?;
        Ok(session)
    }
}

/// One environment for the whole process: ONNX Runtime allows no second library.
fn environment(library: Option<&Path>, entry: &RuntimeEntry) -> Result<Environment, ModelError> {
    static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();
    static LOADING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = LOADING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(environment) = ENVIRONMENT.get() {
        return Ok(environment.clone());
    }
    let path = find_library(library)?;
    read_checked(&path, entry.sha256)?;
    let environment = ort::init_from(&path)
        .map_err(|error| ModelError::Runtime(error.to_string()))?
        .with_name("szz-kiosk")
        .with_telemetry(false)
        .build()?;
    Ok(ENVIRONMENT.get_or_init(|| environment).clone())
}

fn find_library(library: Option<&Path>) -> Result<PathBuf, ModelError> {
    let candidates: Vec<PathBuf> = match library {
        Some(path) => vec![path.to_owned()],
        None => places_around_the_program()
            .into_iter()
            .flat_map(|place| [place.join(ONNX_RUNTIME), place.join(".onnxruntime").join(ONNX_RUNTIME)])
            .collect(),
    };
    candidates.iter().find(|path| path.is_file()).cloned().ok_or_else(|| ModelError::NoLibrary(list(&candidates)))
}

/// The executable's folder and those around it, and the package's own: an installed program has its files
/// beside it or in `../lib/szz-kiosk`, one built and started by cargo has them where Cargo.toml is.
pub fn places_around_the_program() -> Vec<PathBuf> {
    const LEVELS: usize = 4;
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let exe = std::env::current_exe().unwrap_or_default();
    let around = exe.ancestors().skip(1).take(LEVELS).map(Path::to_owned);
    let installed = exe.ancestors().nth(2).map(|prefix| prefix.join("lib/szz-kiosk"));
    package.into_iter().chain(around).chain(installed).collect()
}

fn read_checked(path: &Path, expected: Sha256Digest) -> Result<Vec<u8>, ModelError> {
    let bytes = fs::read(path).map_err(|cause| ModelError::Unreadable { path: path.to_owned(), cause })?;
    let actual = Sha256Digest::of(&bytes);
    if actual != expected {
        return Err(ModelError::Altered { path: path.to_owned(), expected, actual });
    }
    Ok(bytes)
}

/// All cores, up to four: MODNet gains little beyond.
pub fn inference_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().min(4))
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_altered_model_is_refused_and_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.onnx"), b"changed").unwrap();
        fs::write(
            folder.path().join("manifest.toml"),
            format!(
                "[runtime]\nversion = \"1\"\nsha256 = \"{}\"\n[[model]]\nname = \"a\"\nfile = \"a.onnx\"\nsha256 = \"{}\"\n",
                Sha256Digest::ZERO,
                Sha256Digest::of(b"original")
            ),
        )
        .unwrap();
        let manifest = Manifest::find(Some(folder.path())).unwrap();
        let error = manifest.read("a").unwrap_err();
        assert!(matches!(error, ModelError::Altered { .. }), "{error}");
        assert!(error.to_string().contains("a.onnx"));
    }

    #[test]
    fn a_missing_model_folder_says_where_it_looked() {
        let folder = tempfile::tempdir().unwrap();
        let error = Manifest::find(Some(folder.path())).unwrap_err();
        assert!(error.to_string().contains(&folder.path().display().to_string()), "{error}");
    }

    #[test]
    fn every_listed_model_is_whole() {
        let manifest = Manifest::find(None).unwrap();
        for name in ["modnet", "face_detection_short_range", "face_landmark_attention"] {
            manifest.read(name).unwrap();
        }
    }
}
