//! What became of such pauses in another network, for cells in which this one has seen too few.
//!
//! `schema/metrics/pause-prior.csv` holds smoothed shares of the pauses of R-Ladies' groups that began
//! before 2020. Data: rladies/meetup_archive, CC BY 4.0.

use std::sync::LazyLock;

use super::rhythm::{CELLS, Cell, EDGES};

const TABLE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/schema/metrics/pause-prior.csv"
));

/// The share of each cell; none where the table has none, which a test rules out.
static SHARES: LazyLock<[Option<f64>; CELLS]> = LazyLock::new(|| {
    let mut shares = [None; CELLS];
    for (cell, share) in TABLE.lines().filter_map(row) {
        shares[cell.place()] = Some(share);
    }
    shares
});

/// The share of the cell's pauses that went past 180 days there.
pub(super) fn prior(cell: Cell) -> f64 {
    SHARES[cell.place()].unwrap_or_default()
}

/// A line of the table; none for its heading and for days that are no edge.
fn row(line: &str) -> Option<(Cell, f64)> {
    let mut fields = line.trim_end().split(',');
    let days: i64 = fields.next()?.parse().ok()?;
    let edge = EDGES.iter().position(|edge| *edge == days)?;
    let ratio_band: usize = fields.next()?.parse().ok()?;
    let activity_band: usize = fields.next()?.parse().ok()?;
    let share = fields.next()?.parse().ok()?;
    Some((Cell::at(edge, ratio_band, activity_band), share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_a_share() {
        for share in SHARES.iter() {
            assert!(share.is_some_and(|share| share > 0.0 && share < 1.0));
        }
        let rows = TABLE.lines().filter_map(row).count();
        assert_eq!(rows, CELLS, "each of them once");
        let unused = TABLE.lines().filter(|line| line.starts_with("30,"));
        assert_eq!(TABLE.lines().count(), 1 + unused.count() + rows);
    }

    #[test]
    fn a_share_is_found_by_the_names_of_its_columns() {
        assert_eq!(
            TABLE.lines().next(),
            Some("silent_days,ratio_band,activity_band,share,cases")
        );
        let line = TABLE
            .lines()
            .find(|line| line.starts_with("90,3,2,"))
            .unwrap();
        let share: f64 = line.split(',').nth(3).unwrap().parse().unwrap();
        assert!((prior(Cell::at(3, 3, 2)) - share).abs() < 1e-12);
    }
}
