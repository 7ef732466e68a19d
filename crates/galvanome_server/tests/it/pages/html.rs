//! What a test asks of a page.

use std::fs;
use std::path::PathBuf;

/// The text of a page: tags and what is hidden in them left out, white space made one.
pub(super) fn text(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => {
                inside = true;
                text.push(' ');
            }
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let text = text
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#38;", "&");
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" ,", ",")
        .replace(" .", ".")
        .replace(" :", ":")
}

/// Everything that holds for every page: no style or script in it, every tag closed, every image named.
pub(super) fn check_sound(html: &str) {
    for (bad, why) in [
        (" style=", "style attributes are against the content policy"),
        ("<style", "style elements are against the content policy"),
        (" onclick", "handlers are against the content policy"),
        ("javascript:", "no script addresses"),
        ("NaN", "a number went wrong"),
        ("{{", "a template was left open"),
        ("Some(", "a debug text"),
    ] {
        assert!(!html.contains(bad), "{why}: {bad}");
    }
    for script in html.split("<script").skip(1) {
        assert!(script.starts_with(" src="), "an inline script");
    }
    for tag in [
        "div", "section", "ul", "ol", "li", "dl", "svg", "table", "tr", "td", "th", "p", "span",
        "a", "h2", "h3",
    ] {
        let opened =
            html.matches(&format!("<{tag} ")).count() + html.matches(&format!("<{tag}>")).count();
        assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "<{tag}>");
    }
    for image in html.split(r#"role="img""#).skip(1) {
        let head = image.split('>').next().unwrap_or_default();
        assert!(head.contains("aria-label=\""), "an image without a name: {head}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "one heading of the page");
}

/// Leaves a page and its assets under `target/pages/`, to be looked at with `npx serve target/pages` or the like.
pub(super) fn keep(name: &str, html: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/pages");
    fs::create_dir_all(folder.join("assets")).unwrap();
    fs::write(folder.join(format!("{name}.html")), html).unwrap();
    for asset in galvanome_server::assets::all() {
        fs::write(folder.join("assets").join(asset.name), asset.bytes).unwrap();
    }
}
