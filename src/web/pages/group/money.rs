//! What was spent for a group, for whoever may see that.

use crate::{
    app::{database::Database, money, showing::Look, snapshot},
    config::{Config, Right},
    report::{GroupReport, clean, parts},
    web::Session,
};
use maud::{Markup, html};

/// The part on money, for which that group alone is read; nothing for whoever may not see it, or where nothing was spent.
pub(super) async fn part(
    config: &Config,
    database: &Database,
    session: &Session,
    (look, group): (&Look, &GroupReport),
) -> anyhow::Result<Markup> {
    if !session.may(Right::Money) {
        return Ok(html! {});
    }
    let settings = snapshot::settings(config, look.as_of(), look.as_of());
    let alone = settings.alone(&group.figures.urlname);
    let money = money::money(config, database, &alone).await?;
    if money.years.is_empty() {
        return Ok(html! {});
    }
    Ok(html! {
        section #money {
            h2 { "Money" }
            @for part in parts(&money) {
                h3 { (clean(&part.heading)) }
                @for line in &part.lines { p { (clean(line)) } }
            }
        }
    })
}
