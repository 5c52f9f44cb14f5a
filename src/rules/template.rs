//! Examples that hold no live-looking credential: a template is rendered when it is needed.
//!
//! | in the template | becomes |
//! | --- | --- |
//! | `{hex:32}` | that many random characters of a class |
//! | `{b64\|…}`, `{b64url\|…}`, `{hexenc\|…}`, `{pct\|…}` | the rendered inside, encoded |
//! | `{crc62\|…}` | the rendered inside, and its CRC-32 in base 62, six characters |
//! | `{len\|…}` | the length of the rendered inside in bytes, nothing else |
//! | `{=a\|…}` | the rendered inside, remembered as `a` |
//! | `{@a}` | what `a` is |
//! | `⟦…⟧` | the inside; it is the secret |
//!
//! Any other brace is itself, so that JSON and code read as they are; inside of `{b64|…}` and its like
//! literal braces have to be balanced.
//!
//! Classes: `hex`, `HEX`, `digit`, `lower`, `upper`, `base36` (`0-9a-z`), `BASE36` (`0-9A-Z`), `base62`,
//! `base64` (`+/`), `base64url` (`-_`), `base58`, `base32` (`A-Z2-7`).
//! A first line `@path` is the path of the example; without it the file is `example.txt`.
