//! The text of a file of `schema/metrics/`.

macro_rules! sql {
    ($file:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/schema/metrics/",
            $file
        ))
    };
}
pub(super) use sql;
