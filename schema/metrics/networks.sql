-- One row: a network with at least one group that has not gone.
SELECT n.name FROM network_row n
WHERE EXISTS (SELECT 1 FROM group_row g WHERE g.network = n.key AND g.gone_at IS NULL)
ORDER BY n.urlname;
