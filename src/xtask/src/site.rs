//! The folder `site/` beside the server's binary: public files, the style sheet under a name that carries the digest
//! of its content, and the bundle in a folder that does, so that browsers may keep them for ever.
//! Knows nothing of how they are made.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::build::Mode;
use crate::compress::{beside, compress, is_compressible};
use crate::files;
use crate::project::Project;
use crate::step::{Inputs, Stamped, digest_of};
use crate::wasm::Bundle;

/// What the server reads at start: addresses, and what belongs to which part of the application.
#[derive(Serialize)]
struct Manifest {
    /// The folder of the bundle.
    folder: String,
    /// The style sheet.
    css: String,
    /// Names in the folder.
    js: &'static str,
    wasm: &'static str,
    link: &'static str,
    /// The stems of each part's wasm files in the folder.
    parts: BTreeMap<String, Vec<String>>,
}

/// What a page makes a browser download, in bytes.
pub struct Size {
    /// What it is.
    pub name: String,
    /// As it is.
    pub raw: u64,
    /// As most browsers download it; `None` where there is no compressed version.
    pub brotli: Option<u64>,
}

/// The sizes of a site.
pub struct Sizes {
    /// What every page needs.
    pub common: Vec<Size>,
    /// What is downloaded with one page only, or with a few.
    pub parts: Vec<Size>,
}

/// Assembles `dist/site`, replacing what was there, and tells the sizes.
///
/// # Errors
/// When a file cannot be read or written.
pub fn assemble(project: &Project, mode: Mode, bundle: &Bundle, css: &Path, dist: &Path) -> Result<Sizes> {
    let site = dist.join("site");
    let public = project.path("public");
    let style = format!("pkg/marshmallow.{}.css", short_digest(&[css.to_owned()])?);
    let folder = format!("pkg/{}", short_digest(&files::below(&bundle.folder)?)?);
    let parts = bundle.parts()?;
    let step = Stamped {
        name: "site",
        stamp: project.work(mode.folder("site")).join("stamp"),
        inputs: Inputs::default()
            .text(&dist.to_string_lossy())
            .tree(&bundle.folder)?
            .file(css)?
            .tree(&public)?,
        outputs: &[site.join("manifest.json")],
    };
    step.run(|| {
        // Made beside the old one and swapped, so that a failure leaves the old one whole.
        let fresh = dist.join("site.new");
        files::remove(&fresh)?;
        files::copy_tree(&public, &fresh)?;
        files::copy_tree(&bundle.folder, &fresh.join(&folder))?;
        fs::copy(css, fresh.join(&style))?;
        if mode == Mode::Release {
            compress_new(&fresh, &site)?;
        }
        // After compressing: the server reads this file itself.
        let manifest = Manifest {
            folder: format!("/{folder}"),
            css: format!("/{style}"),
            js: Bundle::JS,
            wasm: Bundle::WASM,
            link: Bundle::LINK,
            parts: parts.clone(),
        };
        fs::write(fresh.join("manifest.json"), serde_json::to_string(&manifest)?)?;
        files::remove(&site)?;
        Ok(fs::rename(&fresh, &site)?)
    })?;
    let folder = site.join(folder);
    let in_folder = |name: &str| folder.join(name);
    Ok(Sizes {
        common: vec![
            size("js", &[in_folder(Bundle::JS), in_folder(Bundle::LINK)])?,
            size("wasm", &[in_folder(Bundle::WASM)])?,
            size("css", &[site.join(style)])?,
        ],
        parts: parts
            .iter()
            .map(|(name, stems)| {
                let stems = stems.iter().map(|stem| in_folder(&format!("{stem}.wasm")));
                // The digits that make the name unique tell a person nothing.
                let name = name.trim_end_matches(|last: char| last.is_ascii_digit() || last == '_');
                size(name, &stems.collect::<Vec<_>>())
            })
            .collect::<Result<_>>()?,
    })
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

/// 64 bits of the digest of some files: no two versions of a page will ever meet under one name.
fn short_digest(files: &[PathBuf]) -> Result<String> {
    let mut digests = String::new();
    for file in files {
        let content = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        digests += &format!("{name} {}\n", digest_of(&content));
    }
    let mut digest = digest_of(digests.as_bytes());
    digest.truncate(16);
    Ok(digest)
}

/// Compresses everything worth it, taking over what the old site has for the same content.
fn compress_new(fresh: &Path, old: &Path) -> Result<()> {
    let mut rest = Vec::new();
    for file in files::below(fresh)?
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

fn size(name: &str, parts: &[PathBuf]) -> Result<Size> {
    let mut size = Size {
        name: name.to_owned(),
        raw: 0,
        brotli: Some(0),
    };
    for file in parts {
        size.raw += fs::metadata(file)?.len();
        let compressed = fs::metadata(beside(file, "br")).ok();
        size.brotli = size.brotli.zip(compressed).map(|(sum, file)| sum + file.len());
    }
    Ok(size)
}

#[cfg(test)]
mod tests;
