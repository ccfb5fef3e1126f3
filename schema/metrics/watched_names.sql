-- One row: a group of Meetup's, with what it was called when alerts took note of that; null: they never did.
SELECT key, id, noted_name, noted_urlname FROM group_row WHERE source = 'meetup';
