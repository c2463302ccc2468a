//! The style sheet, by Tailwind's own engine.
//! Knows where classes are written, and nothing of what they mean.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::build::Mode;
use crate::processes;
use crate::project::Project;
use crate::step::{Inputs, Stamped};

/// Makes the style sheet; wants the packages of `style/`.
///
/// # Errors
/// When Tailwind fails.
pub fn make(project: &Project, mode: Mode) -> Result<PathBuf> {
    let style = project.path("style");
    let folder = project.work(mode.folder("css"));
    let css = folder.join("marshmallow.css");
    let mut inputs = Inputs::default().file(&style.join("package-lock.json"))?;
    for entry in fs::read_dir(&style)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "css") {
            inputs = inputs.file(&path)?;
        }
    }
    let step = Stamped {
        name: "style sheet",
        stamp: folder.join("stamp"),
        inputs: inputs.tree(&project.path("src/app"))?,
        outputs: std::slice::from_ref(&css),
    };
    step.run(|| {
        let mut tailwind = Command::new(style.join("node_modules/.bin/tailwindcss"));
        tailwind
            .current_dir(&style)
            .args(["-i", "tailwind.css", "-o"])
            .arg(&css);
        if mode == Mode::Release {
            tailwind.arg("--minify");
        }
        processes::run(&mut tailwind)?;
        ensure!(css.exists(), "Tailwind wrote no style sheet");
        Ok(())
    })?;
    Ok(css)
}
