//! Which servers a tree has, found out from the files in it.

use crate::input::Files;

use super::index::{Index, Want};
use super::mapping::Pair;
use super::model::Model;

/// What the user says of the servers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The directories that are scanned, as reports name them; none stands for the empty name.
    pub trees: Vec<String>,
    /// `--server-config`: configuration files or directories, as reports name them.
    pub configs: Vec<String>,
    /// `--docroot DIR[=URL-prefix]`: directories of the tree, and the URL that they lie under.
    pub roots: Vec<(String, String)>,
    /// `--map SERVER-PATH=LOCAL-PATH`.
    pub pairs: Vec<Pair>,
}

/// What [`discover`] looks at.
pub const WANTS: &[Want] = &[];

/// Finds the servers of a tree. `files` and `index` have the tree's names.
pub fn discover(_files: &dyn Files, _index: &Index, _settings: &Settings) -> Model {
    Model::default()
}
