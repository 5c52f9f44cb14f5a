//! What says that escaped text is near.

use crate::finding::Decoder;

/// Literals that say that escaped text is near, to be matched without regard to ASCII case, each with what
/// decodes it when [`super::around`] is asked about where it stands.
///
/// Chosen for what separates a name from its value (`=`, `:`, quotes) or a line of an escaped `.env`
/// from the one before, and for being rare otherwise. Left out as too frequent in ordinary code: `\"`
/// alone, `\n` alone, `\u00`, `&amp;`, `&#x` (50 to 2,700 a megabyte; those below have fewer than 20).
pub const TRIGGERS: &[(&str, Decoder)] = &[
    ("%3a", Decoder::Percent),
    ("%3d", Decoder::Percent),
    ("%22", Decoder::Percent),
    ("%40", Decoder::Percent),
    ("&quot;", Decoder::Html),
    ("&#34;", Decoder::Html),
    ("&#034;", Decoder::Html),
    ("&#39;", Decoder::Html),
    ("&#039;", Decoder::Html),
    ("&#61;", Decoder::Html),
    ("&#x22;", Decoder::Html),
    ("&#x27;", Decoder::Html),
    ("&#x3d;", Decoder::Html),
    ("&#x2f;", Decoder::Html),
    ("\\\":", Decoder::JsonEscape),
    (":\\/\\/", Decoder::JsonEscape),
    ("\\u0022", Decoder::JsonEscape),
    ("\\u0026", Decoder::JsonEscape),
    ("\\u0027", Decoder::JsonEscape),
    ("\\u002b", Decoder::JsonEscape),
    ("\\u002f", Decoder::JsonEscape),
    ("\\u003a", Decoder::JsonEscape),
    ("\\u003d", Decoder::JsonEscape),
    ("\\napi", Decoder::JsonEscape),
    ("\\napp_", Decoder::JsonEscape),
    ("\\naws_", Decoder::JsonEscape),
    ("\\ndatabase_", Decoder::JsonEscape),
    ("\\ndb_", Decoder::JsonEscape),
    ("\\nmail", Decoder::JsonEscape),
    ("\\nmysql_", Decoder::JsonEscape),
    ("\\npostgres_", Decoder::JsonEscape),
    ("\\nredis_", Decoder::JsonEscape),
    ("\\nsecret", Decoder::JsonEscape),
    ("\\nsmtp_", Decoder::JsonEscape),
    ("\\nstripe_", Decoder::JsonEscape),
    ("\\x2", Decoder::PhpEscape),
    ("\\x3", Decoder::PhpEscape),
    ("\\x6", Decoder::PhpEscape),
    ("\\x7", Decoder::PhpEscape),
    ("\\u{6", Decoder::PhpEscape),
    ("\\u{7", Decoder::PhpEscape),
    ("\\14", Decoder::PhpEscape),
    ("\\15", Decoder::PhpEscape),
    ("\\16", Decoder::PhpEscape),
];
