//! Makes a disagreement small.

use super::compare::{Case, Outcome, Ports, batch};
use super::grammar::Statement;
use super::tree::Tree;

/// So often nginx is started for one disagreement.
const MAX_STARTS: usize = 150;

/// The smallest configuration on which both still disagree, with what they say.
pub(super) fn shrink(tree: &Tree, case: &Case, target: usize, what: &str) -> String {
    let mut best = case.clone();
    best.targets = vec![case.targets[target].clone()];
    let mut said = what.to_owned();
    let mut starts = 0;
    let mut at = 0;
    while starts < MAX_STARTS {
        let mut smaller = best.clone();
        let mut left = at;
        if !remove(&mut smaller.outside, &mut left) && !remove(&mut smaller.inside, &mut left) {
            break;
        }
        starts += 1;
        let outcomes = batch(tree, std::slice::from_ref(&smaller));
        let outcome = outcomes
            .into_iter()
            .next()
            .and_then(|(_, outcomes)| outcomes.into_iter().next());
        match outcome {
            Some(Outcome::Different(what)) => {
                best = smaller;
                said = what;
            }
            _ => at += 1,
        }
    }
    let ports = Ports {
        http: 0,
        fastcgi: 0,
    };
    format!("{said}\n{}\n", best.text(tree, ports)).replace(&tree.base, "@")
}

/// Takes away the statement of this number, and all in it.
fn remove(statements: &mut Vec<Statement>, left: &mut usize) -> bool {
    for index in 0..statements.len() {
        if statements[index].head.starts_with("server_name") {
            continue;
        }
        if *left == 0 {
            statements.remove(index);
            return true;
        }
        *left -= 1;
        if let Some(body) = &mut statements[index].body
            && remove(body, left)
        {
            return true;
        }
    }
    false
}
