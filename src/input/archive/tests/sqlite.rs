//! Databases as SQLite itself writes them (`database.sql`), and broken ones.

use std::io::Read as _;

use super::*;

/// What `database.sql` makes, with a page of 512 bytes.
fn database() -> Vec<u8> {
    let mut bytes = Vec::new();
    let packed: &[u8] = include_bytes!("database.sqlite.gz");
    let mut decoder = flate2::read::GzDecoder::new(packed);
    decoder.read_to_end(&mut bytes).unwrap();
    bytes
}

const OPTIONS: &str = "a!wp_options.sql";

#[test]
fn tables_are_files_of_one_row_a_line() {
    let all = read(database());
    let names = [
        "a!mail accounts.sql",
        "a!sqlite_schema.sql",
        "a!tags.sql",
        OPTIONS,
    ];
    assert_eq!(all.names(), names);
    assert!(!all.coverage.is_incomplete());
    let options: Vec<&str> = all.text(OPTIONS).lines().collect();
    assert_eq!(options.len(), 63);
    assert_eq!(
        options[0],
        r#"INSERT INTO "wp_options" (rowid, "option_name", "option_value", "autoload") VALUES (1, 'option_0', '0', 'yes');"#
    );
    assert_eq!(
        options[1],
        r#"INSERT INTO "wp_options" (rowid, "option_name", "autoload") VALUES (2, 'option_1', 'yes');"#
    );
    let long = format!("(100, 'long', 'start {} end', 'no');", "x".repeat(3000));
    assert!(options[60].ends_with(&long), "{}", options[60]);
    let value = "K".repeat(50);
    assert!(options[61].ends_with(&format!("(101, 'mailgun_secret', '{value}', 'no');")));
    assert!(options[62].ends_with(r#"(102, 'größe', 'it\'s\n"2" \\', 'no');"#));
    let account = format!(
        "INSERT INTO \"mail accounts\" (rowid, \"login\", \"mailgun_secret\", \"ratio\", \"note\") \
         VALUES (1, 'ann', '{}', 1.5, 'a text');\n",
        "L".repeat(50)
    );
    assert_eq!(all.text("a!mail accounts.sql"), account);
    assert!(
        all.text("a!sqlite_schema.sql")
            .contains("'CREATE VIEW v AS")
    );
}

#[test]
fn rows_without_a_number_are_read_in_their_order() {
    let all = read(database());
    let expected: Vec<String> = (0..60)
        .map(|i| format!("INSERT INTO \"tags\" VALUES ('tag {i:02}', {i});"))
        .collect();
    assert_eq!(all.text("a!tags.sql").lines().collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_not_read_of_a_database_is_said() {
    let all = read(database());
    assert_eq!(
        all.skipped(),
        [
            ("a!free pages", SkipReason::Binary),
            ("a!mail accounts.sql", SkipReason::Binary)
        ]
    );
    let detail = |index: usize| all.coverage.skipped[index].detail.as_deref().unwrap();
    assert!(detail(0).contains("VACUUM"), "{}", detail(0));
    assert_eq!(detail(1), "1 values that hold no text");
}

#[test]
fn databases_lie_in_archives() {
    let all = read(zip(&[("app/db.sqlite3", &database())]));
    assert!(all.names().contains(&"a!app/db.sqlite3!wp_options.sql"));
    let shallow = Archives {
        depth: 1,
        ..Archives::default()
    };
    let all = Read::of(zip(&[("db.sqlite3", &database())]), shallow);
    assert_eq!(all.skipped(), [("a!db.sqlite3", SkipReason::Capped)]);
}

#[test]
fn a_database_cut_anywhere_is_said_and_read_as_far_as_it_goes() {
    let whole = database();
    for len in (100..whole.len()).step_by(97) {
        let cut = read(whole[..len].to_vec());
        assert!(cut.coverage.is_incomplete(), "{len} of {}", whole.len());
    }
    let half = read(whole[..whole.len() / 2].to_vec());
    assert!(half.text(OPTIONS).lines().count() > 10);
}

/// Pages that lead to each other or to themselves, cells that lie on each other, lengths that are none: one byte or two
/// at a time are made large in the parts of pages that lead elsewhere.
#[test]
fn broken_pages_end_alone() {
    let whole = database();
    let pages = whole.len() / 512;
    for page in 0..pages {
        for (at, bytes) in [
            (3, &[0xff_u8, 0xff][..]),
            (8, &[0, 0, 0, 1]),
            (8, &[0xff; 64]),
            (12, &[0, 12]),
            (60, &[0xff; 40]),
            (380, &[0xff; 132]),
        ] {
            let start = page * 512 + if page == 0 { 100 } else { 0 };
            let mut broken = whole.clone();
            let end = (start + at + bytes.len()).min((page + 1) * 512);
            broken[start + at..end].copy_from_slice(&bytes[..end - start - at]);
            let all = read(broken);
            assert!(all.coverage.files > 0 || all.coverage.is_incomplete());
            let out: usize = all.texts.values().map(|(_, text)| text.len()).sum();
            assert!(out < 20 * whole.len(), "{out} bytes at {page}, {at}");
        }
    }
}

/// A page whose cells all lead to the same bytes would be as many rows as it has room for pointers.
#[test]
fn rows_do_not_overlap() {
    let mut bytes = database();
    bytes.resize(2 * 65536, 0);
    bytes[16..18].copy_from_slice(&[0, 1]);
    bytes[20] = 0;
    bytes[92] ^= 1;
    // The schema: one table, whose root is page 2.
    let sql = b"CREATE TABLE t (a)";
    let mut record = vec![6, 15, 15, 15, 1, 13 + 2 * sql.len() as u8];
    record.extend(b"ttt\x02");
    record.extend(sql);
    record[1..4].copy_from_slice(&[23, 15, 15]);
    record.splice(6..7, *b"table");
    let record = [&[record.len() as u8, 1][..], &record].concat();
    let at = 65536 - record.len();
    bytes[at..65536].copy_from_slice(&record);
    bytes[100..108].copy_from_slice(&[13, 0, 0, 0, 1, 0, 0, 0]);
    bytes[108..110].copy_from_slice(&(at as u16).to_be_bytes());
    let page = &mut bytes[65536..];
    page.fill(0);
    page[..8].copy_from_slice(&[13, 0, 0, 0x70, 0, 0, 0, 0]);
    for cell in 0..0x7000 {
        page[8 + 2 * cell..10 + 2 * cell].copy_from_slice(&0xf000_u16.to_be_bytes());
    }
    // 1,003 bytes: a text of a thousand.
    page[0xf000..0xf006].copy_from_slice(&[0x87, 0x6b, 1, 3, 0x8f, 0x5d]);
    page[0xf006..0xf006 + 1000].fill(b'x');
    let all = read(bytes);
    let rows = all.text("a!t.sql").lines().count();
    assert!(rows > 10 && rows <= 65, "{rows} rows");
    assert!(all.coverage.is_incomplete());
}
