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
        let bundle = Bundle::new(root.join("in/bundle"), root.join("in/parts.json"));
        for (name, content) in [
            ("in/bundle/marshmallow_bg.wasm", "wasm ".repeat(500)),
            ("in/bundle/chunk_1.wasm", "chunk ".repeat(500)),
            ("in/bundle/split_page.wasm", "page ".repeat(500)),
            ("in/bundle/marshmallow.js", "js ".repeat(500)),
            ("in/bundle/parts.js", "parts ".repeat(500)),
            ("in/bundle/snippets/dep/inline.js", "export {}".into()),
            ("in/parts.json", r#"{"page_12":["chunk_1","split_page"]}"#.into()),
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

    fn assemble(&self, mode: Mode) -> Sizes {
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
        let files = files::below(&site).unwrap();
        files
            .iter()
            .map(|file| file.strip_prefix(&site).unwrap().to_str().unwrap().to_owned())
            .collect()
    }

    fn manifest(&self) -> serde_json::Value {
        let text = fs::read_to_string(self.path("dist/site/manifest.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

#[test]
fn the_manifest_names_files_that_exist_with_compressed_ones_beside_them() {
    let scene = Scene::new();
    let sizes = scene.assemble(Mode::Release);
    let manifest = scene.manifest();
    let folder = manifest["folder"].as_str().unwrap();
    assert!(folder.starts_with("/pkg/"), "{folder}");
    let mut named = vec![manifest["css"].as_str().unwrap().to_owned()];
    for kind in ["js", "wasm", "link"] {
        named.push(format!("{folder}/{}", manifest[kind].as_str().unwrap()));
    }
    for stem in manifest["parts"]["page_12"].as_array().unwrap() {
        named.push(format!("{folder}/{}.wasm", stem.as_str().unwrap()));
    }
    assert_eq!(named.len(), 6);
    for address in named {
        for extension in ["", ".br", ".gz"] {
            let file = scene.path(&format!("dist/site{address}{extension}"));
            assert!(file.exists(), "{}", file.display());
        }
    }
    let files = scene.files();
    let snippet = format!("{}/snippets/dep/inline.js", folder.trim_start_matches('/'));
    assert!(files.contains(&"icons/mark.svg.br".into()) && files.contains(&snippet));
    assert!(
        sizes.common.iter().all(|size| size.brotli.unwrap() < size.raw),
        "measured files"
    );
    let [page] = sizes.parts.as_slice() else {
        panic!("one part")
    };
    assert_eq!((page.name.as_str(), page.raw), ("page", 500 * (6 + 5)));
}

#[test]
fn addresses_follow_the_content_and_a_new_version_leaves_no_old_file_behind() {
    let scene = Scene::new();
    scene.assemble(Mode::Release);
    let (first, count) = (scene.manifest(), scene.files().len());
    fs::write(scene.bundle.folder.join(Bundle::JS), "other ".repeat(500)).unwrap();
    scene.assemble(Mode::Release);
    let second = scene.manifest();
    assert_ne!(first["folder"], second["folder"]);
    assert_eq!(first["css"], second["css"]);
    assert_eq!(scene.files().len(), count);
    assert!(!scene.path("dist/site.new").exists());
}

#[test]
fn a_debug_site_is_not_compressed() {
    let scene = Scene::new();
    let sizes = scene.assemble(Mode::Debug);
    assert!(sizes.common.iter().all(|size| size.brotli.is_none()));
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
