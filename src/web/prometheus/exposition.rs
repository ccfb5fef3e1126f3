//! The text that Prometheus reads: each metric with its help and type, each sample on a line.
//!
//! OpenMetrics differs in little: a counter's metric goes by its name without `_total`, quotes in a help are
//! escaped, and the end is marked.

use std::fmt::{Display, Write as _};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Prometheus' own.
    Text,
    /// OpenMetrics 1.0.
    OpenMetrics,
}

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Goes up and down.
    Gauge,
    /// Goes up: `_total` stands behind its name.
    Counter,
}

/// A text in the making.
pub(super) struct Exposition {
    text: String,
    format: Format,
}

impl Format {
    /// What whoever asks so takes best.
    pub(super) fn asked_for(accept: &str) -> Self {
        let takes = accept.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            let is_it = words
                .next()
                .is_some_and(|it| it.eq_ignore_ascii_case("application/openmetrics-text"));
            is_it && !words.any(|it| it.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0)))
        });
        if takes { Self::OpenMetrics } else { Self::Text }
    }

    /// The answer's type.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

impl Exposition {
    pub(super) fn new(format: Format) -> Self {
        Self {
            text: String::with_capacity(16 * 1024),
            format,
        }
    }

    /// A metric with its samples, each its labels and its value. One without any is left out.
    pub(super) fn metric<'a, V: Display>(
        &mut self,
        kind: Kind,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = (Vec<(&'a str, &'a str)>, V)>,
    ) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        let (kind, end) = match kind {
            Kind::Gauge => ("gauge", ""),
            Kind::Counter => ("counter", "_total"),
        };
        let mut help = help.replace('\\', "\\\\").replace('\n', "\\n");
        let family = match self.format {
            Format::Text => format!("{name}{end}"),
            Format::OpenMetrics => {
                help = help.replace('"', "\\\"");
                name.to_owned()
            }
        };
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "# HELP {family} {help}");
        let _ = writeln!(self.text, "# TYPE {family} {kind}");
        for (labels, value) in samples {
            self.text.push_str(name);
            self.text.push_str(end);
            for (nth, (label, text)) in labels.iter().enumerate() {
                let before = if nth == 0 { '{' } else { ',' };
                let _ = write!(self.text, "{before}{label}=\"{}\"", escaped(text));
            }
            if !labels.is_empty() {
                self.text.push('}');
            }
            let _ = writeln!(self.text, " {value}");
        }
    }

    /// The whole text.
    pub(super) fn end(mut self) -> String {
        if self.format == Format::OpenMetrics {
            self.text.push_str("# EOF\n");
        }
        self.text
    }
}

/// Whatever a name holds, it stays one value on one line.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('\n', "\\n").replace('\r', "\\\\r")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format) -> String {
        let mut it = Exposition::new(format);
        let named = vec![("channel", "a\"} 1\nb\\"), ("state", "sent")];
        it.metric(Kind::Counter, "sent", "What \"went\".", [(named, 3)]);
        it.metric(Kind::Gauge, "up", "Plain.", [(vec![], 1.5)]);
        it.metric::<u8>(Kind::Gauge, "none", "Nothing.", []);
        it.end()
    }

    #[test]
    fn a_name_stays_one_value_and_both_formats_say_the_same() {
        assert_eq!(
            written(Format::Text),
            "# HELP sent_total What \"went\".\n# TYPE sent_total counter\n\
             sent_total{channel=\"a\\\"} 1\\nb\\\\\",state=\"sent\"} 3\n\
             # HELP up Plain.\n# TYPE up gauge\nup 1.5\n"
        );
        assert_eq!(
            written(Format::OpenMetrics),
            "# HELP sent What \\\"went\\\".\n# TYPE sent counter\n\
             sent_total{channel=\"a\\\"} 1\\nb\\\\\",state=\"sent\"} 3\n\
             # HELP up Plain.\n# TYPE up gauge\nup 1.5\n# EOF\n"
        );
    }

    #[test]
    fn whoever_takes_openmetrics_gets_it() {
        for (accept, format) in [
            ("", Format::Text),
            ("*/*", Format::Text),
            ("text/plain;version=0.0.4", Format::Text),
            (
                "application/openmetrics-text; version=1.0.0; q=0, text/plain",
                Format::Text,
            ),
            (
                "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                Format::OpenMetrics,
            ),
        ] {
            assert_eq!(Format::asked_for(accept), format, "{accept}");
        }
    }
}
