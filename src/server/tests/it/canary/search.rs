//! Looks for a secret, in all its disguises, in bytes and in all files of a folder.

use std::{fs, path::Path};

use super::disguises::disguises;

/// The disguises in which the secret stands in these bytes.
pub fn traces_in(bytes: &[u8], secret: &str) -> Vec<String> {
    let found = disguises(secret)
        .into_iter()
        .filter(|(_, disguise)| contains(bytes, disguise));
    found.map(|(name, _)| name).collect()
}

/// The same for all files below a folder, whose contents and names are searched.
pub fn traces_in_files(folder: &Path, secret: &str) -> Vec<String> {
    let mut traces = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            traces.extend(traces_in_files(&path, secret));
            continue;
        }
        let name = path.display().to_string();
        let bytes = [fs::read(&path).unwrap(), name.clone().into_bytes()].concat();
        traces.extend(
            traces_in(&bytes, secret)
                .into_iter()
                .map(|disguise| format!("{name}: {disguise}")),
        );
    }
    traces
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some((&first, _)) = wanted.split_first() else {
        return false;
    };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == first) {
        rest = &rest[at..];
        if rest.starts_with(wanted) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}
