//! A chart on a page: the picture, the same numbers as a table under it, and the way to what it is drawn from.

use crate::{chart::Chart, report::clean};
use maud::{Markup, PreEscaped, html};

/// The chart. On a screen that is too narrow for its letters it is scrolled by itself.
pub(super) fn figure(chart: &Chart, behind: &Markup) -> Markup {
    html! {
        figure.chart {
            div.wide tabindex="0" role="region" aria-label=(chart.title()) {
                (PreEscaped(chart.embedded()))
            }
            @if !chart.is_empty() {
                @let table = chart.table();
                details {
                    summary { "The numbers" }
                    div.wide tabindex="0" role="region" aria-label={ "The numbers: " (chart.title()) } {
                        table {
                            thead { tr { @for cell in &table.head { th scope="col" { (clean(cell)) } } } }
                            tbody { @for row in &table.rows { tr { @for cell in row { td { (clean(cell)) } } } } }
                        }
                    }
                }
            }
            (behind)
        }
    }
}
