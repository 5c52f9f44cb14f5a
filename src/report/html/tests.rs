use super::*;
use crate::report::clean::Plain;
use crate::report::samples;

fn page(report: &crate::report::Report) -> String {
    let clean = Clean::new(report, Plain::Hidden).unwrap();
    let mut out = Vec::new();
    write(&clean, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn nothing_is_fetched_and_only_the_own_script_runs() {
    let page = page(&samples::suppressed());
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("<style").count(), 1);
    for text in [
        "<link",
        "<img",
        "<iframe",
        " src=",
        "@import",
        "url(",
        " style=",
        " onclick=",
    ] {
        assert!(!page.contains(text), "{text}");
    }
    let policy = page
        .split("Content-Security-Policy\" content=\"")
        .nth(1)
        .unwrap();
    let policy = policy.split('"').next().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn text_of_scanned_files_is_no_markup() {
    let mut report = samples::empty();
    let line = "<script>alert(1)</script>\" onload='x' ****";
    let path = "a/<img src=x onerror=alert(1)>.env";
    report.findings = vec![samples::finding(
        "rule",
        "hunter2-hunter2",
        vec![samples::occurrence(path, 3, ["<b>", line, "&amp;"])],
    )];
    report.notes = vec![line.to_owned()];
    let page = page(&report);
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("<img") && !page.contains("<b>"), "{page}");
    assert!(page.contains("&amp;amp;"));
}

#[test]
fn only_addresses_of_the_web_are_links() {
    assert!(
        markup::link("https://example.com/\"x").contains("href=\"https://example.com/&quot;x\"")
    );
    assert!(!markup::link("javascript:alert(1)").contains("href"));
}

#[test]
fn every_tag_is_closed() {
    let page = page(&samples::suppressed());
    for tag in [
        "article", "details", "summary", "ol", "ul", "li", "table", "tr", "pre", "code", "p",
        "div", "form", "span", "h2",
    ] {
        let open =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        let closed = page.matches(&format!("</{tag}>")).count();
        assert_eq!(open, closed, "{tag}");
    }
}
