//! Files that are handed in, on the command line.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use crate::community::{DateOrder, DecimalSign};

/// `import`.
#[derive(Debug, Clone, Args)]
pub struct Import {
    /// What to do.
    #[command(subcommand)]
    pub command: ImportCommand,
}

/// What `import` does.
#[derive(Debug, Clone, Subcommand)]
pub enum ImportCommand {
    /// What was spent: date, group, kind, amount, currency, note, receipt, event
    ///
    /// Kinds are venue, food, swag, speaker, fee, travel and other; a receipt is yes or no; an event is meant by id,
    /// address or date.
    #[command(
        after_help = "Examples:\n  gatherd import spending 2026.csv --dry-run\n  gatherd import spending 2026.csv\n  \
gatherd import spending --template > spending.csv"
    )]
    Spending(Handed),
    /// What currencies were worth: month, currency, rate to the configured one
    #[command(after_help = "Example: gatherd import rates rates.csv")]
    Rates(Handed),
    /// What may be spent: group (or all), year, amount, currency
    #[command(after_help = "Example: gatherd import budget budget.csv")]
    Budget(Handed),
    /// List what was imported
    List,
    /// Take back all that was imported under a name
    Undo {
        /// The name, as `import list` has it
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        name: String,
    },
}

/// A file that is handed in.
#[derive(Debug, Clone, Args)]
pub struct Handed {
    /// The file, CSV or JSON lines; - for standard input
    #[arg(value_name = "FILE|-", required_unless_present = "template")]
    pub file: Option<PathBuf>,
    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// As what it is known: a later file of that name replaces it [default: the file's name]
    #[arg(long = "as", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,
    /// Leave out lines that will not do, instead of leaving all as it was
    #[arg(long)]
    pub skip_bad: bool,
    /// In which order dates are written: DMY, MDY or YMD [default: 2026-12-31 alone is understood]
    #[arg(long, value_name = "ORDER", value_parser = dates)]
    pub dates: Option<DateOrder>,
    /// Which sign stands before the cents, comma or point; then thousands may be set apart [default: a comma where semicolons part the
    /// columns, else a point]
    #[arg(long, value_name = "SIGN", value_parser = sign)]
    pub decimal: Option<DecimalSign>,
    /// Print how such a file looks
    #[arg(long, conflicts_with_all = ["file", "dry_run", "name", "skip_bad", "dates", "decimal"])]
    pub template: bool,
}

fn dates(text: &str) -> Result<DateOrder, String> {
    let known = DateOrder::ALL.iter().map(|it| it.as_str());
    DateOrder::parse(&text.to_uppercase()).ok_or_else(|| one_of(known))
}

fn sign(text: &str) -> Result<DecimalSign, String> {
    let known = DecimalSign::ALL.iter().map(|it| it.as_str());
    DecimalSign::parse(text).ok_or_else(|| one_of(known))
}

fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("write one of: {}", words.collect::<Vec<_>>().join(", "))
}
