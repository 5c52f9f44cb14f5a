use crate::finding::Reason;
use crate::input::Memory;

use super::super::answer::{Request, Verdict};
use super::super::server::{Server as _, Software};
use super::{Manner, Mount, Simple};

fn files() -> Memory {
    [
        ("/w/.env", "A=1"),
        ("/w/.git/config", ""),
        ("/w/index.html", "page"),
        ("/w/index.php", "<?php"),
        ("/w/config.js", ""),
        ("/w/key.pem", ""),
        ("/w/sub/a.txt", ""),
        ("/other/b.txt", ""),
    ]
    .into_iter()
    .collect()
}

fn mount(url: &str, dir: &str, manner: Manner) -> Mount {
    Mount {
        url: url.to_owned(),
        dir: dir.to_owned(),
        manner,
        at: Reason::at("package.json", 3, "a command"),
    }
}

fn ask(manner: Manner, target: &str) -> (Verdict, Option<u16>) {
    let server = Simple::new(Software::Command("x"), "*", vec![mount("/", "/w", manner)]);
    let answer = server.answer(0, &Request::of(target), &files());
    (answer.verdict, answer.status)
}

/// As measured: the whole project served by each product.
#[test]
fn products_treat_dotfiles_as_measured() {
    let served = (Verdict::Served, Some(200));
    let hidden = (Verdict::Denied, Some(404));
    let table = [
        (Manner::SEND, hidden, hidden),
        (Manner::SEND_ALLOW, served, served),
        (Manner::FASTIFY, served, served),
        (Manner::HTTP_SERVER, served, served),
        (Manner::SERVE, served, served),
        (Manner::PHP, served, served),
        (Manner::PYTHON, served, served),
        (Manner::SIRV, hidden, hidden),
        (Manner::SIRV_DEV, served, served),
        (
            Manner::VITE,
            (Verdict::Denied, Some(403)),
            (Verdict::Denied, Some(403)),
        ),
    ];
    for (manner, env, git) in table {
        assert_eq!(ask(manner, "/.env"), env, "{manner:?}");
        assert_eq!(ask(manner, "//.%65nv"), env, "{manner:?}");
        assert_eq!(ask(manner, "/.git/config"), git, "{manner:?}");
        assert_eq!(ask(manner, "/config.js"), served, "{manner:?}");
    }
    assert_eq!(ask(Manner::VITE, "/key.pem"), (Verdict::Denied, Some(403)));
}

#[test]
fn php_is_run_where_the_product_runs_it() {
    assert_eq!(ask(Manner::PHP, "/index.php").0, Verdict::Executed);
    assert_eq!(ask(Manner::PHP, "/nothing/there").0, Verdict::Executed);
    assert_eq!(ask(Manner::PYTHON, "/index.php").0, Verdict::Served);
    assert_eq!(ask(Manner::PYTHON, "/nothing").0, Verdict::NotMapped);
}

#[test]
fn a_single_page_application_answers_every_miss_with_its_page() {
    let server = Simple::new(
        Software::Command("serve"),
        "*",
        vec![mount("/", "/w", Manner::SERVE_SINGLE)],
    );
    let answer = server.answer(0, &Request::of("/nothing"), &files());
    assert_eq!(answer.file.as_deref(), Some("/w/index.html"));
}

#[test]
fn directories_are_listed_or_not() {
    let list = |manner| {
        let server = Simple::new(Software::Command("x"), "*", vec![mount("/", "/w", manner)]);
        server.answer(0, &Request::of("/sub/"), &files())
    };
    assert!(list(Manner::PYTHON).is_listing);
    assert_eq!(list(Manner::SEND).verdict, Verdict::NotMapped);
}

#[test]
fn mounts_are_tried_in_order_and_a_file_has_a_url_under_each() {
    let server = Simple::new(
        Software::Middleware("express"),
        "*",
        vec![
            mount("/static", "/other", Manner::SEND),
            mount("/", "/w", Manner::SEND),
            mount("/all", "/", Manner::SEND),
        ],
    );
    assert_eq!(
        server.targets(0, "/other/b.txt"),
        ["/static/b.txt", "/all/other/b.txt"]
    );
    let answer = server.answer(0, &Request::of("/static/b.txt"), &files());
    assert_eq!(answer.file.as_deref(), Some("/other/b.txt"));
    let answer = server.answer(0, &Request::of("/sub/a.txt"), &files());
    assert_eq!(answer.verdict, Verdict::Served);
    assert_eq!(server.hosts()[0].root.as_deref(), Some("/w"));
}
