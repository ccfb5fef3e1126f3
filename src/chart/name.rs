//! A name that may have to be said otherwise.

use serde::{Deserialize, Serialize};

/// A name, and what stands for it where a font cannot draw it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Name {
    /// As it is.
    pub text: String,
    /// Where that cannot be drawn.
    pub instead: String,
}

impl Name {
    /// A text that every font can draw.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            instead: text.clone(),
            text,
        }
    }

    /// The name with words around it; as it is, cut to so many columns.
    pub(super) fn within(&self, before: &str, after: &str, columns: usize) -> Self {
        Self {
            text: format!("{before}{}{after}", cut(&self.text, columns)),
            instead: format!("{before}{}{after}", cut(&self.instead, columns)),
        }
    }
}

/// A text cut to so many columns.
fn cut(text: &str, columns: usize) -> String {
    use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_by_columns_not_by_letters() {
        assert_eq!(cut("Berlin Rust", 11), "Berlin Rust");
        assert_eq!(cut("Berlin Rustaceans", 8), "Berlin…");
        assert_eq!(cut("東京データ", 6), "東京…");
    }
}
