-- One row: a measured group and whether it could go on without the sponsor. Asked only while staff is
-- configured; whether somebody local leads it, only while the roster speaks of A (roster.sql).
--
-- An event is organic if it has a host and none of its hosts is staff. organic_months: observed months
-- (cadence.sql) with such an event. local_hosts_180: distinct local hosts of the last 180 days. Of the
-- events of the last 365 days with a known host, `organic` have no staff host. A local lead is one of
-- the leaders (leads.sql), as organizer or co-organizer, who is not staff.
--
-- :as_of  A, in seconds since 1970
WITH hosted AS (
  SELECT h.grp, h.event, e.month, MAX(h.is_staff) AS by_staff,
         e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of AS of_the_year
  FROM temp.hosted h JOIN temp.counted_event e ON e.event = h.event
  GROUP BY h.grp, h.event
),
majority AS (
  SELECT grp, COUNT(*) AS events, SUM(NOT by_staff) AS organic FROM hosted WHERE of_the_year GROUP BY grp
),
months AS (
  SELECT c.grp, COUNT(DISTINCT h.month) AS met
  FROM temp.cadence c JOIN temp.given_group g ON g.grp = c.grp JOIN hosted h ON h.grp = c.grp
  WHERE NOT h.by_staff AND h.month BETWEEN g.as_of_month - c.observed AND g.as_of_month - 1
  GROUP BY c.grp
),
locals AS (
  SELECT grp, COUNT(DISTINCT member) AS hosts FROM temp.hosted
  WHERE NOT is_staff AND starts_at > :as_of - 180 * 86400 AND starts_at <= :as_of GROUP BY grp
)
SELECT c.grp, COALESCE(m.met, 0) AS organic_months, c.observed, COALESCE(l.hosts, 0) AS local_hosts_180,
       COALESCE(y.organic, 0) AS organic, COALESCE(y.events, 0) AS events,
       EXISTS (SELECT 1 FROM temp.leads l
                WHERE l.grp = c.grp AND l.role IN ('ORGANIZER', 'COORGANIZER')
                  AND l.member NOT IN (SELECT member FROM temp.given_staff)) AS local_lead
FROM temp.cadence c
LEFT JOIN months m ON m.grp = c.grp LEFT JOIN majority y ON y.grp = c.grp LEFT JOIN locals l ON l.grp = c.grp;
