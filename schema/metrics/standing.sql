-- One row: a measured group with its cadence and its status (cadence.sql, gaps.sql, status.sql).
SELECT g.grp, c.every_months, c.met, c.observed, c.blocks_met, c.blocks, c.streak,
       p.held_ever, p.held_365, p.cancelled_365, p.cancelled_365 + p.held_365 AS called_365, p.is_announced,
       p.median_gap_days, p.days_since_last_held, p.days_to_next_scheduled,
       p.restarted_on, p.restarted_after_days, s.status, s.is_in_pause
FROM temp.given_group g
JOIN temp.cadence c ON c.grp = g.grp JOIN temp.gaps p ON p.grp = g.grp JOIN temp.standing s ON s.grp = g.grp;
