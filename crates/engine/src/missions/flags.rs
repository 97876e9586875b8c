//! Feature flags in flagd's file format, read in process: the part of it that needs no context.
//!
//! A flag is on when its state is `ENABLED` and its default variant is the boolean `true`. One with
//! targeting depends on whom it is asked for, and a mission is nobody: it is unknown, and so not on.
//! (flagd flag definitions, <https://flagd.dev/schema/v0/flags.json>; ADR 0023.)

use baton_evidence::json::{Limits, read};
use baton_mission::run::FlagPosture;
use baton_terms::Id;
use serde_json::Value;

/// Returns what a file of flags says about one flag; a damaged file says that nothing is known.
pub fn flag_posture(bytes: &[u8], key: &Id) -> FlagPosture {
    match posture(bytes, key) {
        Ok(true) => FlagPosture::On,
        Ok(false) => FlagPosture::Off,
        Err(reason) => FlagPosture::Unknown { reason },
    }
}

fn posture(bytes: &[u8], key: &Id) -> Result<bool, String> {
    let document = read(bytes, Limits::CONTRACT).map_err(|problems| {
        let first = problems.first().map(|problem| problem.message.clone());
        format!(
            "the file of flags cannot be read: {}",
            first.unwrap_or_default()
        )
    })?;
    let flags = document
        .get("flags")
        .ok_or_else(|| "the file has no `flags`".to_owned())?;
    let flag = found(flags, key).ok_or_else(|| "the file does not define it".to_owned())?;
    match flag.get("state").and_then(Value::as_str) {
        Some("ENABLED") => {}
        Some("DISABLED") => return Ok(false),
        _ => return Err("its `state` is neither `ENABLED` nor `DISABLED`".to_owned()),
    }
    let is_targeted = match flag.get("targeting") {
        None | Some(Value::Null) => false,
        Some(Value::Object(rules)) => !rules.is_empty(),
        Some(_) => true,
    };
    if is_targeted {
        return Err("it has `targeting`, which depends on whom it is asked for".to_owned());
    }
    let variant = flag.get("defaultVariant").and_then(Value::as_str);
    let variant = variant.ok_or_else(|| "it names no `defaultVariant`".to_owned())?;
    let value = flag.get("variants").and_then(|all| all.get(variant));
    value
        .and_then(Value::as_bool)
        .ok_or_else(|| format!("its variant `{variant}` is no boolean"))
}

/// Flags are a map by key, or a list of flags that name theirs.
fn found<'v>(flags: &'v Value, key: &Id) -> Option<&'v Value> {
    match flags {
        Value::Object(flags) => flags.get(key.as_str()),
        Value::Array(flags) => {
            let is_it =
                |flag: &&Value| flag.get("key").and_then(Value::as_str) == Some(key.as_str());
            let mut found = flags.iter().filter(is_it);
            let first = found.next();
            first.filter(|_| found.next().is_none())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: MISSION-21
    #[test]
    fn a_flag_is_on_only_when_the_file_says_so_plainly() {
        let on = r#"{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on"}"#;
        for (flag, expected) in [
            (on.to_owned(), "on"),
            (on.replace(r#"t":"on""#, r#"t":"off""#), "off"),
            (on.replace("ENABLED", "DISABLED"), "off"),
            (on.replace("ENABLED", "enabled"), "unknown"),
            (on.replace(r#","defaultVariant":"on""#, ""), "unknown"),
            (on.replace(r#""on":true"#, r#""on":"true""#), "unknown"),
            (on.replace(r#""on":true"#, r#""no":true"#), "unknown"),
            (on.replacen('{', r#"{"targeting":{},"#, 1), "on"),
            (
                on.replacen('{', r#"{"targeting":{"if":[true,"on"]},"#, 1),
                "unknown",
            ),
            (on.replacen('{', r#"{"state":"ENABLED","#, 1), "unknown"),
            ("7".to_owned(), "unknown"),
        ] {
            let key: Id = "go".parse().unwrap();
            for file in [
                format!(r#"{{"flags":{{"go":{flag}}}}}"#),
                format!(
                    r#"{{"flags":[{}]}}"#,
                    flag.replacen('{', r#"{"key":"go","#, 1)
                ),
            ] {
                let found = match flag_posture(file.as_bytes(), &key) {
                    FlagPosture::On => "on",
                    FlagPosture::Off => "off",
                    FlagPosture::Unknown { .. } => "unknown",
                };
                assert_eq!(found, expected, "{file}");
            }
        }
        for file in ["", "{}", "[]", r#"{"flags":{}}"#, r#"{"flags":{"go":"#] {
            let key: Id = "go".parse().unwrap();
            assert_ne!(
                flag_posture(file.as_bytes(), &key),
                FlagPosture::On,
                "{file}"
            );
        }
    }
}
