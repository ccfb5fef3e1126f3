//! How a group met before a pause: its usual gap, how busy its year was, and the cell both put it in.

use super::rule::DAY;

/// The days of a pause at which it is looked at.
pub(super) const EDGES: [i64; 9] = [45, 60, 75, 90, 105, 120, 135, 150, 165];
/// Cells there are: edges x bands of the ratio x bands of activity.
pub(super) const CELLS: usize = EDGES.len() * 6 * 5;

/// What lies below the silence in usual gaps, doubled to be whole: 1, 1.5, 2, 3, 4.5.
const TWICE_RATIOS: [i64; 5] = [2, 3, 4, 6, 9];
/// What lies below the events of the year.
const ACTIVITIES: [usize; 4] = [1, 3, 6, 11];
/// So many gaps at most make the usual one.
pub(super) const GAPS: usize = 12;
/// Days of the usual gap, as a cell takes it, where there was none.
const WITHOUT_GAPS: i64 = 90;

/// The median of the last gaps between starts, a day at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usual {
    /// Twice the median in seconds, which is whole; none without a gap.
    twice: Option<i64>,
}

impl Usual {
    /// Of the last gaps (seconds, oldest first) among these.
    pub(super) fn of(gaps: &[i64]) -> Self {
        let mut last = [0; GAPS];
        let count = gaps.len().min(GAPS);
        last[..count].copy_from_slice(&gaps[gaps.len() - count..]);
        let last = &mut last[..count];
        last.sort_unstable();
        Self {
            twice: (count > 0).then(|| (last[(count - 1) / 2] + last[count / 2]).max(2 * DAY)),
        }
    }

    /// In days, unrounded; none without a gap.
    #[allow(clippy::cast_precision_loss)] // seconds stay far below 2^53
    pub(super) fn days(self) -> Option<f64> {
        Some(self.twice? as f64 / (2 * DAY) as f64)
    }

    /// How many of the ratios are below so many days / the usual gap. In whole numbers, so that a pause of
    /// exactly twice the usual gap is that.
    fn band(self, days: i64) -> usize {
        let twice = self.twice.unwrap_or(2 * WITHOUT_GAPS * DAY);
        let is_below = |ratio: &&i64| **ratio * twice < 4 * days * DAY;
        TWICE_RATIOS.iter().filter(is_below).count()
    }
}

/// Pauses that are alike: silent for as long, in as many usual gaps, after as busy a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell(usize);

impl Cell {
    /// The cell of a pause at an edge (its place in [`EDGES`]), by the usual gap before it and the events of
    /// the 365 days up to it.
    pub(super) fn of(edge: usize, usual: Usual, events: usize) -> Self {
        let activity = ACTIVITIES.iter().filter(|limit| **limit < events).count();
        Self::at(edge, usual.band(EDGES[edge]), activity)
    }

    /// The cell of an edge and two bands.
    pub(super) fn at(edge: usize, ratio_band: usize, activity_band: usize) -> Self {
        Self((edge * 6 + ratio_band) * 5 + activity_band)
    }

    /// Its place among all [`CELLS`].
    pub(super) fn place(self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual(days: i64) -> Usual {
        Usual::of(&[days * DAY])
    }

    #[test]
    fn the_usual_gap_is_the_median_of_the_last_twelve_and_a_day_at_least() {
        let gaps = |days: &[i64]| days.iter().map(|it| it * DAY).collect::<Vec<_>>();
        let days = |of: &[i64]| Usual::of(&gaps(of)).days();
        assert_eq!(days(&[]), None);
        assert_eq!(days(&[30]), Some(30.0));
        assert_eq!(days(&[10, 21]), Some(15.5));
        assert_eq!(days(&[90, 10, 20]), Some(20.0));
        let thirteen = [500, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        assert_eq!(days(&thirteen), Some(6.5), "the first is forgotten");
        assert_eq!(Usual::of(&[3_600, 3_600, 3_601]).days(), Some(1.0));
        assert_eq!(Usual::of(&[DAY + 1]).days(), Some(86_401.0 / 86_400.0));
    }

    #[test]
    fn a_ratio_counts_once_the_pause_is_longer_and_not_when_it_is_as_long() {
        for (days, gap, band) in [
            (45, 45, 0),  // exactly 1
            (45, 30, 1),  // exactly 1.5
            (60, 30, 2),  // exactly 2
            (90, 30, 3),  // exactly 3
            (135, 30, 4), // exactly 4.5
            (150, 30, 5),
            (45, 44, 1),
            (45, 29, 2),
        ] {
            assert_eq!(usual(gap).band(days), band, "{days} days of {gap}");
        }
        let nearly = Usual::of(&[30 * DAY - 1]);
        assert_eq!(nearly.band(45), 2, "a second less, and it is over 1.5");
        // 60 days are exactly 4.5 times 13 days and 8 hours, which no fraction of two says.
        assert_eq!(Usual::of(&[1_152_000]).band(60), 4);
        assert_eq!(Usual::of(&[1_151_999]).band(60), 5);
        let none = Usual::of(&[]);
        assert_eq!((none.band(90), none.band(105)), (0, 1), "as 90 days");
        assert_eq!(none.band(135), 1, "exactly 1.5 times 90");
    }

    #[test]
    fn every_edge_and_band_has_a_cell_of_its_own_and_events_are_counted_strictly() {
        let mut places: Vec<usize> = (0..9)
            .flat_map(|edge| (0..6).map(move |ratio| (edge, ratio)))
            .flat_map(|(edge, ratio)| (0..5).map(move |activity| (edge, ratio, activity)))
            .map(|(edge, ratio, activity)| Cell::at(edge, ratio, activity).place())
            .collect();
        places.sort_unstable();
        assert_eq!(places, (0..CELLS).collect::<Vec<_>>());
        let bands = [1, 2, 3, 4, 6, 7, 11, 12].map(|events| {
            (0..5)
                .find(|band| Cell::of(0, usual(45), events) == Cell::at(0, 0, *band))
                .unwrap()
        });
        assert_eq!(bands, [0, 1, 1, 2, 2, 3, 3, 4]);
    }
}
