//! The receivers of `baton.toml`, ready to be delivered to.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use baton_courier::egress::{Guard, Range};
use baton_courier::{
    CommandReceiver, Dispatcher, FolderReceiver, HttpReceiver, HttpSettings, Plain, Receiver,
    Route, Secret, TIMEOUT_DEFAULT, TIMEOUT_MAX,
};
use baton_engine::port::MessageKind;
use baton_terms::{Elapsed, limits};

use super::file::{self, Kind, wrong};
use super::place::Settings;
use crate::environment::environment;
use crate::failure::Failure;
use crate::files;

impl Settings {
    /// Returns what delivers messages.
    pub(crate) fn courier(&self) -> Result<Dispatcher, Failure> {
        let path = self.file_shown();
        let ranges = self.said().egress.allow.iter();
        let allowed: Result<Vec<Range>, _> = ranges.map(|range| range.parse()).collect();
        let guard = Guard::new(allowed.map_err(|error| wrong(path, error.to_string()))?);
        let receivers = self.said().receivers.iter().enumerate();
        let routes = receivers.map(|(at, receiver)| {
            let told = Told {
                path,
                at,
                receiver,
                lease: self.lease.value,
            };
            told.route(&guard)
        });
        Ok(Dispatcher::new(routes.collect::<Result<_, _>>()?))
    }

    /// Returns the receivers in words, for people.
    pub(crate) fn receivers_shown(&self) -> Vec<String> {
        let receivers = self.said().receivers.iter();
        receivers
            .map(|receiver| {
                let to: Vec<&str> = receiver.to.iter().map(baton_terms::Id::as_str).collect();
                let how = match (&receiver.command, &receiver.url, &receiver.folder) {
                    (Some(command), _, _) => {
                        format!("command {}", command.first().map_or("", String::as_str))
                    }
                    // What follows the host may be a secret.
                    (_, Some(url), _) => {
                        let rest = url.split("://").nth(1).unwrap_or_default();
                        format!("HTTP at {}", rest.split('/').next().unwrap_or_default())
                    }
                    (_, _, Some(folder)) => format!("folder {}", folder.display()),
                    _ => "nothing".to_owned(),
                };
                format!("{}: {how}", to.join(", "))
            })
            .collect()
    }
}

/// One receiver of a file.
#[derive(Clone, Copy)]
struct Told<'a> {
    path: &'a Path,
    at: usize,
    receiver: &'a file::Receiver,
    lease: Elapsed,
}

impl Told<'_> {
    fn wrong(&self, found: impl std::fmt::Display) -> Failure {
        wrong(self.path, format!("receiver {}: {found}", self.at + 1))
    }

    fn route(&self, guard: &Guard) -> Result<Route, Failure> {
        let said = self.receiver;
        if said.to.is_empty() {
            return Err(self.wrong("`to` names nobody"));
        }
        let receiver = match (&said.command, &said.url, &said.folder) {
            (Some(command), None, None) => Receiver::Command(self.command(command)?),
            (None, Some(url), None) => Receiver::Http(Box::new(self.http(url, guard)?)),
            (None, None, Some(folder)) => Receiver::Folder(FolderReceiver {
                folder: self.beside(folder),
            }),
            _ => return Err(self.wrong("expected one of `command`, `url` and `folder`")),
        };
        let mut kinds: BTreeSet<MessageKind> = said.kinds.iter().copied().map(kind).collect();
        if kinds.is_empty() {
            kinds.extend([
                MessageKind::Delivery,
                MessageKind::Notification,
                MessageKind::FollowUp,
            ]);
        }
        Ok(Route {
            to: said.to.iter().cloned().collect(),
            kinds,
            receiver,
        })
    }

    fn command(&self, command: &[String]) -> Result<CommandReceiver, Failure> {
        let Some((program, arguments)) = command.split_first() else {
            return Err(self.wrong("`command` is empty"));
        };
        if !Path::new(program).is_absolute() {
            return Err(self.wrong("the program of `command` needs an absolute path"));
        }
        Ok(CommandReceiver {
            program: PathBuf::from(program),
            arguments: arguments.to_vec(),
            timeout: self.timeout()?,
        })
    }

    fn http(&self, url: &str, guard: &Guard) -> Result<HttpReceiver, Failure> {
        let said = self.receiver;
        let from = said.authorization_from.as_deref();
        let settings = HttpSettings {
            url: url.to_owned(),
            plain: if said.plain_http {
                Plain::Allowed
            } else {
                Plain::Refused
            },
            authorization: from.map(|from| self.secret(from)).transpose()?,
            timeout: self.timeout()?,
        };
        HttpReceiver::new(settings, guard.clone()).map_err(|error| self.wrong(error))
    }

    fn secret(&self, from: &str) -> Result<Secret, Failure> {
        if let Some(name) = from.strip_prefix("env:") {
            let value = environment(name).filter(|value| !value.is_empty());
            return value
                .map(Secret::new)
                .ok_or_else(|| self.wrong(format!("the variable `{name}` is not set")));
        }
        let Some(path) = from.strip_prefix("file:") else {
            return Err(self.wrong("`authorization_from` is neither `env:NAME` nor `file:PATH`"));
        };
        let path = self.beside(Path::new(path));
        let source = files::read_source(&path, limits::CONTRACT_BYTES_MAX)?;
        Ok(Secret::new(source.text().trim_end()))
    }

    fn timeout(&self) -> Result<Duration, Failure> {
        let asked = self.receiver.timeout.map(Elapsed::seconds);
        let timeout = asked.map_or(TIMEOUT_DEFAULT, Duration::from_secs);
        if timeout > TIMEOUT_MAX || timeout.is_zero() {
            let most = TIMEOUT_MAX.as_secs();
            return Err(self.wrong(format!("`timeout` is not between 1s and {most}s")));
        }
        // A claim that runs out during a delivery would have another node deliver too.
        if timeout.as_secs().saturating_mul(2) > self.lease.seconds() {
            return Err(self.wrong(format!(
                "`timeout` is {}s, more than half of the lease of {}s",
                timeout.as_secs(),
                self.lease.seconds()
            )));
        }
        Ok(timeout)
    }

    fn beside(&self, path: &Path) -> PathBuf {
        if path.is_absolute() {
            return path.to_owned();
        }
        files::folder_of(self.path).join(path)
    }
}

fn kind(kind: Kind) -> MessageKind {
    match kind {
        Kind::Delivery => MessageKind::Delivery,
        Kind::Notification => MessageKind::Notification,
        Kind::FollowUp => MessageKind::FollowUp,
    }
}
