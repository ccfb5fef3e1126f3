//! The few charts, as SVG: plain data in, a picture with the same numbers as a table out.
//!
//! Colours are classes only, so that a page with a strict Content-Security-Policy can show a chart by its
//! own style sheet ([`CSS`]); a file that stands alone carries its style. Text is drawn as text, and what
//! a font cannot draw is said otherwise.

mod answers;
mod axis;
mod canvas;
mod drawing;
mod groups_met;
mod hosts;
mod months;
mod name;
mod pause;
#[cfg(feature = "png")]
mod png;
mod retention;
mod spans;
mod strip;
mod style;
mod turnout;

pub use answers::{Answers, Curve};
pub use drawing::{Chart, Table};
pub use groups_met::GroupsMet;
pub use hosts::{HostPerson, Hosts};
pub use months::Months;
pub use name::Name;
pub use pause::{Alike, Pauses, Present};
#[cfg(feature = "png")]
pub use png::{PngError, can_draw, png};
pub use retention::{Cohort, Retention};
pub use strip::{
    Calendar, Cell, Level, cells, in_words, strip, strip_within, width as strip_width,
};
pub use style::{CSS, Theme};
pub use turnout::{Gathering, Stage, Turnout};
