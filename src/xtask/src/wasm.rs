//! From the `frontend` crate to a small wasm file and its JavaScript: Cargo, wasm-bindgen, wasm-opt.
//! Knows nothing of where the browser finds them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::build::{ERASED, Mode};
use crate::processes;
use crate::programs;
use crate::project::Project;
use crate::step::{self, Inputs, Stamped};

const TARGET: &str = "wasm32-unknown-unknown";
/// The WebAssembly features that rustc turns on by default and wasm-opt does not.
const WASM_OPT: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];

/// What the browser loads.
pub struct Bundle {
    /// The module itself.
    pub wasm: PathBuf,
    /// wasm-bindgen's glue, an ES module that is told where the wasm is.
    pub js: PathBuf,
    /// Further modules that the glue imports by relative path; often not there.
    pub snippets: PathBuf,
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
    let bound = bind(project, mode, &compiled)?;
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
        cargo.env(ERASED.0, ERASED.1);
        processes::run(&mut cargo)
    })?;
    Ok(compiled)
}

fn bind(project: &Project, mode: Mode, compiled: &Path) -> Result<Bundle> {
    let folder = project.work(mode.folder("bindgen"));
    let bundle = Bundle {
        wasm: folder.join("marshmallow_bg.wasm"),
        js: folder.join("marshmallow.js"),
        snippets: folder.join("snippets"),
    };
    let step = Stamped {
        name: "wasm-bindgen",
        stamp: folder.join("stamp"),
        inputs: Inputs::default().file(compiled)?,
        outputs: &[bundle.wasm.clone(), bundle.js.clone()],
    };
    step.run(|| {
        // Snippets of an earlier build have other names.
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let debug = mode == Mode::Debug;
        Bindgen::new()
            .input_path(compiled)
            .out_name("marshmallow")
            .web(true)
            .map_err(|error| anyhow!("{error:#}"))?
            .typescript(false)
            .keep_debug(debug)
            .remove_name_section(!debug)
            .remove_producers_section(!debug)
            .generate(&folder)
            .map_err(|error| anyhow!("{error:#}"))
    })?;
    Ok(bundle)
}

fn shrink(project: &Project, bound: Bundle) -> Result<Bundle> {
    let tool = project.path("style/node_modules/.bin/wasm-opt");
    let folder = project.work("wasm-opt");
    let wasm = folder.join("marshmallow_bg.wasm");
    let step = Stamped {
        name: "wasm-opt",
        stamp: folder.join("stamp"),
        inputs: Inputs::default()
            .text(&WASM_OPT.join(" "))
            .file(&project.path("style/package-lock.json"))?
            .file(&bound.wasm)?,
        outputs: std::slice::from_ref(&wasm),
    };
    step.run(|| {
        fs::create_dir_all(&folder).context("the folder for wasm-opt")?;
        processes::run(
            Command::new(&tool)
                .args(WASM_OPT)
                .arg(&bound.wasm)
                .arg("-o")
                .arg(&wasm),
        )
    })?;
    Ok(Bundle { wasm, ..bound })
}
