//! Configurations that people use, from a directory that the environment names: `SPILLCHECK_NGINX_CONFIGS`.
//!
//! Each file holds what stands in one server, without `listen` and `server_name`. `@` stands for the directory of the
//! tree, `#named` for a named location, `FCGI` for the port of a FastCGI server.

use std::fs;

use crate::support::{Random, Tally};

use super::compare::{Case, Outcome, batch};
use super::grammar::{self, Statement};
use super::tree::Tree;

/// So many URLs are asked of each.
const TARGETS: usize = 300;

#[test]
#[allow(clippy::print_stderr)]
fn given_configurations_are_answered_as_nginx_answers_them() {
    let Ok(directory) = std::env::var("SPILLCHECK_NGINX_CONFIGS") else {
        return;
    };
    let tree = Tree::create("given");
    let mut wrong = String::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mut random = Random::new(3);
        let case = Case {
            outside: Vec::new(),
            inside: vec![Statement::line(format!(
                "server_name given.t;\n{text}\nset $end 1"
            ))],
            host: "given.t".to_owned(),
            targets: (0..TARGETS).map(|_| grammar::target(&mut random)).collect(),
        };
        let mut tally = Tally::default();
        for (_, outcomes) in batch(&tree, std::slice::from_ref(&case)) {
            for outcome in outcomes {
                match outcome {
                    Outcome::Same => tally.same += 1,
                    Outcome::Unknown => tally.unknown += 1,
                    Outcome::Different(what) => {
                        tally.different += 1;
                        wrong += &format!("{}: {what}\n", path.display());
                    }
                }
            }
        }
        eprintln!("{}: {tally}", path.display());
    }
    assert!(wrong.is_empty(), "{wrong}");
}
