//! The calendar months that a group skips by custom.

/// A calendar month that a group skips by custom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OffMonth {
    /// 1 to 12.
    pub month: u32,
    /// In how many years it was looked for, none of which saw an event in it.
    pub years: u32,
}

/// How far around a month it must have met for the group to be alive in it.
const AROUND: usize = 4;
/// So many alive months of a calendar month are looked at.
const LOOKED_AT: usize = 4;
/// From which months the group's habit otherwise is taken: so many before A's.
const HABIT: i64 = 60;

/// The months off, ascending. `met` are the local months (year x 12 + month - 1) with a held event,
/// ascending; a month of which an event is known already, be it to come, is not off in that month.
pub(super) fn off_months(met: &[i64], this_month: i64, is_this_month_taken: bool) -> Vec<OffMonth> {
    let alive = Alive::of(met, this_month);
    (1..=12)
        .filter(|month| !(is_this_month_taken && calendar(this_month) == *month))
        .filter_map(|month| alive.is_off(month))
        .collect()
}

/// 1 to 12.
fn calendar(month: i64) -> u32 {
    u32::try_from(month.rem_euclid(12)).unwrap_or_default() + 1
}

/// The alive months before A's, oldest first, each with whether the group met in it.
struct Alive {
    months: Vec<(i64, bool)>,
    this_month: i64,
}

impl Alive {
    fn of(met: &[i64], this_month: i64) -> Self {
        let mut months = Vec::new();
        if let (Some(first), Some(last)) = (met.first(), met.last()) {
            // Whether it met in each month, with room around.
            let length = usize::try_from(last - first).unwrap_or_default() + 1;
            let mut grid = vec![false; length + 2 * AROUND];
            for month in met {
                grid[AROUND + usize::try_from(month - first).unwrap_or_default()] = true;
            }
            for (place, month) in (AROUND..AROUND + length).zip(*first..this_month) {
                let is_alive = grid[place - AROUND..place].contains(&true)
                    && grid[place + 1..=place + AROUND].contains(&true);
                if is_alive {
                    months.push((month, grid[place]));
                }
            }
        }
        Self { months, this_month }
    }

    fn is_off(&self, month: u32) -> Option<OffMonth> {
        let of_it = self.months.iter().rev();
        let of_it = of_it.filter(|(at, _)| calendar(*at) == month);
        let looked_at: Vec<bool> = of_it.take(LOOKED_AT).map(|(_, met)| *met).collect();
        let years = u32::try_from(looked_at.len()).unwrap_or_default();
        if years < 2 || looked_at.contains(&true) {
            return None;
        }
        let others = self
            .months
            .iter()
            .filter(|(at, _)| *at >= self.this_month - HABIT && calendar(*at) != month);
        let (mut all, mut missed) = (0_i64, 0_i64);
        for (_, met) in others {
            all += 1;
            missed += i64::from(!met);
        }
        // (1 - q)^k <= 1/100, in whole numbers.
        let is_custom = all > 0 && 100 * missed.pow(years) <= all.pow(years);
        is_custom.then_some(OffMonth { month, years })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// June 2026.
    const NOW: i64 = 2026 * 12 + 5;

    /// Months met, by how many before this one, less those of these calendar months.
    fn monthly(ago: std::ops::RangeInclusive<i64>, off: &[u32]) -> Vec<i64> {
        let months = ago.rev().map(|ago| NOW - ago);
        months.filter(|it| !off.contains(&calendar(*it))).collect()
    }

    fn off(met: &[i64]) -> Vec<(u32, u32)> {
        let found = off_months(met, NOW, false);
        found.into_iter().map(|it| (it.month, it.years)).collect()
    }

    #[test]
    fn a_month_missed_in_up_to_four_years_is_off_with_the_years_that_say_so() {
        assert_eq!(off(&monthly(1..=120, &[7, 8])), [(7, 4), (8, 4)]);
        assert_eq!(off(&monthly(1..=40, &[7])), [(7, 3)]);
        assert_eq!(off(&monthly(1..=30, &[7])), [(7, 2)]);
        assert_eq!(off(&monthly(1..=18, &[7])), [], "once is no custom");
        assert_eq!(off(&monthly(1..=120, &[])), []);
    }

    #[test]
    fn one_event_in_the_latest_four_ends_it_and_an_older_one_does_not() {
        let with = |years_ago: i64| {
            let mut met = monthly(1..=120, &[8]);
            met.push(NOW - 10 - 12 * years_ago); // An August.
            met.sort_unstable();
            off(&met)
        };
        assert_eq!(with(0), []);
        assert_eq!(with(3), []);
        assert_eq!(with(4), [(8, 4)]);
    }

    #[test]
    fn months_without_an_event_within_four_on_both_sides_say_nothing() {
        // Silent from March to October two years ago: that August is not alive.
        let silent = |from: i64, to: i64| {
            let met = monthly(1..=44, &[8]);
            let met: Vec<i64> = met
                .into_iter()
                .filter(|it| !(from..=to).contains(&(NOW - it)))
                .collect();
            off(&met)
        };
        assert_eq!(silent(0, 0), [(8, 3)]);
        assert_eq!(silent(21, 24), [(8, 3)], "September to June is alive still");
        assert_eq!(
            silent(18, 23),
            [(8, 2)],
            "from July on nothing for five months"
        );
        let mut met = monthly(3..=40, &[4]);
        assert_eq!(off(&met), [(4, 3)], "nothing came after this April so far");
        met.push(NOW);
        assert_eq!(off(&met), [(4, 4)], "an event of this month did");
    }

    #[test]
    fn the_custom_must_be_unlikely_to_be_chance() {
        // Met in 9 of 10 other alive months, twice missed: 0.1^2 is 0.01 exactly.
        let alive = |met: usize, missed: usize, years: u32| {
            let mut months: Vec<(i64, bool)> = Vec::new();
            let mut others = (1..60).map(|ago| NOW - ago).filter(|it| calendar(*it) != 8);
            for place in 0..met + missed {
                months.push((others.next().unwrap(), place < met));
            }
            for year in 0..years {
                months.push((NOW - 10 - 12 * i64::from(year), false));
            }
            months.sort_unstable();
            let alive = Alive {
                months,
                this_month: NOW,
            };
            alive.is_off(8).is_some()
        };
        assert!(alive(9, 1, 2));
        assert!(!alive(44, 5, 2), "5 of 49 are more than a tenth");
        assert!(alive(16, 4, 3), "0.2^3 is 0.008");
        assert!(!alive(7, 3, 3), "0.3^3 is 0.027");
        assert!(alive(7, 3, 4), "0.3^4 is 0.0081");
        assert!(!alive(0, 0, 4), "nothing to compare with");
    }

    #[test]
    fn a_month_of_this_year_with_an_event_is_not_off() {
        let met = monthly(1..=60, &[6]);
        assert_eq!(off_months(&met, NOW, false).len(), 1);
        assert_eq!(off_months(&met, NOW, true), []);
        let met = monthly(1..=60, &[7]);
        assert_eq!(off_months(&met, NOW, true).len(), 1);
    }
}
