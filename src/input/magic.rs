//! Files that say in their first bytes what they are.

/// How sure a signature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    /// No text starts like this.
    Sure,
    /// Text may start like this; it takes bytes that are not text to tell.
    Weak,
}

struct Signature {
    offset: usize,
    bytes: &'static [u8],
    kind: &'static str,
    strength: Strength,
}

const fn sure(bytes: &'static [u8], kind: &'static str) -> Signature {
    Signature {
        offset: 0,
        bytes,
        kind,
        strength: Strength::Sure,
    }
}

const fn weak(bytes: &'static [u8], kind: &'static str) -> Signature {
    Signature {
        strength: Strength::Weak,
        ..sure(bytes, kind)
    }
}

const fn weak_at(offset: usize, bytes: &'static [u8], kind: &'static str) -> Signature {
    Signature {
        offset,
        ..weak(bytes, kind)
    }
}

/// As listed by <https://www.iana.org/assignments/media-types/> specifications and
/// <https://en.wikipedia.org/wiki/List_of_file_signatures>; git's own from
/// <https://git-scm.com/docs/gitformat-pack>, and SQLite's from <https://www.sqlite.org/fileformat2.html>.
const SIGNATURES: &[Signature] = &[
    sure(b"PK\x03\x04", "zip"),
    sure(b"PK\x05\x06", "zip"),
    sure(b"\x1f\x8b\x08", "gzip"),
    sure(b"\xfd7zXZ\0", "xz"),
    sure(b"\x28\xb5\x2f\xfd", "zstd"),
    sure(b"7z\xbc\xaf\x27\x1c", "7z"),
    sure(b"Rar!\x1a\x07", "rar"),
    sure(b"\x04\x22\x4d\x18", "lz4"),
    weak(b"BZh", "bzip2"),
    weak(b"x\x01", "zlib"),
    weak(b"x\x9c", "zlib"),
    weak(b"x\xda", "zlib"),
    sure(b"\x89PNG\r\n\x1a\n", "png"),
    sure(b"\xff\xd8\xff", "jpeg"),
    weak(b"GIF87a", "gif"),
    weak(b"GIF89a", "gif"),
    sure(b"\0\0\x01\0", "ico"),
    weak(b"II*\0", "tiff"),
    weak(b"MM\0*", "tiff"),
    weak(b"BM", "bmp"),
    weak(b"8BPS", "psd"),
    weak_at(8, b"WEBP", "webp"),
    weak_at(8, b"WAVE", "wav"),
    weak_at(8, b"AVI ", "avi"),
    weak_at(4, b"ftyp", "mp4"),
    sure(b"\x1a\x45\xdf\xa3", "matroska"),
    weak(b"OggS", "ogg"),
    weak(b"fLaC", "flac"),
    weak(b"ID3", "mp3"),
    weak(b"%PDF-", "pdf"),
    sure(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole2"),
    sure(b"\x7fELF", "elf"),
    sure(b"\xcf\xfa\xed\xfe", "mach-o"),
    sure(b"\xca\xfe\xba\xbe", "java class"),
    weak(b"MZ", "pe"),
    weak(b"!<arch>\n", "ar"),
    sure(b"\0asm", "wasm"),
    weak_at(2, b"\r\n", "python bytecode"),
    weak(b"wOFF", "woff"),
    weak(b"wOF2", "woff2"),
    sure(b"\0\x01\0\0", "truetype"),
    weak(b"OTTO", "opentype"),
    sure(b"SQLite format 3\0", "sqlite"),
    sure(b"\x37\x7f\x06\x82", "sqlite write-ahead log"),
    sure(b"\x37\x7f\x06\x83", "sqlite write-ahead log"),
    sure(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", "sqlite journal"),
    sure(b"\xde\x12\x04\x95", "gettext"),
    sure(b"\x95\x04\x12\xde", "gettext"),
    sure(b"PACK\0\0\0", "git pack"),
    sure(b"\xfftOc", "git pack index"),
    sure(b"DIRC\0\0\0", "git index"),
    sure(b"\xff\xfe\0\0", "utf-32"),
    sure(b"\0\0\xfe\xff", "utf-32"),
    weak_at(257, b"ustar", "tar"),
];

/// What the head of a file says it is.
pub(super) fn recognise(head: &[u8]) -> Option<(&'static str, Strength)> {
    SIGNATURES
        .iter()
        .find(|signature| {
            // Comparing one byte first spares nearly all calls of `memcmp`.
            head.get(signature.offset) == signature.bytes.first()
                && head[signature.offset..].starts_with(signature.bytes)
        })
        .map(|signature| (signature.kind, signature.strength))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_is_found_where_it_stands() {
        for signature in SIGNATURES {
            let mut head = vec![b'.'; signature.offset];
            head.extend_from_slice(signature.bytes);
            let found = recognise(&head);
            assert_eq!(found, Some((signature.kind, signature.strength)));
        }
    }

    #[test]
    fn sure_signatures_hold_bytes_that_no_text_does() {
        for signature in SIGNATURES.iter().filter(|s| s.strength == Strength::Sure) {
            let odd = |b: &u8| (*b < 0x20 && !b"\t\n\r".contains(b)) || *b > 0x7e;
            assert!(signature.bytes.iter().any(odd), "{}", signature.kind);
        }
    }

    #[test]
    fn text_is_nothing() {
        assert_eq!(recognise(b""), None);
        assert_eq!(recognise(b"<?php echo 1;"), None);
    }
}
