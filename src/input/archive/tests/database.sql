-- What database.sqlite.gz was made of: sqlite3 database.sqlite < database.sql && gzip -9n database.sqlite
-- A page is as small as can be, so that trees have more than one level, and a long row goes on in other pages.
PRAGMA page_size = 512;
CREATE TABLE wp_options (option_id INTEGER PRIMARY KEY, option_name TEXT, option_value TEXT, autoload TEXT DEFAULT 'yes');
CREATE INDEX names ON wp_options (option_name);
CREATE TABLE "mail accounts" (login TEXT, mailgun_secret TEXT, ratio REAL, picture BLOB, note BLOB);
CREATE TABLE tags (name TEXT PRIMARY KEY, weight INT) WITHOUT ROWID;
CREATE VIEW v AS SELECT * FROM tags;
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59)
  INSERT INTO wp_options SELECT i + 1, 'option_' || i, CASE WHEN i % 2 THEN NULL ELSE i END, 'yes' FROM n;
INSERT INTO wp_options VALUES (100, 'long', 'start ' || replace(hex(zeroblob(1500)), '0', 'x') || ' end', 'no');
INSERT INTO wp_options VALUES (101, 'mailgun_secret', replace(hex(zeroblob(25)), '0', 'K'), 'no');
INSERT INTO wp_options VALUES (102, 'größe', 'it''s' || char(10) || '"2" \', 'no');
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59)
  INSERT INTO tags SELECT printf('tag %02d', i), i FROM n;
INSERT INTO "mail accounts" VALUES ('ann', replace(hex(zeroblob(25)), '0', 'L'), 1.5, x'ffd8ff00', CAST('a text' AS BLOB));
INSERT INTO wp_options SELECT option_id + 1000, 'gone', hex(zeroblob(100)), '' FROM wp_options;
DELETE FROM wp_options WHERE option_name = 'gone';
