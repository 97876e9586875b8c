//! Where the server is and how it is reached: in the clear on this machine, else over TLS that verifies the server as
//! `sslmode=verify-full` does (<https://www.postgresql.org/docs/15/libpq-ssl.html>).

use std::{net::IpAddr, path::Path, sync::Arc};

use baton_engine::port::StoreError;
use postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::reason;

/// A server's address, with the certificates that are trusted when it is reached over TLS.
#[derive(Clone)]
pub(super) struct Address {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    /// Reads a connection URL or a list of `key=value`. Beside what the client knows, `sslrootcert` names a file of
    /// certificates to trust instead of the system's.
    pub(super) fn parse(text: &str) -> Result<Self, StoreError> {
        let (rest, options) = take_options(text);
        let mut config: Config = rest
            .parse()
            .map_err(|error: postgres::Error| unavailable(reason(&error)))?;
        if !is_encrypted(&config, options.mode.as_deref())? {
            config.ssl_mode(SslMode::Disable);
            return Ok(Self { config, tls: None });
        }
        config.ssl_mode(SslMode::Require);
        let roots = match options.roots.as_deref() {
            None | Some("system") => system_roots(),
            Some(path) => roots_of(Path::new(path))?,
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| unavailable(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            config,
            tls: Some(MakeRustlsConnect::new(tls)),
        })
    }

    /// Opens a connection.
    pub(super) fn connect(&self) -> Result<Client, StoreError> {
        let client = match &self.tls {
            None => self.config.connect(NoTls),
            Some(tls) => self.config.connect(tls.clone()),
        };
        client.map_err(|error| unavailable(reason(&error)))
    }
}

fn unavailable(why: impl Into<String>) -> StoreError {
    StoreError::Unavailable { why: why.into() }
}

/// Returns whether the connection goes over TLS. Only a server on this machine may be reached without, and only when TLS was not
/// asked for.
fn is_encrypted(config: &Config, mode: Option<&str>) -> Result<bool, StoreError> {
    let is_local = is_local(config);
    match mode {
        None => Ok(!is_local),
        // `require` and `verify-ca` promise less than is done here: the name is verified as well.
        Some("require" | "verify-ca" | "verify-full") => Ok(true),
        Some("disable" | "allow" | "prefer") if is_local => Ok(false),
        Some(mode @ ("disable" | "allow" | "prefer")) => Err(unavailable(format!(
            "`sslmode={mode}` would send data unprotected to another machine; leave it out or use `verify-full`"
        ))),
        Some(mode) => Err(unavailable(format!(
            "`sslmode={mode}` is none of `disable`, `require` and `verify-full`"
        ))),
    }
}

/// A name counts as this machine's only when it can be nothing else; an address that is given beside it is what is connected to.
fn is_local(config: &Config) -> bool {
    let is_local_host = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
    };
    let addresses = config.get_hostaddrs();
    addresses.iter().all(IpAddr::is_loopback)
        && (!addresses.is_empty() || config.get_hosts().iter().all(is_local_host))
}

fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    // What cannot be read is not trusted; a server it would have vouched for is refused by name.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

fn roots_of(path: &Path) -> Result<RootCertStore, StoreError> {
    let unreadable = |why: String| {
        unavailable(format!(
            "read the certificates to trust in `{}`: {why}",
            path.display()
        ))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|e| unreadable(e.to_string()))? {
        let certificate = certificate.map_err(|e| unreadable(e.to_string()))?;
        roots
            .add(certificate)
            .map_err(|e| unreadable(e.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unreadable("there are none".into()));
    }
    Ok(roots)
}

/// The options that the client does not know in this form.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    mode: Option<String>,
    roots: Option<String>,
}

impl Options {
    /// Takes an option; returns whether it is one of these.
    fn take(&mut self, key: &str, value: String) -> bool {
        match key {
            "sslmode" => self.mode = Some(value),
            "sslrootcert" => self.roots = Some(value),
            _ => return false,
        }
        true
    }
}

