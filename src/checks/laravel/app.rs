//! Where the applications of a tree are, and what they are set to.

use std::cmp::Ordering;

use crate::checks::Context;
use crate::checks::names::{directory, join};
use crate::site::Want;
use crate::site::packages::{Ecosystem, version};

pub(super) const WANTS: &[Want] = &[Want::name("artisan"), Want::start(".env")];

/// A directory with an `artisan` in it.
pub(super) struct App<'c> {
    pub(super) directory: &'c str,
    /// The text of its `.env`, empty if it has none.
    pub(super) env: String,
}

/// The applications of a tree.
pub(super) fn apps<'c>(context: &'c Context<'_>) -> impl Iterator<Item = App<'c>> {
    let artisans = context.index.named("artisan");
    artisans
        .filter(|path| context.files.is_file(path) && !context.is_aside(path))
        .map(|path| {
            let directory = directory(path);
            let env = context.files.text(&join(directory, ".env"));
            App {
                directory,
                env: env.unwrap_or_default(),
            }
        })
}

impl App<'_> {
    /// A file of the application.
    pub(super) fn file(&self, name: &str) -> String {
        join(self.directory, name)
    }

    /// The version of a package that it installs for production.
    pub(super) fn package(&self, context: &Context<'_>, name: &str) -> Option<String> {
        let package = context
            .packages()
            .near(&self.file("artisan"), Ecosystem::Composer, name)?;
        (!package.is_dev).then(|| package.version.clone())
    }

    /// Whether it installs a package of a version before this one.
    pub(super) fn is_before(&self, context: &Context<'_>, name: &str, than: &str) -> bool {
        self.package(context, name).is_some_and(|have| {
            version::compare(Ecosystem::Composer, &have, than) == Some(Ordering::Less)
        })
    }
}
