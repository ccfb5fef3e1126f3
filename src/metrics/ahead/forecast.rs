//! The forecast itself: plain numbers in, plain numbers out.

/// What past events say, summed over them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub events: i64,
    /// Those whose answers are dated by their last change alone.
    pub approximate: i64,
    /// Yes given by the lead time, of `dated`.
    pub by_now: i64,
    /// Final yes whose moment is known.
    pub dated: i64,
    pub final_yes: i64,
    /// The squares of the final yes, summed.
    pub squares: i64,
    /// Events whose attendance was taken, their final yes, and who came.
    pub taken: i64,
    pub taken_yes: i64,
    pub came: i64,
}

/// Attendance must have been taken so often before a show rate is believed.
const TAKEN: i64 = 10;

impl Sums {
    /// The share of the final yes given by the lead time.
    pub(super) fn share(&self) -> Option<f64> {
        (self.dated > 0 && self.by_now > 0).then(|| float(self.by_now) / float(self.dated))
    }

    /// The mean final yes.
    pub(super) fn mean(&self) -> f64 {
        float(self.final_yes) / float(self.events.max(1))
    }

    /// Whether the show rate is known.
    pub(super) fn knows_show(&self) -> bool {
        self.taken >= TAKEN && self.taken_yes > 0
    }

    /// How much its events are alike: high where each draws about as many as the next, so that the usual
    /// number says more than the yes so far. The shape of a gamma distribution, by moments.
    pub(super) fn likeness(&self) -> f64 {
        let (n, mean) = (float(self.events), self.mean());
        if self.events < 2 || mean <= 0.0 {
            return 1.0;
        }
        let variance = (float(self.squares) - n * mean * mean) / (n - 1.0);
        if variance <= mean {
            return MOST_ALIKE;
        }
        (mean * mean / (variance - mean)).clamp(1.0, MOST_ALIKE)
    }
}

const MOST_ALIKE: f64 = 50.0;

/// The final yes to expect, from the yes so far and the share of it that is usually there by now.
///
/// If nothing were known of the usual size, that would be `yes / share`; if all events were of one size,
/// `yes + (1 - share) x usual`. Which of them it leans to is decided by how much events are alike.
pub(super) fn final_yes(yes: f64, share: f64, usual: f64, likeness: f64) -> f64 {
    if share >= 1.0 || usual <= 0.0 {
        return yes / share.max(1.0);
    }
    yes + (1.0 - share) * (likeness + yes) / (likeness / usual + share)
}

/// How far turnouts lay from forecasts, in units of the square root of the forecast.
#[derive(Debug, Clone, Default)]
pub(super) struct Misses {
    sorted: Vec<f64>,
}

/// With fewer, what chance alone would do, and a bit.
const ENOUGH_MISSES: usize = 10;
const BY_CHANCE: f64 = 1.6;

fn unit(forecast: f64) -> f64 {
    (forecast + 1.0).sqrt()
}

impl Misses {
    pub(super) fn learn(&mut self, forecast: f64, turnout: f64) {
        let miss = (turnout - forecast) / unit(forecast);
        let at = self.sorted.partition_point(|known| *known < miss);
        self.sorted.insert(at, miss);
    }

    /// The 10-90 % range around a forecast, in whole people.
    pub(super) fn range(&self, forecast: f64) -> (i64, i64) {
        let n = self.sorted.len();
        let (low, high) = if n < ENOUGH_MISSES {
            (-BY_CHANCE, BY_CHANCE)
        } else {
            (self.sorted[n / 10], self.sorted[n - 1 - n / 10])
        };
        let at = |miss: f64| whole((forecast + miss * unit(forecast)).max(0.0));
        // Whatever was missed so far, the forecast itself is inside.
        let middle = whole(forecast);
        (at(low).min(middle), at(high).max(middle))
    }
}

/// The nearest whole number.
#[allow(clippy::cast_possible_truncation)] // people at an event
pub(super) fn whole(people: f64) -> i64 {
    people.round() as i64
}

/// A count as a float.
#[allow(clippy::cast_precision_loss)] // people at events stay far below 2^53
pub(super) fn float(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_the_share_alone_and_the_usual_size_alone_likeness_decides() {
        let near = |found: f64, expected: f64| {
            assert!((found - expected).abs() < 0.05, "{found}, not {expected}");
        };
        near(final_yes(10.0, 0.5, 30.0, 1e9), 10.0 + 0.5 * 30.0);
        near(final_yes(10.0, 0.5, 30.0, 1e-9), 10.0 / 0.5);
        assert!(final_yes(10.0, 0.5, 30.0, 4.0) > 20.0);
        near(final_yes(10.0, 1.0, 30.0, 4.0), 10.0);
        near(final_yes(0.0, 0.5, 0.0, 1.0), 0.0);
    }

    #[test]
    fn the_range_is_learnt_from_misses_and_holds_the_forecast() {
        let mut misses = Misses::default();
        assert_eq!(misses.range(24.0), (16, 32), "before anything was learnt");
        for n in 0..40 {
            misses.learn(24.0, f64::from(n));
        }
        assert_eq!(misses.range(24.0), (4, 35));
        for _ in 0..1000 {
            misses.learn(24.0, 40.0);
        }
        assert_eq!(misses.range(24.0), (24, 40));
    }
}