/// Returns the text without the options that are taken from it.
fn take_options(text: &str) -> (String, Options) {
    let mut options = Options::default();
    if !text.starts_with("postgresql://") && !text.starts_with("postgres://") {
        let rest: Vec<&str> = settings(text)
            .into_iter()
            .filter(|setting| {
                let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
                !options.take(key.trim(), unquoted(value.trim()))
            })
            .collect();
        return (rest.join(" "), options);
    }
    let Some((address, query)) = text.split_once('?') else {
        return (text.to_owned(), options);
    };
    let rest: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            !options.take(key, decoded(value))
        })
        .collect();
    let rest = match rest.as_slice() {
        [] => address.to_owned(),
        some => format!("{address}?{}", some.join("&")),
    };
    (rest, options)
}

/// Splits a list of `key=value` where a value may stand in single quotes and a backslash takes the next character as it is.
fn settings(text: &str) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let is_between = |character: char| {
        if is_escaped {
            is_escaped = false;
            return false;
        }
        match character {
            '\\' => is_escaped = true,
            '\'' => is_quoted = !is_quoted,
            _ => {}
        }
        !is_quoted && character.is_whitespace()
    };
    text.split(is_between)
        .filter(|setting| !setting.is_empty())
        .collect()
}

fn unquoted(value: &str) -> String {
    let inner = value
        .strip_prefix('\'')
        .and_then(|value| value.strip_suffix('\''))
        .unwrap_or(value);
    let mut plain = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        let taken = if character == '\\' {
            characters.next()
        } else {
            Some(character)
        };
        plain.extend(taken);
    }
    plain
}

/// Undoes percent-encoding; what is no escape stays as it is.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let [first, more @ ..] = rest {
        let escape = match (first, more) {
            (b'%', [high, low, more @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap_or_default();
                u8::from_str_radix(digits, 16).ok().map(|byte| (byte, more))
            }
            _ => None,
        };
        let (byte, more) = escape.unwrap_or((*first, more));
        bytes.push(byte);
        rest = more;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_servers_on_this_machine_are_reached_unencrypted() {
        for (text, expected) in [
            ("postgresql://user@localhost/db", Some(false)),
            ("postgresql://user@127.0.0.1:5433/db", Some(false)),
            ("postgresql://user@[::1]/db", Some(false)),
            ("host=/run/postgresql user=baton", Some(false)),
            (
                "postgresql://user@localhost/db?sslmode=verify-full",
                Some(true),
            ),
            ("postgresql://user@db.example/db", Some(true)),
            (
                "postgresql://user@db.example/db?sslmode=require",
                Some(true),
            ),
            ("host=10.0.0.1 user=a", Some(true)),
            // What is connected to is the address, whatever the name says.
            ("host=localhost hostaddr=10.0.0.1 user=a", Some(true)),
            ("host=db.example,localhost user=a", Some(true)),
            ("postgresql://user@db.example/db?sslmode=prefer", None),
            ("host=10.0.0.1 sslmode=disable user=a", None),
            (
                "host=localhost hostaddr=10.0.0.1 sslmode=disable user=a",
                None,
            ),
            ("host=localhost sslmode=sometimes user=a", None),
            ("host=db.example user=a sslrootcert=/none/here.pem", None),
            ("no url", None),
        ] {
            let found = Address::parse(text).map(|address| address.tls.is_some());
            assert_eq!(found.ok(), expected, "{text}");
        }
    }

    #[test]
    fn options_are_found_in_both_forms() {
        let found = |mode: &str, roots: &str| Options {
            mode: Some(mode.into()),
            roots: Some(roots.into()),
        };
        for (text, rest, options) in [
            (
                "postgresql://u@h/d?sslmode=verify-full&application_name=a&sslrootcert=%2Fa%20b%2fc.pem",
                "postgresql://u@h/d?application_name=a",
                found("verify-full", "/a b/c.pem"),
            ),
            (
                "host=h sslmode=require user='a b' sslrootcert='/it\\'s here.pem'",
                "host=h user='a b'",
                found("require", "/it's here.pem"),
            ),
            (
                "postgresql://u@h/d",
                "postgresql://u@h/d",
                Options::default(),
            ),
            ("host=h", "host=h", Options::default()),
        ] {
            assert_eq!(take_options(text), (rest.to_owned(), options), "{text}");
        }
    }
}
