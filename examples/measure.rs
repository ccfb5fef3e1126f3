use chrono::{TimeZone, Utc};
fn main() {
    let conn = rusqlite::Connection::open_with_flags(
        std::env::args().nth(1).unwrap(),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
    )
    .unwrap();
    if let Some(p) = std::env::args().nth(2) {
        conn.execute_batch(&p).unwrap();
    }
    let s = gatherd::metrics::Settings::as_of(Utc.timestamp_opt(1795410000, 0).unwrap());
    for _ in 0..3 {
        let t = std::time::Instant::now();
        let m = gatherd::metrics::measure(&conn, &s).unwrap();
        eprintln!("{:?} {} {:?}", t.elapsed(), m.groups.len(), m.network);
    }
}
