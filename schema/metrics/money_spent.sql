-- One row: what was spent for one group (measured or not) on one day, of one kind, in one currency and for one event or
-- none: amounts in whole ten-thousandths, payments, and those of which it was said that there is no receipt, or was not said.
-- Days are as they were written. Those after A are left out by whoever reads this, who knows the date.
SELECT s.grp, g.urlname, g.name, g.country, g.timezone, s.on_date, s.kind, s.currency, s.event,
       SUM(s.amount) AS amount, COUNT(*) AS payments,
       COUNT(*) FILTER (WHERE s.has_receipt = 0) AS no_receipt,
       COALESCE(SUM(s.amount) FILTER (WHERE s.has_receipt = 0), 0) AS amount_no_receipt,
       COUNT(*) FILTER (WHERE s.has_receipt IS NULL) AS receipt_unsaid
FROM spending_row s JOIN group_row g ON g.key = s.grp
GROUP BY s.grp, s.on_date, s.kind, s.currency, s.event
ORDER BY g.urlname, s.grp, s.on_date, s.kind, s.currency, s.event;
