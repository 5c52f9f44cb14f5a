//! All formats say the same: as many things, found by the same rules, in the same places.

use serde_json::Value;

use super::super::{Format, samples};
use super::default;

/// Rule, path and line; sorted.
type Found = Vec<(String, String, Option<u64>)>;

fn json(report: &Value) -> Found {
    let mut found = Found::new();
    for finding in report["findings"].as_array().unwrap() {
        let first = &finding["occurrences"][0];
        found.push(triple(
            &finding["rule"],
            &first["path"],
            &first["start"]["line"],
        ));
    }
    for exposure in report["exposures"].as_array().unwrap() {
        found.push(triple(
            &exposure["check"],
            &exposure["file"],
            &exposure["line"],
        ));
    }
    found
}

fn triple(rule: &Value, path: &Value, line: &Value) -> (String, String, Option<u64>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(rule), text(path), line.as_u64())
}

fn at(rule: &str, place: &str) -> (String, String, Option<u64>) {
    let (path, line) = match place.rsplit_once(':') {
        Some((path, line)) => (path, line.parse().ok()),
        None => (place, None),
    };
    (rule.to_owned(), path.to_owned(), line)
}

fn sarif(log: &Value) -> Found {
    let results = log["runs"][0]["results"].as_array().unwrap().iter();
    results
        .filter(|result| result["suppressions"].as_array().is_none_or(Vec::is_empty))
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            let path = &place["artifactLocation"]["uri"];
            triple(&result["ruleId"], path, &place["region"]["startLine"])
        })
        .collect()
}

fn jsonl(text: &str) -> Found {
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|line: &Value| line["suppressed"].is_null())
        .filter_map(|line: Value| match line["type"].as_str() {
            Some("finding") => {
                let first = &line["occurrences"][0];
                Some(triple(
                    &line["rule"],
                    &first["path"],
                    &first["start"]["line"],
                ))
            }
            Some("exposure") => Some(triple(&line["check"], &line["file"], &line["line"])),
            _ => None,
        })
        .collect()
}

fn csv(text: &str) -> Found {
    let rows = text.split("\r\n").skip(1).filter(|row| !row.is_empty());
    let cells = rows.map(|row| {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for c in row.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                c => cells.last_mut().unwrap().push(c),
            }
        }
        assert_eq!(cells.len(), 16, "{row}");
        cells
    });
    cells
        .filter(|cells| cells[15].is_empty())
        .map(|cells| (cells[3].clone(), cells[5].clone(), cells[6].parse().ok()))
        .collect()
}

fn markdown(text: &str) -> Found {
    let counted = text.split("## Not counted").next().unwrap();
    let rows = counted.lines().filter(|line| line.contains(" | <code>"));
    rows.map(|row| {
        let codes: Vec<&str> = row.split("<code>").skip(1).collect();
        let code = |index: usize| codes[index].split("</code>").next().unwrap();
        at(code(0), code(1))
    })
    .collect()
}

fn junit(text: &str) -> Found {
    let document = roxmltree::Document::parse(text).unwrap();
    let has = |node: &roxmltree::Node<'_, '_>, name: &str| {
        node.children().any(|child| child.has_tag_name(name))
    };
    let cases = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"));
    cases
        .filter(|case| has(case, "failure"))
        .map(|case| {
            let value = |name: &str| case.attribute(name).unwrap().to_owned();
            let line = case.attribute("line").and_then(|line| line.parse().ok());
            (value("classname"), value("file"), line)
        })
        .collect()
}

fn github(text: &str) -> Found {
    let lines = text.lines().filter(|line| line.contains(" file="));
    lines
        .map(|line| {
            let properties = line.split(' ').skip(1).collect::<Vec<_>>().join(" ");
            let properties = properties.split("::").next().unwrap().to_owned();
            let value = |name: &str| {
                let mut all = properties.split(',').filter_map(|one| one.split_once('='));
                all.find(|(key, _)| *key == name)
                    .map(|(_, value)| value.to_owned())
            };
            let title = value("title").unwrap();
            let rule = title.rsplit_once('[').unwrap().1.trim_end_matches(']');
            let line = value("line").and_then(|line| line.parse().ok());
            (rule.to_owned(), value("file").unwrap(), line)
        })
        .collect()
}

fn gitlab(report: &Value) -> Found {
    let found = report["vulnerabilities"].as_array().unwrap().iter();
    found
        .map(|one| {
            let place = &one["location"];
            triple(
                &one["identifiers"][0]["value"],
                &place["file"],
                &place["start_line"],
            )
        })
        .collect()
}

fn code_quality(report: &Value) -> Found {
    let found = report.as_array().unwrap().iter();
    found
        .map(|one| {
            let place = &one["location"];
            triple(&one["check_name"], &place["path"], &place["lines"]["begin"])
        })
        .collect()
}

fn html(text: &str) -> Found {
    let counted = text.split("<h2>Not counted").next().unwrap();
    let items = counted.split("<article").skip(1);
    items
        .map(|item| {
            let place = item
                .split("<code>")
                .nth(1)
                .unwrap()
                .split("</code>")
                .next()
                .unwrap();
            let parts: Vec<&str> = place.split(':').collect();
            let rule = item
                .split("<p class=\"dim\">")
                .nth(1)
                .unwrap()
                .split("</p>")
                .next()
                .unwrap();
            at(rule, &parts[..parts.len().min(2)].join(":"))
        })
        .collect()
}

/// `path:line:col: error[rule]: title`, as `--quiet` writes it.
fn human(text: &str) -> Found {
    let lines = text.lines().filter(|line| line.contains("]: "));
    lines
        .map(|line| {
            let (place, rest) = line.split_once(": ").unwrap();
            let rule = rest.split_once('[').unwrap().1.split_once(']').unwrap().0;
            let parts: Vec<&str> = place.split(':').collect();
            at(rule, &parts[..parts.len().min(2)].join(":"))
        })
        .collect()
}

#[test]
fn all_formats_say_the_same() {
    let mut rich = samples::rich();
    // How each format writes odd names is looked at elsewhere.
    rich.findings
        .retain(|finding| finding.occurrences[0].location.path.is_ascii());
    let mut suppressed = samples::suppressed();
    suppressed
        .findings
        .retain(|finding| finding.occurrences[0].location.path.is_ascii());
    for report in [
        rich,
        suppressed,
        samples::many(40),
        samples::empty(),
        samples::incomplete(),
    ] {
        let text = |format| default(&report, format);
        let value = |format| serde_json::from_str::<Value>(&text(format)).unwrap();
        let sorted = |mut found: Found| {
            found.sort();
            found
        };
        let expected = sorted(json(&value(Format::Json)));
        assert_eq!(
            expected.len(),
            report.findings.len() + report.exposures.len()
        );
        for &format in Format::ALL {
            let found = match format {
                Format::Json => continue,
                Format::Human => {
                    let quiet = super::RenderOptions {
                        quiet: true,
                        ..Default::default()
                    };
                    human(&super::rendered(&report, format, quiet))
                }
                Format::Jsonl => jsonl(&text(format)),
                Format::Sarif => sarif(&value(format)),
                Format::Csv => csv(&text(format)),
                Format::Markdown => markdown(&text(format)),
                Format::Html => html(&text(format)),
                Format::Junit => junit(&text(format)),
                Format::Github => github(&text(format)),
                Format::Gitlab => gitlab(&value(format)),
                Format::GitlabCodequality => code_quality(&value(format)),
            };
            assert_eq!(sorted(found), expected, "{format:?}");
        }
    }
}
