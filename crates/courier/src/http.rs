//! Receivers that take messages over HTTP.

use std::time::Duration;

use baton_engine::port::{Delivered, Message};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use crate::egress::{Guard, Refused};
use crate::{Secret, TIMEOUT_MAX, tls};

/// Bytes of an answer's headers.
const RESPONSE_HEADER_BYTES_MAX: usize = 16 * 1024;
/// How Baton introduces itself.
const USER_AGENT: &str = concat!("baton/", env!("CARGO_PKG_VERSION"));

/// How a receiver is reached over HTTP.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Where messages are posted.
    pub url: String,
    /// Whether the address may be one without TLS.
    pub plain: Plain,
    /// What the `Authorization` header holds.
    pub authorization: Option<Secret>,
    /// How long one delivery may take, from resolving the name to the answer's headers.
    pub timeout: Duration,
}

/// Whether messages may travel without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Plain {
    /// Only `https://`.
    #[default]
    Refused,
    /// Also `http://`.
    Allowed,
}

/// An address that can't be a receiver's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("use the address of a receiver: {why}")]
pub struct UnusableAddress {
    why: &'static str,
}

/// A receiver that takes messages over HTTP.
///
/// Each message is one `POST` with its id as `Idempotency-Key`. `2xx` means that it was taken; `408`, `409`, `425`, `429`
/// and `5xx` that it is to be tried again; everything else, redirects included, that it was refused for good.
#[derive(Debug)]
pub struct HttpReceiver {
    agent: Agent,
    url: String,
    authorization: Option<Secret>,
}

impl HttpReceiver {
    /// Returns the receiver at an address, past a guard.
    ///
    /// # Errors
    /// When the address is none, holds a password, or is without TLS and that was not allowed.
    pub fn new(settings: HttpSettings, guard: Guard) -> Result<Self, UnusableAddress> {
        check_settings(&settings)?;
        let timeout = settings.timeout.min(TIMEOUT_MAX);
        let config = Agent::config_builder()
            .timeout_global(Some(timeout))
            // A proxy would resolve the name anew, past the guard.
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_response_header_size(RESPONSE_HEADER_BYTES_MAX)
            // A connection that is kept would outlive the check of its address.
            .max_idle_connections(0)
            .user_agent(USER_AGENT)
            .tls_config(tls::config())
            .build();
        let resolver = GuardedResolver {
            inner: DefaultResolver::default(),
            guard,
        };
        Ok(Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), resolver),
            url: settings.url,
            authorization: settings.authorization,
        })
    }

    pub(crate) fn deliver(&self, message: &Message) -> Delivered {
        let mut request = self
            .agent
            .post(&self.url)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", &message.id)
            .header("Baton-Message-Kind", message.kind.as_str());
        if let Some(secret) = &self.authorization {
            request = request.header("Authorization", secret.reveal());
        }
        match request.send(message.body.as_slice()) {
            Ok(response) => of_status(response.status().as_u16()),
            Err(error) => of_error(&error),
        }
    }
}

fn check_settings(settings: &HttpSettings) -> Result<(), UnusableAddress> {
    let unusable = |why| UnusableAddress { why };
    let uri: Uri = settings.url.parse().map_err(|_| unusable("it is no URL"))?;
    let authority = uri.authority().ok_or(unusable("it names no host"))?;
    if authority.as_str().contains('@') {
        return Err(unusable(
            "it holds a name or password, which belongs into `authorization_from`",
        ));
    }
    match (uri.scheme_str(), settings.plain) {
        (Some("https"), _) | (Some("http"), Plain::Allowed) => Ok(()),
        (Some("http"), Plain::Refused) => Err(unusable(
            "it is without TLS, and `plain_http = true` is not set",
        )),
        _ => Err(unusable("expected `https://`")),
    }
}

fn of_status(status: u16) -> Delivered {
    match status {
        200..=299 => Delivered::Done,
        300..=399 => Delivered::Lasting {
            why: format!("the receiver answered {status}: redirects are not followed"),
        },
        408 | 409 | 425 | 429 | 500..=599 => Delivered::Transient {
            why: format!("the receiver answered {status}"),
        },
        _ => Delivered::Lasting {
            why: format!("the receiver answered {status}"),
        },
    }
}

fn of_error(error: &Error) -> Delivered {
    match error {
        Error::Other(inner) => match inner.downcast_ref::<Refused>() {
            Some(refused) => Delivered::Lasting {
                why: format!("failed to {refused}"),
            },
            None => transient("the request failed"),
        },
        Error::Timeout(_) => transient("no answer in time"),
        Error::HostNotFound => transient("the host was not found"),
        Error::Tls(_) | Error::Rustls(_) => transient("no trusted TLS connection"),
        Error::Http(_) | Error::BadUri(_) => Delivered::Lasting {
            why: "the request can't be written".to_owned(),
        },
        Error::Io(error) => transient(&format!("the connection failed: {}", error.kind())),
        _ => transient("the request failed"),
    }
}

fn transient(why: &str) -> Delivered {
    Delivered::Transient {
        why: why.to_owned(),
    }
}

/// Resolves names, and lets none pass that leads where no request may go. The connection goes to the addresses returned.
#[derive(Debug)]
struct GuardedResolver {
    inner: DefaultResolver,
    guard: Guard,
}

impl Resolver for GuardedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let addresses = self.inner.resolve(uri, config, timeout)?;
        match self.guard.check(&addresses) {
            Ok(()) => Ok(addresses),
            Err(refused) => Err(Error::Other(Box::new(refused))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_before_anything_is_sent() {
        let check = |url: &str, plain| {
            let settings = HttpSettings {
                url: url.to_owned(),
                plain,
                authorization: None,
                timeout: TIMEOUT_MAX,
            };
            check_settings(&settings).is_ok()
        };
        for (url, plain, expected) in [
            ("https://hooks.example.org/a", Plain::Refused, true),
            ("http://hooks.example.org/a", Plain::Refused, false),
            ("http://hooks.example.org/a", Plain::Allowed, true),
            ("https://me:secret@example.org/", Plain::Allowed, false),
            ("ftp://example.org/", Plain::Allowed, false),
            ("file:///etc/passwd", Plain::Allowed, false),
            ("/etc/passwd", Plain::Allowed, false),
            ("", Plain::Allowed, false),
        ] {
            assert_eq!(check(url, plain), expected, "{url}");
        }
    }

    #[test]
    fn what_an_answer_means() {
        for (status, expected) in [
            (200, "done"),
            (202, "done"),
            (301, "lasting"),
            (307, "lasting"),
            (400, "lasting"),
            (401, "lasting"),
            (408, "transient"),
            (409, "transient"),
            (410, "lasting"),
            (429, "transient"),
            (500, "transient"),
            (503, "transient"),
            (100, "lasting"),
        ] {
            let found = match of_status(status) {
                Delivered::Done => "done",
                Delivered::Transient { .. } => "transient",
                Delivered::Lasting { .. } => "lasting",
            };
            assert_eq!(found, expected, "{status}");
        }
    }
}
