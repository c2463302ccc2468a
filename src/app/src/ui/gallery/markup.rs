//! Looks at rendered HTML for what a browser would repair (which breaks hydration), what the
//! Content-Security-Policy forbids, and what a screen reader could not name.

use std::collections::HashSet;

/// A start or end tag: its name, its attributes as text, and whether it ends something.
struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    is_end: bool,
}

impl<'a> Tag<'a> {
    fn attribute(&self, name: &str) -> Option<&'a str> {
        let start = self.attributes.find(&format!(" {name}=\""))? + name.len() + 3;
        self.attributes[start..].split('"').next()
    }

    fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|value| !value.is_empty())
    }
}

const VOID: [&str; 12] = [
    "input", "br", "hr", "img", "path", "rect", "circle", "line", "meta", "link", "source", "col",
];
/// What ends an open `<p>` (HTML, section 4.4.1).
const BLOCKS: [&str; 16] = [
    "p", "div", "ul", "ol", "dl", "form", "table", "section", "header", "footer", "main", "nav", "pre",
    "details", "h1", "h2",
];

/// The tags of `html` in order. Comments are left out; those of a debug build hold angle brackets themselves.
fn tags(html: &str) -> Vec<Tag<'_>> {
    html.split("<!--")
        .enumerate()
        .map(|(index, piece)| {
            if index == 0 {
                piece
            } else {
                piece.split_once("-->").map_or("", |(_, rest)| rest)
            }
        })
        .flat_map(|piece| piece.split('<').skip(1))
        .filter(|piece| !piece.starts_with('!'))
        .filter_map(|piece| {
            let inside = piece.split('>').next()?;
            let is_end = inside.starts_with('/');
            let inside = inside.trim_start_matches('/');
            let end = inside.find([' ', '/']).unwrap_or(inside.len());
            Some(Tag {
                name: &inside[..end],
                attributes: &inside[end..],
                is_end,
            })
        })
        .collect()
}

/// What is wrong with `html`, in words; nothing when it is sound.
pub(crate) fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let (mut ids, mut wanted) = (HashSet::new(), Vec::new());
    for tag in tags(html) {
        if tag.is_end {
            if VOID.contains(&tag.name) {
                continue;
            }
            if open.pop() != Some(tag.name) {
                faults.push(format!("</{}> ends something else", tag.name));
            }
            continue;
        }
        if tag.has("style") {
            faults.push(format!("<{}> has an inline style", tag.name));
        }
        if let Some(id) = tag.attribute("id")
            && !ids.insert(id)
        {
            faults.push(format!("the id {id} stands twice"));
        }
        wanted.extend(tag.attribute("for"));
        wanted.extend(
            tag.attribute("aria-describedby")
                .unwrap_or_default()
                .split_whitespace(),
        );
        if open.contains(&"p") && BLOCKS.contains(&tag.name) {
            faults.push(format!("<{}> stands inside <p>", tag.name));
        }
        if tag.name == "form" && open.contains(&"form") {
            faults.push("a form stands inside a form".to_owned());
        }
        if matches!(tag.name, "button" | "a") && open.iter().any(|outer| matches!(*outer, "button" | "a")) {
            faults.push(format!("<{}> stands inside a button or link", tag.name));
        }
        if tag.name == "a"
            && tag.attribute("target") == Some("_blank")
            && tag.attribute("rel") != Some("noopener noreferrer")
        {
            faults.push("a link to another site tells it where it came from".to_owned());
        }
        if tag.name == "button" && !tag.has("type") {
            faults.push("a button has no type".to_owned());
        }
        if !VOID.contains(&tag.name) {
            open.push(tag.name);
        }
    }
    faults.extend(
        wanted
            .iter()
            .filter(|id| !ids.contains(**id))
            .map(|id| format!("nothing has the id {id}")),
    );
    faults
}

#[test]
fn what_browsers_repair_is_found() {
    assert!(faults("<p>fine <b>bold</b></p><input id=\"a\"><label for=\"a\">A</label>").is_empty());
    for wrong in [
        "<p><div></div></p>",
        "<form><div><form></form></div></form>",
        "<i id=\"a\"></i><i id=\"a\"></i>",
        "<i style=\"color:red\"></i>",
        "<label for=\"b\"></label>",
        "<button>x</button>",
        "<div></p>",
        "<a href=\"/\"><button type=\"button\"></button></a>",
        "<a href=\"https://example.org\" target=\"_blank\"></a>",
    ] {
        assert_eq!(faults(wrong).len().min(1), 1, "{wrong}");
    }
}
