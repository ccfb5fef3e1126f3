-- What a question costs where Meetup counts the rows of its answer: one price for all questions, learned
-- from a refusal's figure, instead of a guess per operation.
ALTER TABLE budget_row ADD COLUMN fields INTEGER NOT NULL DEFAULT 1;  -- root fields: what it costs at least
ALTER TABLE budget_row ADD COLUMN nodes INTEGER NOT NULL DEFAULT 0;   -- rows in its answer, of all kinds
UPDATE budget_row SET fields = points;
DROP TABLE cost_row;
