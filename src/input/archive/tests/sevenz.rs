//! Archives as 7-Zip writes them, and broken ones.

use super::*;

/// `7z a -snl`: `.env`, `b/c.txt`, `d.bin`, a link `l`, an empty file and an empty directory; all of LZMA2, and the
/// list packed as well.
const SOLID: &str = "N3q8ryccAATAtbvhqgAAAAAAAAAiAAAAAAAAAISOJGwBAA9BPTF0ZXh0AAECAP8uZW52AAAAgTMHrg/PObAMB8hDf0Gx+v3i+3np\
    fQS1/j4/JskeRs/S9ayApYgJyzil36RB/sTbc3Nlatxqb5vT9eQNDVvQRuTPbAGpngVdxPEGNaVBg1l1iVnnEcLdwm1ZvA4uXJFK\
    r/aybp6ZetWmSB6kCLGTXH9NGzW99g1d6OAJBRMmXGo86QFmPTeGthV7eTkT4cl8sQAAABcGFAEJgJYABwsBAAEjAwEBBV0AEAAA\
    DIDaCgGaOrVzAAA=";

/// The same with `-ms=off -m0=lzma -mhc=off`: each file on its own, and a plain list.
const APART: &str = "N3q8ryccAAQ9PFyTJAAAAAAAAAAKAQAAAAAAAFW3F2sAII9CIAAAAAA6GUt4DvHaAAAAAFJPm9AGjAAAFxlJx5X/AAABBAYABAkI\
    CQoJAAcLBAABIwMBAQVdABAAAAEjAwEBBV0AEAAAASMDAQEFXQAQAAABIwMBAQVdABAAAAwDBAUEAAgKAWF2L7XHp4s7m6sYUPqc\
    rW0AAAUHDgHgDwEgGQ0AAAAAAAAAAAAAAAAAET0AYgAAAGUAAAB6AGUAcgBvAAAALgBlAG4AdgAAAGIALwBjAC4AdAB4AHQAAABk\
    AC4AYgBpAG4AAABsAAAAFDoBAO16hJd6f90Brd6Dl3p/3QEtF4WXen/dAe16hJd6f90B7XqEl3p/3QHteoSXen/dAS0XhZd6f90B\
    FR4BABCA7UEQgO1BIICkgSCApIEggKSBIICkgSCA/6EAAA==";

/// `.env` with `-m0=PPMd`.
const PPMD: &str = "N3q8ryccAARddOSUCAAAAAAAAABSAAAAAAAAAJggFDcAQPsIPOMXAAEEBgABCQgABwsBAAEjAwQBBQYAAAEADAMACAoBYXYvtQAA\
    BQEZBgAAAAAAABELAC4AZQBuAHYAAAAZABQKAQDteoSXen/dARUGAQAggKSBAAA=";

/// `.env` with a password.
const ENCRYPTED: &str = "N3q8ryccAATBEdEREAAAAAAAAABiAAAAAAAAANtLXo2G3tlL1OscKZlnB7Y0uUuEAQQGAAEJEAAHCwEAAiQG8QcBElMPzmbjePhd\
    zxmGw5pfcyFhBSEhAQABAAwHAwAICgFhdi+1AAAFARkBABELAC4AZQBuAHYAAAAZABQKAQDteoSXen/dARUGAQAggKSBAAA=";

/// The same with `-mhe=on`.
const ALL_ENCRYPTED: &str = "N3q8ryccAAQaB0LIgAAAAAAAAAAuAAAAAAAAAKD05ELgsZ5mddW3uVfGkzKjtZ+4x4JmRhhopwn57IhT7NRGSiuYKt/x8fMdN6DI\
    Wl4/6rn3BEm5YLtLAW+DRgUUELPMcXVvejXVsntNDn+YXFUAHbx1yxl+gSUbkT8rxrWasMeCddOf61JlB8y32Is9TkLBLJEDd305\
    m6VlctHpDM4PSxcGEAEJcAAHCwEAASQG8QcBElMP8QyFh5x0hY7/CMmAikOFuAxiCgHFvWzHAAA=";

/// 4 MiB of the digit zero, as `zeros`.
const ZEROS: &str = "N3q8ryccAAQ4YshbsAIAAAAAAABSAAAAAAAAAP9STF7/95oBa10AGG/7v/6jsV7l+D+yqiZV+GhwQXAVD439HkwbikK3GfRpGHGu\
    ZiOKik0vow3Zf6bjjCMRU+BZGMV1iuJ3+LaUfwxqwN50SWTi6VxTsgTY90QMq18NbUbp5cN2iLeWV6y2TeFpHW/7S4gQbELLiD9c\
    AI/QTq8mKJRxHz2PJOFwnqcjX+woy4XRlZiKfiqR8id19xnABphNmP3Yr9WQD8QlU/j1kTYxBaWw7m/BcE1HDNGREaqtYB26zrEn\
    GFxZhulmUli+6XasWeTlWwUI+cfarfz7Uit0zR5bIEL53VM9+ClkCTuAyyps37U78MS9Ll+qDz5LZkKQEw7/EJP4cXhZ+AvN/5Uo\
    Rg+p/Hze+5owLlbAj4Xzg4HAZcQlU/j1kTYxBaWw7m/BcE1HDNGREaqtYB26zrEnGFxZhulmUli+6XasWeTlWwUI+cfarfz7Uit0\
    zR5bIEL53VM9+ClkCTuAyyps37U78MS5K+qXn/eZASsA7HNTp/2+rnwxGp+3jTFucJ6nI1/sKMuF0ZWYin4qkfIndfcZwAaYTZj9\
    2K/VkA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1IrdM0eWyBC+d1TPfgpZAk7\
    gMsqbN+1O/DEvS5fqg8+S2ZCkBMO/xCT+HF4WfgLzf+VKEYPqfx83vuaMC5WwI+F84OBwGXEJVP49ZE2MQWlsO5vwXBNRwzRkRGq\
    rWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1IrdM0eWyBC+d1TPfgpZAk7gMsqbN+1O/DEvS5fqg8+S2ZCkBMO/xCT+HF4\
    WfgLzf+VKEYPqfx83vuaMC5WwI+F84OBwGXEJUb8HlKAEMoABgDj3wKbAAAAAQQGAAEJgrAABwsBAAEhIQEUDOAAAEAACAoBCgKc\
    ZwAABQEZCAAAAAAAAAAAEQ0AegBlAHIAbwBzAAAAFAoBAO1ciZd6f90BFQYBACCApIEAAA==";

