-- One row: in how many countries, cities and time zones a group whose history is complete held an
-- event in the last 365 days. They are those of the groups; what Meetup leaves empty counts nowhere.
-- Cities of one name are told apart by state and country.
--
-- :as_of  A, in seconds since 1970
SELECT COUNT(DISTINCT NULLIF(country, '')) AS countries,
       COUNT(DISTINCT country || char(31) || state || char(31) || NULLIF(city, '')) AS cities,
       COUNT(DISTINCT NULLIF(timezone, '')) AS timezones
FROM (SELECT COALESCE(r.country, '') AS country, COALESCE(r.state, '') AS state, r.city, r.timezone
      FROM temp.given_group g JOIN group_row r ON r.key = g.grp
      WHERE g.is_complete AND EXISTS (
        SELECT 1 FROM temp.counted_event e
        WHERE e.grp = g.grp AND e.state = 'held' AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of));
