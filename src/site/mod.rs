//! A model of the site: document roots, and what the web server answers at which URL.
//!
//! A library: it sees files through [`Files`](crate::input::Files), and needs no disk.

pub mod advisories;
mod answer;
pub mod apache;
pub mod caddy;
mod checksums;
mod discover;
pub mod ds_store;
mod framework;
mod ignored;
pub mod iis;
mod index;
mod judge;
pub mod lex;
pub mod lighttpd;
mod mapping;
mod model;
pub mod nginx;
pub mod packages;
pub(crate) mod path;
mod server;
pub mod simple;
mod want;
mod watch;

pub use answer::{Answer, Request, Verdict};
pub use apache::{Apache, Defaults};
pub use checksums::Checksums;
pub use discover::{Settings, WANTS, discover};
pub use framework::{Framework, frameworks};
pub use ignored::Ignored;
pub use index::{Index, is_installed};
pub use judge::{Judge, Seen};
pub use mapping::{Mapped, Mapping, NOWHERE, Pair};
pub use model::{DocumentRoot, FileVerdict, Hosted, Model, UrlAnswer, UrlVerdict};
pub use server::{Directive, Host, Server, Software};
pub use want::Want;
pub use watch::Watch;