/// `in2/.env` with `-m0=BCJ -m1=LZMA`.
const BCJ: &str = "N3q8ryccAATvsTD1CAAAAAAAAABaAAAAAAAAAA9bugsAII9CIAAAAAEEBgABCQgABwsBAAIjAwEBBV0AEAAABAMDAQMBAAwDAwAI\
    CgFhdi+1AAAFARETAGkAbgAyAC8ALgBlAG4AdgAAABkAFAoBAO16hJd6f90BFQYBACCApIEAAA==";

fn bytes(archive: &str) -> Vec<u8> {
    BASE64.decode(archive).unwrap()
}

/// Gives the list of files its sum, so that what is behind the check is met.
fn with_sum(mut archive: Vec<u8>) -> Vec<u8> {
    let number = |at: usize| u64::from_le_bytes(archive[at..at + 8].try_into().unwrap());
    let start = usize::try_from(number(12))
        .unwrap_or(usize::MAX)
        .saturating_add(32);
    let end = start.saturating_add(usize::try_from(number(20)).unwrap_or(usize::MAX));
    let mut sum = flate2::Crc::new();
    sum.update(archive.get(start..end).unwrap_or_default());
    archive[28..32].copy_from_slice(&sum.sum().to_le_bytes());
    archive
}

#[test]
fn files_are_read_however_they_are_packed() {
    for archive in [SOLID, APART] {
        let all = read(bytes(archive));
        assert_eq!(all.names(), ["a!.env", "a!b/c.txt"]);
        assert_eq!(all.text("a!.env"), "A=1");
        assert_eq!(all.text("a!b/c.txt"), "text");
        let skipped = [
            ("a!d.bin", SkipReason::Binary),
            ("a!l", SkipReason::Symlink),
        ];
        assert_eq!(all.skipped(), skipped);
        assert!(!all.coverage.is_incomplete());
    }
    assert_eq!(read(bytes(BCJ)).text("a!in2/.env"), "A=1");
    let inside = read(gzip(&tar(&[("x.7z", &bytes(SOLID))])));
    assert_eq!(inside.names(), ["a!x.7z!.env", "a!x.7z!b/c.txt"]);
}

#[test]
fn what_cannot_be_unpacked_is_said() {
    for (archive, path, why) in [
        (PPMD, "a!.env", "PPMd"),
        (ENCRYPTED, "a!.env", "password"),
        (ALL_ENCRYPTED, "a", "password"),
    ] {
        let all = read(bytes(archive));
        assert_eq!(all.skipped(), [(path, SkipReason::Unreadable)]);
        let detail = all.coverage.skipped[0].detail.as_deref().unwrap();
        assert!(detail.contains(why), "{detail}");
    }
}

#[test]
fn zeros_end_at_the_limit() {
    let small = Archives {
        bytes: 1 << 20,
        ..Archives::default()
    };
    let all = Read::of(bytes(ZEROS), small);
    assert_eq!(all.skipped().len(), 1);
    assert_eq!(all.skipped()[0].1, SkipReason::Capped);
    assert_eq!(read(bytes(ZEROS)).text("a!zeros").len(), 4 << 20);
}

#[test]
fn an_archive_cut_anywhere_is_said() {
    for archive in [SOLID, APART] {
        let whole = bytes(archive);
        for len in 6..whole.len() {
            let cut = read(whole[..len].to_vec());
            assert!(cut.coverage.is_incomplete(), "{len} of {}", whole.len());
        }
    }
}

/// Lists that claim anything: more files, streams, bytes or memory than there are.
#[test]
fn a_list_that_lies_ends_alone() {
    for archive in [SOLID, APART, ENCRYPTED, BCJ] {
        let whole = bytes(archive);
        for at in 12..whole.len() {
            for lie in [0, 1, 0x7f, 0xc0, 0xff] {
                let mut broken = whole.clone();
                broken[at] = lie;
                if at % 2 == 0 && at + 8 < broken.len() {
                    broken[at + 1..at + 8].fill(lie);
                }
                let all = read(with_sum(broken));
                assert!(all.coverage.files > 0 || all.coverage.is_incomplete());
            }
        }
    }
}
