//! Functions and names of the languages that put paths together.

use super::language::Language;

/// What a function makes of what it is called on and of its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Path {
    /// The directory of the program's file.
    Here,
    /// That file.
    File,
    /// Where the process was started.
    Working,
    /// What it was given.
    Same,
    /// The directory around it.
    Parent,
    /// All of it, one after the other.
    Join,
    /// The first argument, relative to the second: Ruby's `File.expand_path`.
    Expand,
    /// The second argument, which stands for what the environment does not have.
    Default,
}

impl Path {
    /// Whether it is the same path whatever it is called on and given.
    pub(super) fn is_fixed(self) -> bool {
        matches!(self, Self::Here | Self::File | Self::Working)
    }
}

/// By the end of the function's name in dots.
type Table = &'static [(&'static str, Path)];

/// <https://docs.python.org/3/library/os.path.html>, <https://docs.python.org/3/library/pathlib.html>.
const PYTHON: Table = &[
    ("__file__", Path::File),
    ("root_path", Path::Here),
    ("os.getcwd", Path::Working),
    ("getcwd", Path::Working),
    ("os.curdir", Path::Working),
    ("Path.cwd", Path::Working),
    ("Path", Path::Join),
    ("PurePath", Path::Join),
    ("join", Path::Join),
    ("safe_join", Path::Join),
    ("joinpath", Path::Join),
    ("dirname", Path::Parent),
    ("parent", Path::Parent),
    ("abspath", Path::Same),
    ("realpath", Path::Same),
    ("normpath", Path::Same),
    ("expanduser", Path::Same),
    ("fspath", Path::Same),
    ("resolve", Path::Same),
    ("absolute", Path::Same),
    ("as_posix", Path::Same),
    ("str", Path::Same),
    ("environ.get", Path::Default),
    ("getenv", Path::Default),
];

/// <https://docs.ruby-lang.org/en/master/File.html>, <https://docs.ruby-lang.org/en/master/Pathname.html>.
const RUBY: Table = &[
    ("__dir__", Path::Here),
    ("__FILE__", Path::File),
    ("settings.root", Path::Here),
    ("Dir.pwd", Path::Working),
    ("Dir.getwd", Path::Working),
    ("Rails.root", Path::Working),
    ("Rails.public_path", Path::Working),
    ("File.join", Path::Join),
    ("join", Path::Join),
    ("File.expand_path", Path::Expand),
    ("expand_path", Path::Same),
    ("File.realpath", Path::Same),
    ("File.absolute_path", Path::Expand),
    ("File.dirname", Path::Parent),
    ("dirname", Path::Parent),
    ("parent", Path::Parent),
    ("Pathname", Path::Same),
    ("Pathname.new", Path::Same),
    ("to_s", Path::Same),
    ("realpath", Path::Same),
    ("ENV.fetch", Path::Default),
];

/// <https://pkg.go.dev/path/filepath>, <https://pkg.go.dev/net/http#Dir>, <https://pkg.go.dev/os#DirFS>.
const GO: Table = &[
    ("os.Getwd", Path::Working),
    ("filepath.Join", Path::Join),
    ("path.Join", Path::Join),
    ("filepath.Dir", Path::Parent),
    ("path.Dir", Path::Parent),
    ("filepath.Clean", Path::Same),
    ("filepath.FromSlash", Path::Same),
    ("http.Dir", Path::Same),
    ("http.FS", Path::Same),
    ("gin.Dir", Path::Same),
    ("os.DirFS", Path::Same),
];

/// <https://learn.microsoft.com/dotnet/api/system.io.path>; the content root is the directory of the project while it
/// is developed, and that of the published application, with its settings, later.
const C_SHARP: Table = &[
    ("ContentRootPath", Path::Working),
    ("Directory.GetCurrentDirectory", Path::Working),
    ("Environment.CurrentDirectory", Path::Working),
    ("Path.Combine", Path::Join),
    ("Path.Join", Path::Join),
    ("Path.GetFullPath", Path::Same),
    ("Path.GetDirectoryName", Path::Parent),
    ("PhysicalFileProvider", Path::Same),
    ("PathString", Path::Same),
];

/// <https://doc.rust-lang.org/std/path/>.
const RUST: Table = &[
    ("current_dir", Path::Working),
    ("PathBuf.from", Path::Same),
    ("Path.new", Path::Same),
    ("String.from", Path::Same),
    ("join", Path::Join),
    ("concat!", Path::Join),
    ("relative!", Path::Join),
    ("parent", Path::Parent),
    ("unwrap", Path::Same),
    ("expect", Path::Same),
    ("into", Path::Same),
    ("to_string", Path::Same),
    ("to_owned", Path::Same),
    ("display", Path::Same),
];

/// <https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/nio/file/Path.html>.
const JAVA: Table = &[
    ("Paths.get", Path::Join),
    ("Path.of", Path::Join),
    ("File", Path::Join),
    ("resolve", Path::Join),
    ("toAbsolutePath", Path::Same),
    ("normalize", Path::Same),
    ("toString", Path::Same),
    ("getAbsolutePath", Path::Same),
    ("getPath", Path::Same),
    ("getParent", Path::Parent),
];

/// What a function or a name of this name in dots does; the last part of it may be enough.
pub(super) fn named(name: &str, language: Language) -> Option<Path> {
    let table = match language {
        Language::Python => PYTHON,
        Language::Ruby => RUBY,
        Language::Go => GO,
        Language::CSharp => C_SHARP,
        Language::Rust => RUST,
        Language::Java => JAVA,
    };
    let ends = |end: &str| {
        let before = name.strip_suffix(end);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let found = table.iter().find(|(end, _)| ends(end));
    found.map(|(_, path)| *path)
}
