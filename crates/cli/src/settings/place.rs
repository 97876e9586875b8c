//! Where the store is, and everything else a command on it needs to know.

use std::path::{Path, PathBuf};

use baton_evidence::keys::Keyring;
use baton_terms::Elapsed;
use clap::Args;

use super::file::{self, LEASE_DEFAULT, Said, SealSettings};
use crate::commands::keys::read_keyring;
use crate::environment::environment;
use crate::failure::Failure;
use crate::files;
use crate::flags_file::FlagsFile;

/// The file of settings that counts when none is named.
const FILE_DEFAULT: &str = "baton.toml";
/// The store when none is named.
const STORE_DEFAULT: &str = ".baton/baton.db";

/// Which store, and which settings.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The store: a file, or the URL of a PostgreSQL database. `BATON_STORE`, then `baton.toml`, then `.baton/baton.db` when left out.
    #[arg(long, value_name = "PATH|URL")]
    store: Option<String>,
    /// The file of settings. `BATON_CONFIG`, then `./baton.toml` where it is there, when left out.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag.
    Flag,
    /// A variable of the environment.
    Environment(&'static str),
    /// The file of settings.
    File,
    /// Nobody said anything.
    Default,
}

/// A setting with where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) from: Origin,
}

/// Where a store is.
#[derive(Debug, Clone)]
pub(crate) enum StorePlace {
    /// In a SQLite file.
    File(PathBuf),
    /// In a PostgreSQL database; the URL may hold a password and is never shown whole.
    Database(baton_courier::Secret),
}

/// What is in force.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) file: Option<Setting<PathBuf>>,
    pub(crate) store: Setting<StorePlace>,
    pub(crate) token_file: Option<Setting<PathBuf>>,
    pub(crate) keyring: Option<Setting<PathBuf>>,
    pub(crate) flags: Option<Setting<PathBuf>>,
    pub(crate) lease: Setting<Elapsed>,
    pub(crate) seal: Option<SealSettings>,
    said: Said,
}

impl Place {
    /// Returns the place that was named, as far as it was.
    pub(crate) fn new(store: Option<String>, config: Option<PathBuf>) -> Self {
        Self { store, config }
    }

    /// Returns what is in force.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let file = self.file();
        let said = match &file {
            Some(file) => file::read(&file.value)?,
            None => Said::default(),
        };
        let folder = file.as_ref().map(|file| files::folder_of(&file.value));
        let beside = |path: &Path| match folder {
            Some(folder) if path.is_relative() && folder != Path::new(".") => folder.join(path),
            _ => path.to_owned(),
        };
        let in_file = |path: &Option<PathBuf>| {
            path.as_deref().map(|path| Setting {
                value: beside(path),
                from: Origin::File,
            })
        };
        let seal = said.seal.clone().map(|seal| SealSettings {
            key: beside(&seal.key),
            checkpoint: seal.checkpoint.as_deref().map(beside),
            ..seal
        });
        Ok(Settings {
            store: self.store(said.store.as_deref(), beside),
            token_file: of_environment("BATON_TOKEN_FILE").or_else(|| in_file(&said.token_file)),
            keyring: of_environment("BATON_KEYRING").or_else(|| in_file(&said.keyring)),
            flags: of_environment("BATON_FLAGS").or_else(|| in_file(&said.flags)),
            lease: lease(&said),
            seal,
            file,
            said,
        })
    }

    fn file(&self) -> Option<Setting<PathBuf>> {
        let flag = self.config.clone().map(|value| Setting {
            value,
            from: Origin::Flag,
        });
        flag.or_else(|| of_environment("BATON_CONFIG")).or_else(|| {
            let value = PathBuf::from(FILE_DEFAULT);
            // What is there and can't be read is no absence.
            let is_there = value.symlink_metadata().is_ok();
            is_there.then_some(Setting {
                value,
                from: Origin::Default,
            })
        })
    }

    fn store(&self, said: Option<&str>, beside: impl Fn(&Path) -> PathBuf) -> Setting<StorePlace> {
        if let Some(store) = &self.store {
            return Setting {
                value: StorePlace::of(store, Path::to_owned),
                from: Origin::Flag,
            };
        }
        if let Some(store) = environment("BATON_STORE").filter(|store| !store.is_empty()) {
            return Setting {
                value: StorePlace::of(&store, Path::to_owned),
                from: Origin::Environment("BATON_STORE"),
            };
        }
        match said {
            Some(store) => Setting {
                value: StorePlace::of(store, beside),
                from: Origin::File,
            },
            None => Setting {
                value: StorePlace::File(PathBuf::from(STORE_DEFAULT)),
                from: Origin::Default,
            },
        }
    }
}

impl StorePlace {
    fn of(text: &str, path: impl Fn(&Path) -> PathBuf) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Database(baton_courier::Secret::new(text))
        } else {
            Self::File(path(Path::new(text)))
        }
    }

    /// Returns the place without anything that should not be shown.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Database(url) => {
                let rest = url.reveal().rsplit('@').next().unwrap_or_default();
                let rest = rest.rsplit("://").next().unwrap_or_default();
                let place = rest.split('?').next().unwrap_or_default();
                format!("PostgreSQL at {place}")
            }
        }
    }
}

impl Settings {
    /// Returns the keys whose signatures count; none when no keyring is set.
    pub(crate) fn keys(&self) -> Result<Keyring, Failure> {
        match &self.keyring {
            Some(path) => read_keyring(&path.value),
            None => Ok(Keyring::default()),
        }
    }

    /// Returns the file of feature flags.
    pub(crate) fn flags_file(&self) -> FlagsFile {
        FlagsFile(self.flags.as_ref().map(|flags| flags.value.clone()))
    }

    pub(super) fn said(&self) -> &Said {
        &self.said
    }

    /// Returns the file that receivers were read from, for messages.
    pub(super) fn file_shown(&self) -> &Path {
        let file = self.file.as_ref();
        file.map_or(Path::new(FILE_DEFAULT), |file| &file.value)
    }
}

fn lease(said: &Said) -> Setting<Elapsed> {
    match said.node.lease {
        Some(value) => Setting {
            value,
            from: Origin::File,
        },
        None => Setting {
            value: LEASE_DEFAULT.parse().unwrap_or_default(),
            from: Origin::Default,
        },
    }
}

fn of_environment(name: &'static str) -> Option<Setting<PathBuf>> {
    let value = environment(name).filter(|value| !value.is_empty())?;
    Some(Setting {
        value: PathBuf::from(value),
        from: Origin::Environment(name),
    })
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag => f.write_str("a flag"),
            Self::Environment(name) => f.write_str(name),
            Self::File => f.write_str("the file of settings"),
            Self::Default => f.write_str("nothing else is set"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_without_its_password() {
        for (text, expected) in [
            (".baton/baton.db", ".baton/baton.db"),
            (
                "postgres://me:p%40ss@db/baton?sslmode=x",
                "PostgreSQL at db/baton",
            ),
            (
                "postgresql://me:a@b@db:5432/baton",
                "PostgreSQL at db:5432/baton",
            ),
            (
                "postgres://db/baton?password=hunter2",
                "PostgreSQL at db/baton",
            ),
        ] {
            let place = StorePlace::of(text, Path::to_owned);
            assert_eq!(place.shown(), expected);
            assert!(!format!("{place:?}").contains("p%40ss"));
        }
    }
}
