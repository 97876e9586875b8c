//! The file form of a keyring: `keyring/v1`, JSON, unknown fields refused.

use baton_terms::{Diagnostic, Id, Instant, lookalike};
use serde_json::{Map, Value, json};

use super::{Entry, Keyring, Kind, PublicKey};
use crate::{
    canonical,
    json::{self, Limits},
    shape::{Object, Shape, clip},
};

/// The codes of problems in keyrings; each has a page in `docs/errors`.
pub mod codes {
    use baton_terms::Code;

    /// The keyring does not have its shape.
    pub const KEYRING_SHAPE: Code = Code::new(701);
    /// The keyring has another version.
    pub const KEYRING_VERSION: Code = Code::new(702);
    /// A public key cannot be read.
    pub const PUBLIC_KEY: Code = Code::new(703);
    /// A key stands in the keyring twice.
    pub const REPEATED_KEY: Code = Code::new(704);
    /// A key's validity ends before it starts.
    pub const EMPTY_VALIDITY: Code = Code::new(705);
    /// A name is not what it looks like, or looks like another.
    pub const LOOK_ALIKE: Code = Code::new(706);
}

/// The published JSON Schema (2020-12) of a keyring, for editors; [`Keyring::parse`] decides.
pub const SCHEMA: &str = include_str!("keyring-v1.schema.json");
const VERSION: &str = "keyring/v1";
const TIME: &str = "an RFC 3339 time with an offset";
const FIELDS: [&str; 8] = [
    "name",
    "identity",
    "public_key_pem",
    "kind",
    "roles",
    "valid_from",
    "valid_until",
    "revoked_at",
];

pub(super) fn parse(bytes: &[u8]) -> Result<Keyring, Vec<Diagnostic>> {
    let value = json::read(bytes, Limits::CONTRACT)?;
    let mut shape = Shape::new(codes::KEYRING_SHAPE);
    let mut entries: Vec<(Entry, String)> = Vec::new();
    if let Some(object) = shape.object(&value, "") {
        shape.refuse_unknown(&object, &["baton", "keys"]);
        check_version(&mut shape, &object);
        for (item, pointer) in shape.list(&object, "keys") {
            let Some(entry) = entry(&mut shape, item, &pointer) else {
                continue;
            };
            if entries
                .iter()
                .any(|(other, _)| other.public_key == entry.public_key)
            {
                shape.problems.push(repeated(&entry, &pointer));
            }
            entries.push((entry, pointer));
        }
    }
    shape.problems.extend(look_alikes(&entries));
    let entries = entries.into_iter().map(|(entry, _)| entry);
    if shape.problems.is_empty() {
        Ok(Keyring::new(entries))
    } else {
        Err(shape.problems)
    }
}

pub(super) fn to_bytes(keyring: &Keyring) -> Vec<u8> {
    let keys: Vec<Value> = keyring
        .entries()
        .map(|(_, entry)| entry_value(entry))
        .collect();
    canonical::to_bytes(&json!({ "baton": VERSION, "keys": keys }))
}

fn entry_value(entry: &Entry) -> Value {
    let roles: Vec<String> = entry.roles.iter().map(ToString::to_string).collect();
    let mut fields = Map::new();
    fields.insert("name".into(), entry.name.to_string().into());
    fields.insert("identity".into(), entry.identity.clone().into());
    fields.insert("public_key_pem".into(), entry.public_key.to_pem().into());
    fields.insert("kind".into(), entry.kind.as_str().into());
    fields.insert("roles".into(), roles.into());
    let times = [
        ("valid_from", entry.valid_from),
        ("valid_until", entry.valid_until),
        ("revoked_at", entry.revoked_at),
    ];
    for (key, time) in times {
        if let Some(time) = time {
            fields.insert(key.into(), time.to_string().into());
        }
    }
    Value::Object(fields)
}

fn check_version(shape: &mut Shape, object: &Object<'_>) {
    let found = shape.text(object, "baton");
    if let Some(found) = found.filter(|found| *found != VERSION) {
        shape.problems.push(
            Diagnostic::error(codes::KEYRING_VERSION, "keyring has an unsupported version")
                .pointing_to("/baton")
                .expected(VERSION)
                .found(clip(found))
                .hint("use a keyring of this version, or a newer Baton"),
        );
    }
}

