//! The order of the steps from source to product. Knows each step by name only.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::project::Project;
use crate::site::Sizes;
use crate::{css, native, npm, site, wasm};

/// The variable that makes Leptos give all components one type: faster to compile, and a third less to download.
/// Server and browser have to agree on it, or the page that one renders is not the one that the other expects.
pub const ERASED: (&str, &str) = ("RUSTFLAGS", "--cfg erase_components");

/// How to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Small and fast, for people.
    Release,
    /// Soon there, for whoever is changing the source.
    Debug,
}

impl Mode {
    /// A folder's name for this mode, so that both keep their results apart.
    #[must_use]
    pub fn folder(self, name: &str) -> String {
        match self {
            Self::Release => name.to_owned(),
            Self::Debug => format!("{name}-debug"),
        }
    }
}

/// What a build leaves behind.
pub struct Product {
    /// The folder that can be copied anywhere.
    pub dist: PathBuf,
    /// The server in it, with `site/` beside it.
    pub binary: PathBuf,
}

/// Builds the product.
///
/// # Errors
/// When a step fails or something has to be installed by hand; the message says which and what.
pub fn build(project: &Project, mode: Mode) -> Result<Product> {
    let dist = project.target.join(mode.folder("dist"));
    fs::create_dir_all(&dist)?;
    println!("Building {}", dist.display());
    // What somebody may have to install by hand comes before what takes long.
    wasm::ensure_target(project)?;
    npm::install("packages of style/", &project.path("style"))?;
    let css = css::make(project, mode)?;
    let server = native::server(project, mode)?;
    let bundle = wasm::bundle(project, mode)?;
    let sizes = site::assemble(project, mode, &bundle, &css, &dist)?;
    let binary = site::install_binary(project, mode, &server, &dist)?;
    print_sizes(&sizes);
    Ok(Product { dist, binary })
}

fn print_sizes(sizes: &Sizes) {
    let kilobytes = |bytes: u64| format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100);
    let row = |name: &str, raw: u64, brotli: Option<u64>| {
        let brotli = brotli.map_or_else(|| "–".to_owned(), kilobytes);
        println!("  {name:<30} {:>12} {brotli:>12}", kilobytes(raw));
    };
    println!("\n  {:<30} {:>12} {:>12}", "every page", "raw", "brotli");
    for size in &sizes.common {
        row(&size.name, size.raw, size.brotli);
    }
    row(
        "together",
        sizes.common.iter().map(|size| size.raw).sum(),
        sizes.common.iter().map(|size| size.brotli).sum(),
    );
    println!(
        "\n  {:<30} {:>12} {:>12}",
        "and for each part of the application", "", ""
    );
    for size in &sizes.parts {
        row(&size.name, size.raw, size.brotli);
    }
    println!();
}
