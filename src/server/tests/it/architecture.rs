//! The direction of dependencies, from the manifests that the build reads, and what stands in one place only.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use serde_json::Value;

use crate::harness::{project_root, source_files};

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(project_root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Each crate of ours with those of ours that it names, tests left out.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    let short = |package: &Value| {
        package["name"]
            .as_str()
            .unwrap()
            .strip_prefix("marshmallow-")
            .map(str::to_owned)
    };
    let crates = metadata["packages"].as_array().unwrap().iter();
    crates
        .map(|package| {
            let named = package["dependencies"].as_array().unwrap().iter();
            let named = named
                .filter(|dependency| dependency["kind"] != "dev")
                .filter_map(short)
                .collect();
            (short(package).unwrap(), named)
        })
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let expected = [
        ("core", vec![]),
        ("vault", vec!["core"]),
        ("providers", vec!["core"]),
        ("store", vec!["core"]),
        ("service", vec!["core", "vault", "providers", "store"]),
        ("app", vec!["core", "service"]),
        ("frontend", vec!["app"]),
        ("server", vec!["core", "app", "service", "store"]),
        ("simulator", vec![]),
        ("scratch", vec![]),
        ("xtask", vec![]),
    ];
    let expected: BTreeMap<String, BTreeSet<String>> = expected
        .into_iter()
        .map(|(name, named)| (name.to_owned(), named.into_iter().map(str::to_owned).collect()))
        .collect();
    assert_eq!(arrows(), expected);
}

#[test]
fn the_browser_gets_no_database_no_client_and_no_cipher() {
    let tree = cargo(&[
        "tree",
        "-p",
        "marshmallow-frontend",
        "--target",
        "wasm32-unknown-unknown",
        "-e",
        "normal",
        "--prefix",
        "none",
    ]);
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(
        names.contains("marshmallow-app") && names.contains("leptos"),
        "{tree}"
    );
    for name in &names {
        let is_forbidden = [
            "sqlx", "tokio", "reqwest", "aes-gcm", "pbkdf2", "argon2", "axum", "hyper", "rustls",
        ]
        .iter()
        .any(|forbidden| name == forbidden || name.starts_with(&format!("{forbidden}-")));
        assert!(!is_forbidden, "{name} is in the browser's tree");
    }
    for forbidden in ["vault", "store", "service", "providers", "server", "simulator"] {
        assert!(
            !names.contains(format!("marshmallow-{forbidden}").as_str()),
            "{forbidden}"
        );
    }
}

#[test]
fn only_the_application_is_built_in_two_ways() {
    let (ssr, hydrate) = (
        format!("feature = \"{}\"", "ssr"),
        format!("feature = \"{}\"", "hydrate"),
    );
    let mut seen = 0;
    for file in source_files(&project_root().join("src")) {
        let source = fs::read_to_string(&file).unwrap();
        let depends = source.contains(&ssr) || source.contains(&hydrate);
        let is_app = file.starts_with(project_root().join("src/app"));
        assert!(
            is_app || !depends,
            "{} depends on how the application is built",
            file.display()
        );
        seen += usize::from(depends);
    }
    assert!(seen > 0, "the doors of the application were not found");
}

#[test]
fn only_the_vault_names_ciphers() {
    let mut naming = BTreeSet::new();
    for entry in fs::read_dir(project_root().join("src")).unwrap() {
        let folder = entry.unwrap().path();
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        if ["aes-gcm", "pbkdf2"]
            .iter()
            .any(|cipher| manifest.lines().any(|line| line.starts_with(cipher)))
        {
            naming.insert(folder.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    assert_eq!(naming, BTreeSet::from(["vault".to_owned()]));
}

#[test]
fn each_migration_has_its_pair() {
    let names = |database: &str| -> BTreeSet<String> {
        let files = fs::read_dir(project_root().join("migrations").join(database)).unwrap();
        files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let sqlite = names("sqlite");
    assert_eq!(sqlite, names("postgres"));
    for (number, name) in (1..).zip(&sqlite) {
        assert!(
            name.starts_with(&format!("{number:04}_")) && name.ends_with(".sql"),
            "{name} is out of line"
        );
    }
}