fn entry(shape: &mut Shape, value: &Value, pointer: &str) -> Option<Entry> {
    let object = shape.object(value, pointer)?;
    shape.refuse_unknown(&object, &FIELDS);
    let name = shape.parsed(&object, "name", "an id such as `ana-laptop`");
    let identity = shape.text(&object, "identity").map(str::to_owned);
    if identity.as_deref() == Some("") {
        shape.wrong(
            object.at("identity"),
            "a text that is not empty",
            object.get("identity"),
        );
    }
    let public_key = public_key(shape, &object);
    let kind = kind(shape, &object);
    let roles = roles(shape, &object);
    let valid_from = time(shape, &object, "valid_from");
    let valid_until = time(shape, &object, "valid_until");
    let revoked_at = time(shape, &object, "revoked_at");
    if let (Some(from), Some(until)) = (valid_from, valid_until)
        && until <= from
    {
        shape.problems.push(empty_validity(&object, from, until));
    }
    Some(Entry {
        name: name?,
        identity: identity?,
        public_key: public_key?,
        kind: kind?,
        roles,
        valid_from,
        valid_until,
        revoked_at,
    })
}

fn public_key(shape: &mut Shape, object: &Object<'_>) -> Option<PublicKey> {
    let text = shape.text(object, "public_key_pem")?;
    match PublicKey::from_pem(text) {
        Ok(key) => Some(key),
        Err(error) => {
            shape.problems.push(
                Diagnostic::error(codes::PUBLIC_KEY, error.to_string())
                    .pointing_to(object.at("public_key_pem"))
                    .expected("an Ed25519 public key in PEM")
                    .found(clip(text))
                    .hint("`baton keys show` prints the public key of a key file"),
            );
            None
        }
    }
}

fn kind(shape: &mut Shape, object: &Object<'_>) -> Option<Kind> {
    let found = object.get("kind").and_then(Value::as_str);
    let kind = [Kind::Human, Kind::Agent, Kind::Service]
        .into_iter()
        .find(|kind| found == Some(kind.as_str()));
    if kind.is_none() {
        let expected = "one of: human, agent, service";
        shape.wrong(object.at("kind"), expected, object.get("kind"));
    }
    kind
}

fn roles(shape: &mut Shape, object: &Object<'_>) -> Vec<Id> {
    let mut roles = Vec::new();
    for (item, pointer) in shape.list(object, "roles") {
        match item.as_str().and_then(|text| text.parse().ok()) {
            Some(role) => roles.push(role),
            None => shape.wrong(pointer, "an id such as `qa-lead`", Some(item)),
        }
    }
    roles
}

fn time(shape: &mut Shape, object: &Object<'_>, key: &str) -> Option<Instant> {
    object.get(key)?;
    shape.parsed(object, key, TIME)
}

/// Returns what is wrong with holders, keys and roles as a reader sees them: one who passes for two
/// could meet a quorum alone.
fn look_alikes(entries: &[(Entry, String)]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut names: [Vec<(&str, String)>; 3] = Default::default();
    let [identities, keys, roles] = &mut names;
    for (entry, pointer) in entries {
        let identity = entry.identity.as_str();
        if let Some(disguise) = lookalike::disguise(identity) {
            problems.push(
                Diagnostic::error(codes::LOOK_ALIKE, "identity is not what it looks like")
                    .pointing_to(format!("{pointer}/identity"))
                    .expected("visible letters, each word in one script")
                    .found(format!("{disguise} in {}", clip(identity)))
                    .hint("type it again; copied text often brings such characters along"),
            );
        }
        identities.push((identity, format!("{pointer}/identity")));
        keys.push((entry.name.as_str(), format!("{pointer}/name")));
        for (at, role) in entry.roles.iter().enumerate() {
            roles.push((role.as_str(), format!("{pointer}/roles/{at}")));
        }
    }
    for list in &names {
        let texts: Vec<&str> = list.iter().map(|(text, _)| *text).collect();
        for (later, first) in lookalike::pairs(&texts) {
            let (Some((text, pointer)), Some((other, _))) = (list.get(later), list.get(first))
            else {
                continue;
            };
            problems.push(
                Diagnostic::error(codes::LOOK_ALIKE, "name looks like another in the keyring")
                    .pointing_to(pointer.clone())
                    .expected("names that a reader can tell apart, or one spelling of one name")
                    .found(format!("{} beside {}", clip(text), clip(other)))
                    .hint("write one name one way, and give another party another name"),
            );
        }
    }
    problems
}

fn repeated(entry: &Entry, pointer: &str) -> Diagnostic {
    Diagnostic::error(codes::REPEATED_KEY, "key stands in the keyring twice")
        .pointing_to(format!("{pointer}/public_key_pem"))
        .expected("each public key once")
        .found(entry.public_key.id().to_string())
        .hint("keep one entry, so that one holder answers for the key")
}

fn empty_validity(object: &Object<'_>, from: Instant, until: Instant) -> Diagnostic {
    Diagnostic::error(codes::EMPTY_VALIDITY, "key is never valid")
        .pointing_to(object.at("valid_until"))
        .expected(format!("a time after {from}"))
        .found(until.to_string())
        .hint("swap the two times, or remove one")
}
