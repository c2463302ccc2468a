//! What the application declares: its server functions and page routes, read from its source, so that a test
//! that forgets one fails.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use reqwest::Method;

/// The folder that holds the whole project.
pub fn project_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

/// All Rust files below a folder.
pub fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Every server function with the method that calls it.
pub fn declared_functions() -> BTreeMap<String, Method> {
    let mut functions = BTreeMap::new();
    for file in source_files(&project_root().join("src/app/src/api")) {
        let source = fs::read_to_string(file).unwrap();
        for attribute in source.split("#[server(").skip(1) {
            let attribute = attribute.split(")]").next().unwrap();
            if let Some((_, rest)) = attribute.split_once("endpoint = \"") {
                let method = if attribute.contains("input = GetUrl") {
                    Method::GET
                } else {
                    Method::POST
                };
                functions.insert(rest.split('"').next().unwrap().to_owned(), method);
            }
        }
    }
    functions
}

/// Every `path!("…")` of the router, as it is written there.
pub fn declared_pages() -> Vec<String> {
    let source = fs::read_to_string(project_root().join("src/app/src/root.rs")).unwrap();
    let paths = source
        .split("path!(\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned());
    paths.collect()
}
