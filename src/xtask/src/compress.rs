//! Brotli and gzip files beside what the server sends often. Knows which kinds of file shrink.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Result, anyhow};
use flate2::Compression;
use flate2::write::GzEncoder;

const COMPRESSIBLE: [&str; 8] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// `name.br` or `name.gz` for `name`.
#[must_use]
pub fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".");
    name.push(extension);
    name.into()
}

/// Whether a file of this kind is worth it.
#[must_use]
pub fn is_compressible(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| COMPRESSIBLE.iter().any(|known| extension == *known))
}

/// Writes `.br` (quality 11) and `.gz` (level 9) beside each file, where they are smaller than the file.
///
/// # Errors
/// When a file cannot be read or written.
pub fn compress(files: &[PathBuf]) -> Result<()> {
    thread::scope(|scope| {
        let jobs: Vec<_> = files
            .iter()
            .map(|file| scope.spawn(|| compress_one(file)))
            .collect();
        jobs.into_iter()
            .try_for_each(|job| job.join().map_err(|_| anyhow!("a compressor failed"))?)
    })
}

fn compress_one(file: &Path) -> Result<()> {
    let content = fs::read(file)?;
    for (extension, compressed) in [("br", brotli(&content)?), ("gz", gzip(&content)?)] {
        if compressed.len() < content.len() {
            fs::write(beside(file, extension), compressed)?;
        }
    }
    Ok(())
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    // Quality 11 and the largest window every browser takes.
    brotli::CompressorReader::new(content, 1 << 16, 11, 22).read_to_end(&mut compressed)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_give_the_file_back_and_are_smaller() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.js");
        let content = "export const marshmallow = 'marshmallow';\n".repeat(400);
        fs::write(&file, &content).unwrap();
        compress(std::slice::from_ref(&file)).unwrap();
        let (br, gz) = (beside(&file, "br"), beside(&file, "gz"));
        assert!(fs::metadata(&br).unwrap().len() < 200 && fs::metadata(&gz).unwrap().len() < 400);
        let mut text = String::new();
        brotli::Decompressor::new(fs::File::open(br).unwrap(), 4096)
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, content);
        text.clear();
        flate2::read::GzDecoder::new(fs::File::open(gz).unwrap())
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, content);
    }

    #[test]
    fn a_file_that_does_not_shrink_gets_no_second_version() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tiny.txt");
        fs::write(&file, "x").unwrap();
        compress(std::slice::from_ref(&file)).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn pictures_are_left_alone() {
        assert!(is_compressible(Path::new("a/icon.svg")) && !is_compressible(Path::new("a/icon.png")));
    }
}
