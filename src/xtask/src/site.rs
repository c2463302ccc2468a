//! The folder `site/` beside the server's binary: public files, and the bundle under names that carry
//! the digest of their content, so that browsers may keep them for ever. Knows nothing of how they are made.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::build::Mode;
use crate::compress::{beside, compress, is_compressible};
use crate::project::Project;
use crate::step::{Inputs, Stamped, digest_of, files_below};
use crate::wasm::Bundle;

/// What the server reads at start: the addresses of the bundle's files.
#[derive(Serialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
}

/// The size of one file of the bundle, in bytes.
pub struct Size {
    /// `wasm`, `js` or `css`.
    pub kind: &'static str,
    /// As it is.
    pub raw: u64,
    /// As most browsers download it; `None` where there is no compressed version.
    pub brotli: Option<u64>,
}

/// Assembles `dist/site`, replacing what was there, and tells the sizes.
///
/// # Errors
/// When a file cannot be read or written.
pub fn assemble(
    project: &Project,
    mode: Mode,
    bundle: &Bundle,
    css: &Path,
    dist: &Path,
) -> Result<Vec<Size>> {
    let site = dist.join("site");
    let public = project.path("public");
    let parts = [
        ("js", hashed(&bundle.js)?),
        ("wasm", hashed(&bundle.wasm)?),
        ("css", hashed(css)?),
    ];
    let step = Stamped {
        name: "site",
        stamp: project.work(mode.folder("site")).join("stamp"),
        inputs: Inputs::default()
            .text(&dist.to_string_lossy())
            .file(&bundle.js)?
            .file(&bundle.wasm)?
            .tree(&bundle.snippets)?
            .file(css)?
            .tree(&public)?,
        outputs: &[site.join("manifest.json")],
    };
    step.run(|| {
        // Made beside the old one and swapped, so that a failure leaves the old one whole.
        let fresh = dist.join("site.new");
        remove(&fresh)?;
        copy_tree(&public, &fresh)?;
        copy_tree(&bundle.snippets, &fresh.join("pkg/snippets"))?;
        fs::create_dir_all(fresh.join("pkg"))?;
        for (source, (_, name)) in [&bundle.js, &bundle.wasm, css].into_iter().zip(&parts) {
            fs::copy(source, fresh.join("pkg").join(name))?;
        }
        if mode == Mode::Release {
            compress_new(&fresh, &site)?;
        }
        // After compressing: the server reads this file itself.
        let [js, wasm, css] = parts.each_ref().map(|(_, name)| format!("/pkg/{name}"));
        fs::write(
            fresh.join("manifest.json"),
            serde_json::to_string(&Manifest { js, wasm, css })?,
        )?;
        remove(&site)?;
        Ok(fs::rename(&fresh, &site)?)
    })?;
    parts
        .iter()
        .map(|(kind, name)| size(kind, &site.join("pkg").join(name)))
        .collect()
}

/// Puts the server's binary into `dist`.
///
/// # Errors
/// When it cannot be copied.
pub fn install_binary(project: &Project, mode: Mode, binary: &Path, dist: &Path) -> Result<PathBuf> {
    let installed = dist.join("marshmallow");
    let step = Stamped {
        name: "binary",
        stamp: project.work(mode.folder("binary")).join("stamp"),
        inputs: Inputs::default().file(binary)?,
        outputs: std::slice::from_ref(&installed),
    };
    step.run(|| {
        // A running program's file cannot be written to, but another can take its name.
        let fresh = dist.join("marshmallow.new");
        fs::copy(binary, &fresh)?;
        Ok(fs::rename(&fresh, &installed)?)
    })?;
    Ok(installed)
}

/// `marshmallow.<digest>.<extension>`, from the file's content.
fn hashed(file: &Path) -> Result<String> {
    let content = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let extension = file
        .extension()
        .and_then(|name| name.to_str())
        .context("a file without extension")?;
    Ok(hashed_name(&content, extension))
}

fn hashed_name(content: &[u8], extension: &str) -> String {
    let digest = digest_of(content);
    // 64 bits: no two versions of a page will ever meet under one name.
    format!("marshmallow.{}.{extension}", &digest[..16])
}

/// Compresses everything worth it, taking over what the old site has for the same content.
fn compress_new(fresh: &Path, old: &Path) -> Result<()> {
    let mut rest = Vec::new();
    for file in files_below(fresh)?
        .into_iter()
        .filter(|file| is_compressible(file))
    {
        let before = old.join(file.strip_prefix(fresh)?);
        let same = before.exists() && fs::read(&before)? == fs::read(&file)?;
        let reused = ["br", "gz"].map(|extension| beside(&before, extension).exists().then_some(extension));
        if same && let [Some(_), Some(_)] = reused {
            for extension in reused.into_iter().flatten() {
                fs::copy(beside(&before, extension), beside(&file, extension))?;
            }
        } else {
            rest.push(file);
        }
    }
    compress(&rest)
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for file in files_below(from)? {
        let copy = to.join(file.strip_prefix(from)?);
        if let Some(folder) = copy.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, copy).with_context(|| format!("copying {}", file.display()))?;
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

fn size(kind: &'static str, file: &Path) -> Result<Size> {
    let raw = fs::metadata(file)?.len();
    let brotli = fs::metadata(beside(file, "br")).ok().map(|file| file.len());
    Ok(Size { kind, raw, brotli })
}

#[cfg(test)]
mod tests;
