//! A page that needs nothing beside it, and runs nothing.

use crate::report::entities;

use super::Block;
use super::text::plain;

const HEAD: &str = "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Incident report</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid #bbb; }
li { margin: .3rem 0; overflow-wrap: anywhere; } li li { color: #444; font-size: .9rem; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; }
@media print { body { margin: 0; max-width: none; } }
</style>
</head>
<body>
<main>
";

pub(super) fn render(blocks: &[Block]) -> String {
    let mut out = HEAD.to_owned();
    for block in blocks {
        match block {
            Block::Heading(level, text) => {
                out.push_str(&format!("<h{level}>{}</h{level}>\n", escaped(text)));
            }
            Block::Text(text) => out.push_str(&format!("<p>{}</p>\n", escaped(text))),
            Block::Fields(fields) => {
                out.push_str("<dl>\n");
                for (name, value) in fields {
                    out.push_str(&format!(
                        "<dt>{}</dt><dd>{}</dd>\n",
                        escaped(name),
                        escaped(value)
                    ));
                }
                out.push_str("</dl>\n");
            }
            Block::List(items) => {
                out.push_str("<ul>\n");
                for item in items {
                    out.push_str(&format!("<li>{}", escaped(&item.text)));
                    if !item.details.is_empty() {
                        out.push_str("\n<ul>\n");
                        for detail in &item.details {
                            out.push_str(&format!("<li>{}</li>\n", escaped(detail)));
                        }
                        out.push_str("</ul>\n");
                    }
                    out.push_str("</li>\n");
                }
                out.push_str("</ul>\n");
            }
        }
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn escaped(text: &str) -> String {
    entities(&plain(text))
}
