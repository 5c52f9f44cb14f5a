//! Ways out, drawn: from the configuration that opens them to what a visitor gets.

use std::io::{self, Write};

use super::markup::escaped;
use crate::finding::{Reach, Reason, Way};

/// Every way of a credential, those that lead out first.
pub(super) fn ways(ways: &[Way], out: &mut dyn Write) -> io::Result<()> {
    if ways.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h4>How it gets out</h4>")?;
    for way in ways {
        let class = class(way.reach);
        writeln!(
            out,
            "<div class=\"way {class}\">\n<p><span class=\"tag {class}\">{}</span> {}</p>",
            way.reach.word(),
            escaped(&way.summary)
        )?;
        let end = match &way.url {
            Some(url) if way.reach != Reach::Contained => format!("GET {url}"),
            _ => way.reach.word().to_owned(),
        };
        path(&way.because, &[&way.file, &end], out)?;
        if let Some(settle) = &way.settle {
            writeln!(
                out,
                "<p class=\"dim\">What would settle it: {}</p>",
                escaped(settle)
            )?;
        }
        writeln!(out, "</div>")?;
    }
    Ok(())
}

/// Reasons one after the other, then where they lead.
pub(super) fn path(reasons: &[Reason], ends: &[&str], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<ol class=\"path\">")?;
    for reason in reasons {
        let place = match (&reason.file, reason.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            (Some(file), None) => file.clone(),
            (None, _) => "fact".to_owned(),
        };
        writeln!(
            out,
            "<li><small>{}</small><code>{}</code></li>",
            escaped(&place),
            escaped(&reason.directive)
        )?;
    }
    for end in ends {
        writeln!(out, "<li class=\"end\"><code>{}</code></li>", escaped(end))?;
    }
    writeln!(out, "</ol>")
}

pub(super) fn class(reach: Reach) -> &'static str {
    match reach {
        Reach::ObservedLeak | Reach::Reachable | Reach::Published | Reach::Likely => "out",
        Reach::Latent | Reach::Unknown => "open",
        Reach::Contained => "in",
    }
}
