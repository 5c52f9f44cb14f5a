//! `spillcheck respond`: the steps of the provider's procedure, one after the other, and which of them are done.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use clap::Args;

use crate::finding::{Moment, without_keys};
use crate::incident::{Attestation, Case, Recheck, State, Step};

use super::exit::Exit;
use super::investigate::{CaseArgs, look_into, read, update};
use super::{Failure, scanned};

#[derive(Debug, Args)]
pub(super) struct RespondArgs {
    #[command(flatten)]
    case: CaseArgs,
    /// Look again which old credentials still stand somewhere, and which ways out are still open
    #[arg(long, conflicts_with = "list")]
    check: bool,
    /// Show the steps and their state, and ask nothing
    #[arg(long)]
    list: bool,
}

pub(super) fn run(args: &RespondArgs) -> Result<Exit, Failure> {
    if args.check {
        return check(args);
    }
    if args.list {
        let case = read(&args.case.file)?;
        let mut out = String::new();
        for step in case.steps() {
            out.push_str(&line(&step));
        }
        super::print(out.as_bytes())?;
        return Ok(ended(&case));
    }
    walk(&args.case.file)
}

/// What the person said.
enum Said {
    Done(String),
    Later,
    Quit,
}

/// Goes through what is left. Each answer is kept at once, so that whoever is interrupted goes on where they were. The
/// case is read again for each step: while one is asked about, other commands note in it what they do.
fn walk(file: &Path) -> Result<Exit, Failure> {
    // A step that was blocked when it was told is told again when it can be done.
    let mut told: Vec<(String, bool)> = Vec::new();
    loop {
        let next = read(file)?.steps().into_iter().find(|step| {
            let told_so = (step.id.clone(), is_blocked(step));
            !step.state.is_done() && !told.contains(&told_so)
        });
        let Some(step) = next else {
            break;
        };
        told.push((step.id.clone(), is_blocked(&step)));
        tell(&step)?;
        if is_blocked(&step) {
            continue;
        }
        match ask()? {
            Said::Done(note) => attest(file, &step, &note)?,
            Said::Later => {}
            Said::Quit => break,
        }
    }
    let case = read(file)?;
    let steps = case.steps();
    let left = steps.iter().filter(|step| !step.state.is_done()).count();
    let text = match left {
        0 => "Every step is done.\n".to_owned(),
        left => format!(
            "{left} of {} steps are left; `spillcheck respond` goes on from here.\n",
            steps.len()
        ),
    };
    super::print(text.as_bytes())?;
    Ok(ended(&case))
}

fn is_blocked(step: &Step) -> bool {
    matches!(step.state, State::Blocked(_))
}

/// Keeps what the person said of a step, unless a command has noted meanwhile that it is done.
fn attest(file: &Path, step: &Step, note: &str) -> Result<(), Failure> {
    update(file, |case| {
        let now = case.steps().into_iter().find(|other| other.id == step.id);
        if now.is_some_and(|now| now.state == State::Open) {
            let at = Moment::now();
            // Who changes keys has one at hand.
            let note = without_keys(note);
            case.attested
                .insert(step.id.clone(), Attestation { at, note });
            case.updated = at;
        }
    })?;
    Ok(())
}

fn ended(case: &Case) -> Exit {
    if case.steps().iter().all(|step| step.state.is_done()) {
        Exit::Clean
    } else {
        Exit::Findings
    }
}

fn tell(step: &Step) -> Result<(), Failure> {
    let mut text = format!("\n{}", line(step));
    for how in &step.how {
        text.push_str(&format!("    {how}\n"));
    }
    super::print(text.as_bytes())?;
    Ok(())
}

fn line(step: &Step) -> String {
    let state = match &step.state {
        State::Done { at, by } => format!("done on {at} ({by})"),
        State::Open => "open".to_owned(),
        State::Blocked(why) => format!("not yet: {why}"),
    };
    format!(
        "Step {}: {}\n    {state}\n",
        step.number,
        super::printable(&step.title)
    )
}

/// Asks until the answer is one; the end of the input is a wish to stop.
fn ask() -> Result<Said, Failure> {
    let stdin = io::stdin();
    loop {
        let mut out = io::stdout().lock();
        write!(out, "  Is this done? y [note], n for later, q to stop: ")?;
        out.flush()?;
        let mut answer = String::new();
        let read = stdin
            .lock()
            .read_line(&mut answer)
            .map_err(|error| Failure::usage(format!("the answer cannot be read: {error}")))?;
        if !stdin.is_terminal() {
            writeln!(out)?;
        }
        if read == 0 {
            return Ok(Said::Quit);
        }
        let (word, note) = answer.trim().split_once(' ').unwrap_or((answer.trim(), ""));
        match word {
            "y" | "yes" => return Ok(Said::Done(note.trim().to_owned())),
            "n" | "no" => return Ok(Said::Later),
            "q" | "quit" => return Ok(Said::Quit),
            _ => {}
        }
    }
}

/// Looks at the same directories again.
fn check(args: &RespondArgs) -> Result<Exit, Failure> {
    let file = &args.case.file;
    let case = read(file)?;
    let (report, now) = look_into(&scanned::again(&case.scan)?, &case)?;
    let mut result = Recheck::default();
    update(file, |case| result = case.recheck(&now))?;
    super::print(told(&result).as_bytes())?;
    let is_clean = result.open.is_empty() && result.present.is_empty();
    Ok(match (is_clean, report.coverage.is_incomplete()) {
        (false, _) => Exit::Findings,
        (true, true) => Exit::Incomplete,
        (true, false) => Exit::Clean,
    })
}

fn told(result: &Recheck) -> String {
    let mut text = String::new();
    if result.open.is_empty() {
        text.push_str("No way out that was found before is open any more.\n");
    }
    for cause in &result.open {
        text.push_str(&format!(
            "still open: {} ({}): {}\n",
            cause.file, cause.class, cause.summary
        ));
    }
    if result.present.is_empty() {
        text.push_str("None of the old credentials stands in the tree any more.\n");
    }
    for credential in &result.present {
        text.push_str(&format!("still in the tree: {}\n", credential.title));
        for place in &credential.places {
            text.push_str(&format!(
                "    {}:{}: the new one goes here\n",
                place.file, place.line
            ));
        }
    }
    super::printable(&text)
}
