//! From the `frontend` crate to small wasm files and their JavaScript: Cargo, splitting, wasm-bindgen, wasm-opt.
//! Knows nothing of where the browser finds them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::build::{ERASED, Mode};
use crate::files;
use crate::processes;
use crate::programs;
use crate::project::Project;
use crate::step::{self, Inputs, Stamped};

const TARGET: &str = "wasm32-unknown-unknown";
/// How to shrink: `-Os` leaves larger files than `-Oz`, and smaller ones under brotli. Then the WebAssembly features
/// that rustc turns on by default and wasm-opt does not.
const WASM_OPT: [&str; 8] = [
    "-Os",
    "--converge",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];

/// What splitting needs to know of who calls whom.
const RELOCATIONS: &str = "-Clink-args=--emit-relocs";

/// What the browser loads: a folder of files that name each other.
pub struct Bundle {
    /// The folder.
    pub folder: PathBuf,
    parts: PathBuf,
}

impl Bundle {
    /// A bundle in a folder, with the list of its parts in a file.
    #[must_use]
    pub fn new(folder: PathBuf, parts: PathBuf) -> Self {
        Self { folder, parts }
    }

    /// wasm-bindgen's glue, an ES module that is told where the wasm is.
    pub const JS: &str = "marshmallow.js";
    /// What every page needs.
    pub const WASM: &str = "marshmallow_bg.wasm";
    /// The ES module that fetches the parts that only some pages need.
    pub const LINK: &str = "parts.js";

    /// For each function that is downloaded when it is first called: the wasm files with its code, by their stems.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub fn parts(&self) -> Result<BTreeMap<String, Vec<String>>> {
        let text = fs::read_to_string(&self.parts).context("the list of parts")?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// Makes sure that the active toolchain can build for the browser.
///
/// # Errors
/// When it cannot, and rustup cannot change that; the message says what to install by hand.
pub fn ensure_target(project: &Project) -> Result<()> {
    let installed = || -> Result<bool> {
        let mut rustc = Command::new("rustc");
        rustc
            .args(["--print", "target-libdir", "--target", TARGET])
            .current_dir(&project.root);
        let folder = processes::output(&mut rustc)?;
        let Ok(entries) = fs::read_dir(folder.trim()) else {
            return Ok(false);
        };
        Ok(entries.flatten().any(|entry| {
            let name = entry.file_name();
            name.to_string_lossy().starts_with("libstd-")
        }))
    };
    step::ensure("wasm target", installed()?, || {
        let by_hand = format!(
            "Rust's standard library for {TARGET} is not installed. With rustup: rustup target add {TARGET}. \
             Without rustup it is built from the source that comes with the distribution's Rust: see \
             docs/operations.md"
        );
        if programs::find(&["rustup"]).is_none() {
            bail!(by_hand);
        }
        let added = processes::run(
            Command::new("rustup")
                .args(["target", "add", TARGET])
                .current_dir(&project.root),
        );
        if added.is_err() || !installed()? {
            bail!(by_hand);
        }
        Ok(())
    })
}

/// Builds the bundle; wants the packages of `style/` for a release.
///
/// # Errors
/// When one of the steps fails.
pub fn bundle(project: &Project, mode: Mode) -> Result<Bundle> {
    let compiled = compile(project, mode)?;
    let bound = split_and_bind(project, mode, &compiled)?;
    match mode {
        Mode::Debug => Ok(bound),
        Mode::Release => shrink(project, bound),
    }
}

fn compile(project: &Project, mode: Mode) -> Result<PathBuf> {
    let (profile, folder) = match mode {
        Mode::Release => ("wasm", "wasm"),
        Mode::Debug => ("dev", "debug"),
    };
    let compiled = project
        .target
        .join(TARGET)
        .join(folder)
        .join("marshmallow_frontend.wasm");
    step::delegate("frontend", &compiled, || {
        let mut cargo = project.cargo();
        cargo.args([
            "build",
            "--profile",
            profile,
            "--package",
            "marshmallow-frontend",
            "--target",
            TARGET,
        ]);
        cargo.env(ERASED.0, format!("{} {RELOCATIONS}", ERASED.1));
        processes::run(&mut cargo)
    })?;
    Ok(compiled)
}

fn split_and_bind(project: &Project, mode: Mode, compiled: &Path) -> Result<Bundle> {
    let bundle = Bundle::new(
        project.work(mode.folder("bindgen")),
        project.work(mode.folder("parts.json")),
    );
    let step = Stamped {
        name: "wasm-bindgen",
        stamp: project.work(mode.folder("bindgen.stamp")),
        inputs: Inputs::default().file(compiled)?,
        outputs: &[bundle.folder.join(Bundle::WASM), bundle.parts.clone()],
    };
    step.run(|| {
        // Parts and snippets of an earlier build have other names.
        files::remove(&bundle.folder)?;
        let common = project.work(mode.folder("common.wasm"));
        split(compiled, &common, &bundle)?;
        bind(&common, mode, &bundle.folder)
    })?;
    Ok(bundle)
}

/// Takes apart what only some pages need; the rest still wants binding.
fn split(compiled: &Path, common: &Path, bundle: &Bundle) -> Result<()> {
    let input = fs::read(compiled)?;
    let mut options = wasm_split_cli_support::Options::new(&input);
    let (link, js) = (format!("./{}", Bundle::LINK), format!("./{}", Bundle::JS));
    options.output_dir = &bundle.folder;
    options.main_out_path = common;
    options.main_module = &js;
    options.link_name = &link;
    let split = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:#}"))?;
    let parts: BTreeMap<_, _> = split.prefetch_map.into_iter().collect();
    Ok(fs::write(&bundle.parts, serde_json::to_string(&parts)?)?)
}

fn bind(common: &Path, mode: Mode, folder: &Path) -> Result<()> {
    let debug = mode == Mode::Debug;
    Bindgen::new()
        .input_path(common)
        .out_name("marshmallow")
        .web(true)
        .map_err(|error| anyhow!("{error:#}"))?
        .typescript(false)
        // The parts reach what they share through the linker's exports.
        .keep_lld_exports(true)
        .keep_debug(debug)
        .remove_name_section(!debug)
        .remove_producers_section(!debug)
        .generate(folder)
        .map_err(|error| anyhow!("{error:#}"))
}

fn shrink(project: &Project, bound: Bundle) -> Result<Bundle> {
    let tool = project.path("style/node_modules/.bin/wasm-opt");
    let folder = project.work("wasm-opt");
    let step = Stamped {
        name: "wasm-opt",
        stamp: project.work("wasm-opt.stamp"),
        inputs: Inputs::default()
            .text(&WASM_OPT.join(" "))
            .file(&project.path("style/package-lock.json"))?
            .tree(&bound.folder)?,
        outputs: &[folder.join(Bundle::WASM)],
    };
    step.run(|| {
        files::remove(&folder)?;
        files::copy_tree(&bound.folder, &folder)?;
        for file in files::below(&folder)? {
            if file.extension().is_some_and(|extension| extension == "wasm") {
                let mut optimiser = Command::new(&tool);
                optimiser.args(WASM_OPT).arg(&file).arg("-o").arg(&file);
                processes::run(&mut optimiser)?;
            }
        }
        Ok(())
    })?;
    Ok(Bundle::new(folder, bound.parts))
}
