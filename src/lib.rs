//! spillcheck finds the credentials that a web application exposes, and how they got out.
//!
//! Data flows one way: [`input`] yields bytes, [`detect`] finds credentials in them by [`rules`],
//! [`trace`] joins what was found, [`suppress`] takes out what is known, [`report`] writes it. [`finding`] holds the nouns that all of
//! them share.

pub mod checks;
pub mod cli;
pub mod detect;
pub mod finding;
pub mod incident;
pub mod input;
pub mod logs;
#[cfg(feature = "mailgun")]
pub mod mailgun;
pub mod report;
pub mod rules;
pub mod site;
pub mod suppress;
pub mod trace;
