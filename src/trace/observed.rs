//! What the access logs say becomes links of chains, and ways.

use std::collections::BTreeMap;

use crate::finding::{Exposure, Moment, Reach, Reason, Way};
use crate::logs::{Examined, Fetched, Target, Verdict, Wanted};

use super::asked::{About, is_fault};

/// What the logs know.
#[derive(Debug, Default)]
pub struct Observed {
    /// Ways by the file that they lead to.
    pub ways: BTreeMap<String, Vec<Way>>,
    /// The first and the last time that something was sent, by the file that it is about and the check that knows of
    /// it, if one does.
    pub sent: BTreeMap<(String, Option<String>), (Moment, Moment)>,
}

impl Observed {
    fn sent(&mut self, file: &str, check: Option<&str>, fetched: &Fetched) {
        let key = (file.to_owned(), check.map(str::to_owned));
        let span = self
            .sent
            .entry(key)
            .or_insert((fetched.first, fetched.last));
        *span = (span.0.min(fetched.first), span.1.max(fetched.last));
    }

    fn leaked(
        &mut self,
        exposure: &mut Exposure,
        what: &str,
        (verdict, fetched): (&Verdict, &Fetched),
    ) {
        exposure.reach = Reach::ObservedLeak;
        exposure.because(Reason::fact(sentence(what, verdict, fetched)));
        exposure.because(line(fetched));
        for file in exposure.exposes.iter().chain([&exposure.file]) {
            self.sent(file, Some(&exposure.check), fetched);
        }
    }
}

/// Says of every exposure what the logs say, and gives the ways of the files.
pub fn observe(
    examined: &Examined,
    targets: &[(Target, About)],
    exposures: &mut [Exposure],
) -> Observed {
    let mut observed = Observed::default();
    for ((target, about), verdict) in targets.iter().zip(&examined.verdicts) {
        let Some(verdict) = verdict else {
            continue;
        };
        match about {
            About::File => {
                if let Some(fetched) = &verdict.fetched {
                    observed.sent(&target.file, None, fetched);
                }
                let ways = observed.ways.entry(target.file.clone()).or_default();
                ways.push(way(target, verdict));
            }
            About::Exposure(index) => {
                let exposure = exposures.get_mut(*index);
                // What was sent of several files is said of that file, which is a target of its own.
                let exposure = exposure.filter(|exposure| !is_one_of_several(target, exposure));
                if let (Some(exposure), Some(fetched)) = (exposure, &verdict.fetched) {
                    let url = target.urls.first().map_or("", String::as_str);
                    observed.leaked(exposure, &format!("GET {url}"), (verdict, fetched));
                }
            }
        }
    }
    if let Some(verdict) = &examined.faults
        && let Some(fetched) = &verdict.fetched
    {
        for exposure in exposures.iter_mut().filter(|exposure| is_fault(exposure)) {
            observed.leaked(exposure, "an error page", (verdict, fetched));
        }
    }
    observed
}

/// Whether the target is one of the files that an exposure lets out, and others were not sent with it.
fn is_one_of_several(target: &Target, exposure: &Exposure) -> bool {
    matches!(target.wanted, Wanted::File { .. } | Wanted::Exactly { .. })
        && exposure.exposes.len() > 1
        && exposure.exposes.contains(&target.file)
}

fn way(target: &Target, verdict: &Verdict) -> Way {
    let url = target.urls.first().cloned();
    let what = format!("GET {}", url.as_deref().unwrap_or("/"));
    let way = |reach, summary| Way {
        reach,
        file: target.file.clone(),
        summary,
        url: url.clone(),
        check: None,
        because: Vec::new(),
        settle: None,
    };
    if let Some(fetched) = &verdict.fetched {
        return Way {
            because: vec![line(fetched)],
            ..way(Reach::ObservedLeak, sentence(&what, verdict, fetched))
        };
    }
    if let Some(possible) = &verdict.possible {
        return Way {
            settle: Some(
                "a copy of the file as it was then, or the server's own records, settle it"
                    .to_owned(),
            ),
            ..way(
                Reach::Unknown,
                format!("{what}: the access log leaves it open, {possible}"),
            )
        };
    }
    let statuses = verdict.statuses.iter();
    let statuses: Vec<String> = statuses
        .map(|(status, count)| format!("{count} × {status}"))
        .collect();
    let summary = format!(
        "{what}: the access logs show {} from {}, and that none was answered with the file ({})",
        counted(verdict.requests, "request"),
        counted(verdict.addresses, "address"),
        statuses.join(", ")
    );
    way(Reach::Contained, summary)
}

fn sentence(what: &str, verdict: &Verdict, fetched: &Fetched) -> String {
    let times = match fetched.times {
        1 => format!("on {}", fetched.first),
        times => format!(
            "{times} times between {} and {}",
            fetched.first, fetched.last
        ),
    };
    format!(
        "{what} was answered with it {times}, to {}, of {} in the access logs: {} ({} %)",
        counted(fetched.addresses, "address"),
        counted(verdict.requests, "request"),
        fetched.how,
        fetched.percent
    )
}

fn counted(count: u64, what: &str) -> String {
    match (count, what) {
        (1, _) => format!("1 {what}"),
        (_, "address") => format!("{count} addresses"),
        _ => format!("{count} {what}s"),
    }
}

/// The first such line.
fn line(fetched: &Fetched) -> Reason {
    let (log, line, text) = &fetched.sample;
    Reason::at(
        log.clone(),
        u32::try_from(*line).unwrap_or(u32::MAX),
        text.clone(),
    )
}
