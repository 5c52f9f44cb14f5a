//! What comes from files stays text in every form.

use super::super::case::{Case, Cause};
use super::*;

fn hostile() -> Case {
    let mut case = Case::open().unwrap();
    case.answer.causes.push(Cause {
        summary: "![x](http://evil.example) <script>alert(1)</script> \u{1b}[2J\u{202e} @all"
            .to_owned(),
        file: "a`b_c*.env".to_owned(),
        ..Cause::bare()
    });
    case
}

#[test]
fn nothing_from_files_becomes_markup() {
    let case = hostile();
    let markdown = report(&case, ReportForm::Md).unwrap();
    assert!(
        markdown.contains(r"\!\[x\](http://evil.example) \<script\>alert(1)\</script\>"),
        "{markdown}"
    );
    let html = report(&case, ReportForm::Html).unwrap();
    assert!(
        html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "{html}"
    );
    assert!(!html.contains("<script"));
    for text in [answer(&case), markdown, html] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}

#[test]
fn a_report_tells_what_is_not_known_and_never_the_key_of_the_case() {
    let case = Case::open().unwrap();
    for form in [ReportForm::Md, ReportForm::Html, ReportForm::Json] {
        let report = report(&case, form).unwrap();
        assert!(!report.contains(&case.fingerprint_key));
    }
    let markdown = report(&case, ReportForm::Md).unwrap();
    for told in [
        "None was found",
        "**Account**: not stated",
        "Not examined: no access log was read",
        "Step 4:",
    ] {
        assert!(markdown.contains(told), "{told}: {markdown}");
    }
}
