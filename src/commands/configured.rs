//! The configuration, as what was typed asks for it.

use crate::{
    app::{Misused, within},
    cli::{Global, Within},
    community::{Access, shown},
    config::{Config, Need, Problems},
};

/// Reads the configuration, and logs what should not stay as it is in it where Meetup is to be asked.
pub(super) fn config(global: &Global, need: Need) -> Result<Config, Problems> {
    let config = config_unwarned(global, need)?;
    if need == Need::Meetup {
        for it in &config.warnings {
            tracing::warn!("{}; {}", shown(&it.what), it.remedy);
        }
    }
    Ok(config)
}

/// Reads the configuration.
pub(super) fn config_unwarned(global: &Global, need: Need) -> Result<Config, Problems> {
    Config::load(&global.overrides(), &|name| std::env::var(name).ok(), need)
}

/// Which groups were asked for.
pub(super) fn access(config: &Config, within: &Within) -> Result<Access, Misused> {
    let lists = (within.country.as_slice(), within.timezone.as_slice());
    within::asked(config, lists, within.region.as_deref())
}
