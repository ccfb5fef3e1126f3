//! What is wanted of the configuration.

/// How much of the configuration a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Only the database: no sign-in, no network; without the default file, the defaults do.
    Database,
    /// To sign in: a sign-in, whatever is to be mirrored.
    SignIn,
    /// To ask Meetup: a sign-in, and at least one network or group.
    Meetup,
}
