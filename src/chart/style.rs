//! The one style sheet of all charts, and what of it a file that stands alone carries.

/// The style sheet that a page includes: colours as custom properties, light and dark, and classes.
pub const CSS: &str = include_str!("chart.css");

/// By which ground a file that stands alone is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As whoever looks at it has set.
    Reader,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The style for a file: custom properties written out, since much that shows SVG does not know them.
pub(super) fn style(theme: Theme) -> String {
    // The light colours are the first block, the dark ones the first block of the next.
    let mut blocks = CSS.splitn(4, '}');
    let [light, dark, _, rules] = [(); 4].map(|()| blocks.next().unwrap_or_default());
    match theme {
        Theme::Light => written(rules, light),
        Theme::Dark => written(rules, dark),
        Theme::Reader => format!(
            "{}@media (prefers-color-scheme:dark){{{}}}",
            written(rules, light),
            written(rules, dark)
        ),
    }
}

/// The rules with their colours in place.
fn written(rules: &str, colours: &str) -> String {
    let mut text: String = rules.lines().map(str::trim).collect();
    for line in colours.lines() {
        let line = line.trim().trim_end_matches(';');
        if let Some((name, colour)) = line.split_once(": ").filter(|_| line.starts_with("--")) {
            text = text.replace(&format!("var({name})"), colour);
        }
    }
    text
}

/// How a class looks, as attributes: for a picture within another, to which no style sheet reaches. `Reader` is light.
pub(super) fn attributes(theme: Theme, class: &str) -> String {
    let mut blocks = CSS.splitn(4, '}');
    let [light, dark, _, rules] = [(); 4].map(|()| blocks.next().unwrap_or_default());
    let colours = if theme == Theme::Dark { dark } else { light };
    let rules = written(rules, colours);
    let start = format!(".{class} {{");
    let rule = rules.split('}').find_map(|rule| rule.strip_prefix(&start));
    let said = rule.unwrap_or_default().split(';');
    let said = said.filter_map(|it| it.split_once(':'));
    let said: Vec<String> = said
        .map(|(name, value)| format!(r#"{}="{}""#, name.trim(), value.trim()))
        .collect();
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_written_out_as_attributes() {
        assert_eq!(attributes(Theme::Light, "c-met"), r##"fill="#8fccf0""##);
        assert_eq!(
            attributes(Theme::Dark, "c-off"),
            r##"fill="none" stroke="#8c8c8c" stroke-width="1" stroke-dasharray="2 2""##
        );
    }

    #[test]
    fn a_file_of_its_own_has_every_colour_written_out_in_either_theme() {
        for theme in [Theme::Reader, Theme::Light, Theme::Dark] {
            let style = style(theme);
            assert!(!style.contains("var("), "{style}");
            assert!(style.contains(".c-first{") || style.contains(".c-first {"));
        }
        assert!(
            style(Theme::Light).contains("#ffffff") && !style(Theme::Light).contains("#16181c")
        );
        assert!(style(Theme::Reader).contains("prefers-color-scheme"));
    }
}
