-- What people keep beside Meetup and hand in as files. Of one name there is what its file said last: a corrected one
-- replaces all of it, and taking the name back takes its rows along.
CREATE TABLE import_row (
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,     -- as what it was imported: the file's name, or the one given
  kind TEXT NOT NULL,            -- spending, rates, budget
  hash BLOB NOT NULL,            -- SHA-256 of the file
  imported_at INTEGER NOT NULL
) STRICT;

-- Money that was spent. Amounts are whole ten-thousandths of the currency's unit, so that every sum is exact.
CREATE TABLE spending_row (
  key INTEGER PRIMARY KEY,
  import INTEGER NOT NULL REFERENCES import_row ON DELETE CASCADE,
  on_date TEXT NOT NULL,         -- 'YYYY-MM-DD'
  grp INTEGER NOT NULL REFERENCES group_row,
  kind TEXT NOT NULL,            -- venue, food, swag, speaker, fee, travel, other
  amount INTEGER NOT NULL,       -- below zero: given back
  currency TEXT NOT NULL,        -- ISO 4217
  note TEXT,
  has_receipt INTEGER,           -- null: it was not said
  event INTEGER REFERENCES event_row
) STRICT;
CREATE INDEX spending_by_import ON spending_row (import);
CREATE INDEX spending_by_group ON spending_row (grp, on_date);
CREATE INDEX spending_by_event ON spending_row (event) WHERE event IS NOT NULL;

-- What one unit of a currency was worth in a month, in the configured currency.
CREATE TABLE rate_row (
  key INTEGER PRIMARY KEY,
  import INTEGER NOT NULL REFERENCES import_row ON DELETE CASCADE,
  month TEXT NOT NULL,           -- 'YYYY-MM'
  currency TEXT NOT NULL,
  rate TEXT NOT NULL             -- a decimal number, exactly as it was written
) STRICT;
CREATE INDEX rate_by_import ON rate_row (import);

-- What may be spent in a calendar year, in whole ten-thousandths.
CREATE TABLE year_budget_row (
  key INTEGER PRIMARY KEY,
  import INTEGER NOT NULL REFERENCES import_row ON DELETE CASCADE,
  grp INTEGER REFERENCES group_row,  -- null: all groups together
  year INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL
) STRICT;
CREATE INDEX year_budget_by_import ON year_budget_row (import);

CREATE VIEW imports AS
  SELECT i.name, i.kind, (SELECT count(*) FROM spending_row s WHERE s.import = i.key)
           + (SELECT count(*) FROM rate_row r WHERE r.import = i.key)
           + (SELECT count(*) FROM year_budget_row b WHERE b.import = i.key) AS rows,
         strftime('%Y-%m-%dT%H:%M:%SZ', i.imported_at, 'unixepoch') AS imported_at
  FROM import_row i;

CREATE VIEW spending AS
  SELECT i.name AS import, s.on_date, g.id AS group_id, s.kind,
         CASE WHEN s.amount < 0 THEN '-' ELSE '' END
           || CASE WHEN s.amount % 100 = 0 THEN printf('%d.%02d', abs(s.amount) / 10000, abs(s.amount) % 10000 / 100)
                   ELSE printf('%d.%04d', abs(s.amount) / 10000, abs(s.amount) % 10000) END AS amount,
         s.amount AS ten_thousandths, s.currency, s.note, s.has_receipt, e.token AS event_token
  FROM spending_row s
  JOIN import_row i ON i.key = s.import
  JOIN group_row g ON g.key = s.grp
  LEFT JOIN event_row e ON e.key = s.event;

CREATE VIEW rates AS
  SELECT i.name AS import, r.month, r.currency, r.rate FROM rate_row r JOIN import_row i ON i.key = r.import;

CREATE VIEW budgets AS
  SELECT i.name AS import, g.id AS group_id, b.year,
         CASE WHEN b.amount % 100 = 0 THEN printf('%d.%02d', b.amount / 10000, b.amount % 10000 / 100)
              ELSE printf('%d.%04d', b.amount / 10000, b.amount % 10000) END AS amount,
         b.amount AS ten_thousandths, b.currency
  FROM year_budget_row b
  JOIN import_row i ON i.key = b.import
  LEFT JOIN group_row g ON g.key = b.grp;
