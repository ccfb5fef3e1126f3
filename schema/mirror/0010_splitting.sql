-- Until then a group's events are asked one by one, because one of them cannot be read; and the pass
-- that first found null for a group asked for by itself: a second one that finds so believes it.
ALTER TABLE group_row ADD COLUMN split_until INTEGER;
ALTER TABLE group_row ADD COLUMN null_since INTEGER;
