//! The Equal Earth projection (Šavrič, Patterson and Jenny, 2018): areas keep their size.

/// The whole earth in these units: width, height.
pub(super) const EARTH: (f64, f64) = (2000.0, 974.0);
/// Units a radian at the equator.
const UNIT: f64 = 1000.0 / 2.706_629_983_696;

/// Where a latitude and a longitude, in degrees, lie on the map.
pub(super) fn projected((lat, lon): (f64, f64)) -> (f64, f64) {
    const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];
    let half_root = 3.0_f64.sqrt() / 2.0;
    let t = (half_root * lat.to_radians().sin()).asin();
    let (t2, t6, t8) = (t * t, t.powi(6), t.powi(8));
    let slope = 9.0 * A[3] * t8 + 7.0 * A[2] * t6 + 3.0 * A[1] * t2 + A[0];
    let x = 2.0 * 3.0_f64.sqrt() * lon.to_radians() * t.cos() / (3.0 * slope);
    let y = t * (A[3] * t8 + A[2] * t6 + A[1] * t2 + A[0]);
    (1000.0 + UNIT * x, 487.0 - UNIT * y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_the_edges_and_the_poles_lie_where_they_belong() {
        let near = |found: (f64, f64), x: f64, y: f64| {
            assert!(
                (found.0 - x).abs() < 0.6 && (found.1 - y).abs() < 0.6,
                "{found:?}"
            );
        };
        near(projected((0.0, 0.0)), 1000.0, 487.0);
        near(projected((0.0, 180.0)), 2000.0, 487.0);
        near(projected((0.0, -180.0)), 0.0, 487.0);
        near(projected((90.0, 0.0)), 1000.0, 0.3);
        near(projected((-90.0, 0.0)), 1000.0, 973.7);
        // From the authors' tables: at 45 degrees, 180 degrees lie at 2.3219 and y at 0.8 or so of a radian.
        let (x, _) = projected((45.0, 180.0));
        assert!(
            (x - 1000.0) / UNIT < 2.45 && (x - 1000.0) / UNIT > 2.2,
            "{x}"
        );
    }

    #[test]
    fn the_outline_is_of_this_projection() {
        let outline = include_str!("../../assets/land/outline.txt");
        let paths = outline.split('M').skip(1);
        let starts: Vec<(f64, f64)> = paths
            .map(|path| {
                let (start, _) = path.split_once('l').unwrap();
                let (x, y) = start.split_once(' ').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            })
            .collect();
        assert!(starts.len() > 100, "{}", starts.len());
        for (x, y) in starts {
            assert!((0.0..=EARTH.0).contains(&x) && (0.0..=EARTH.1).contains(&y));
        }
    }
}
