-- Numbers the commits, on a page of its own: how a write-ahead log is told from another file's, and a file
-- that was overwritten from the one that was opened (see src/mirror/guard.rs). Sixteen fixed bytes, the number
-- in eight and the schema's version (PRAGMA schema_version) in four, most significant byte first.
CREATE TABLE mark_row (
  key INTEGER PRIMARY KEY CHECK (key = 1),
  mark BLOB NOT NULL
) STRICT;
INSERT INTO mark_row VALUES (1, x'6761746865726420636f6d6d69742023000000000000000100000000');
