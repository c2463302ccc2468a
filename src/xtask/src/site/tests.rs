//! The site as the server and the browser find it.

use super::*;

struct Scene {
    folder: tempfile::TempDir,
    project: Project,
    bundle: Bundle,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        let bundle = Bundle {
            wasm: root.join("in/marshmallow_bg.wasm"),
            js: root.join("in/marshmallow.js"),
            snippets: root.join("in/snippets"),
        };
        for (name, content) in [
            ("in/marshmallow_bg.wasm", "wasm ".repeat(500)),
            ("in/marshmallow.js", "js ".repeat(500)),
            ("in/snippets/dep/inline.js", "export {}".into()),
            ("in/marshmallow.css", "css ".repeat(500)),
            ("public/icons/mark.svg", "<svg/>".repeat(100)),
            ("dist/keep", String::new()),
        ] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let project = Project {
            target: root.join("target"),
            root,
        };
        Self {
            folder,
            project,
            bundle,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn assemble(&self, mode: Mode) -> Vec<Size> {
        assemble(
            &self.project,
            mode,
            &self.bundle,
            &self.path("in/marshmallow.css"),
            &self.path("dist"),
        )
        .unwrap()
    }

    fn files(&self) -> Vec<String> {
        let site = self.path("dist/site");
        let files = files_below(&site).unwrap();
        files
            .iter()
            .map(|file| file.strip_prefix(&site).unwrap().to_str().unwrap().to_owned())
            .collect()
    }
}

#[test]
fn names_follow_the_content() {
    assert_eq!(hashed_name(b"abc", "js"), "marshmallow.ba7816bf8f01cfea.js");
    assert_ne!(hashed_name(b"abd", "js"), hashed_name(b"abc", "js"));
}

#[test]
fn the_manifest_names_files_that_exist_with_compressed_ones_beside_them() {
    let scene = Scene::new();
    let sizes = scene.assemble(Mode::Release);
    let text = fs::read_to_string(scene.path("dist/site/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    for kind in ["js", "wasm", "css"] {
        let address = manifest[kind].as_str().unwrap();
        assert!(address.starts_with("/pkg/marshmallow."), "{address}");
        for extension in ["", ".br", ".gz"] {
            let file = scene.path(&format!("dist/site{address}{extension}"));
            assert!(file.exists(), "{}", file.display());
        }
    }
    let files = scene.files();
    assert!(
        files.contains(&"icons/mark.svg.br".into()) && files.contains(&"pkg/snippets/dep/inline.js".into())
    );
    assert!(
        sizes.iter().all(|size| size.brotli.unwrap() < size.raw),
        "measured files"
    );
}

#[test]
fn a_new_version_leaves_no_old_file_behind() {
    let scene = Scene::new();
    scene.assemble(Mode::Release);
    let before = scene.files();
    fs::write(&scene.bundle.js, "other ".repeat(500)).unwrap();
    scene.assemble(Mode::Release);
    let after = scene.files();
    assert_eq!(before.len(), after.len());
    assert_eq!(
        before.iter().filter(|name| !after.contains(name)).count(),
        3,
        "js, js.br and js.gz"
    );
    assert!(!scene.path("dist/site.new").exists());
}

#[test]
fn a_debug_site_is_not_compressed() {
    let scene = Scene::new();
    let sizes = scene.assemble(Mode::Debug);
    assert!(sizes.iter().all(|size| size.brotli.is_none()));
    assert!(scene.files().iter().all(|name| !name.ends_with(".br")));
}

#[test]
fn a_running_binary_is_replaced_and_not_written_into() {
    let scene = Scene::new();
    let install = |content: &str| {
        let built = scene.path("in/built");
        fs::write(&built, content).unwrap();
        install_binary(&scene.project, Mode::Release, &built, &scene.path("dist")).unwrap()
    };
    let mut running = fs::File::open(install("old")).unwrap();
    assert_eq!(fs::read_to_string(install("new")).unwrap(), "new");
    let mut still = String::new();
    std::io::Read::read_to_string(&mut running, &mut still).unwrap();
    assert_eq!(still, "old");
}
