//! What is behind a figure of a group, for whoever looks at the pages: by the very definitions of
//! `gatherd report --explain`.

use super::{database::Database, network_figure::SHOWN, showing::Look, snapshot};
use crate::{
    config::Config,
    metrics::{self, Entry},
    mirror::MirrorError,
    report::{self, GroupReport, Outline},
};

/// A figure of a group as a picture has it; its rows are read of that group alone. None: it is none of a group.
pub(crate) async fn of_group(
    config: &Config,
    database: &Database,
    (look, group): (&Look, &GroupReport),
    entry: &'static Entry,
    with_names: bool,
) -> Result<Option<Outline>, MirrorError> {
    let urlname = group.figures.urlname.clone();
    let settings = snapshot::settings(config, look.as_of(), look.as_of()).alone(&urlname);
    let explained = database
        .read(move |conn| Ok(metrics::explain(conn, &settings, entry, Some(&urlname))?))
        .await?;
    let told = report::explain(look.report(), Some(group), entry.key, explained, with_names);
    Ok(told.map(|it| report::outline(&it, SHOWN)))
}
