//! What a mining run is asked to do: as it is written, and as it is trusted after checking.

use baton_eventlog::cases::CaseTable;
use baton_terms::{Code, Diagnostic};
use serde::{Deserialize, Serialize};

/// A setting outside its range.
const OUT_OF_RANGE: Code = Code::new(1150);
/// A group floor under the one that keeps small groups out of reports.
const GROUP_TOO_SMALL: Code = Code::new(1151);
/// Something to adjust for that is no feature of the cases.
const NO_FEATURE: Code = Code::new(1152);

/// Fewest cases of a group that may appear in a report.
pub const GROUP_CASES_MIN: u64 = 20;
/// Longest conjunction that can be asked for.
pub const DEPTH_MAX: u32 = 4;
/// Most causes that can be asked for.
pub const CAUSES_MAX: u32 = 50;
/// Most resamples that can be asked for.
pub const RESAMPLES_MAX: u32 = 1_000;
/// Most example cases per cause that can be asked for.
pub const EXAMPLES_MAX: u32 = 100;
/// Largest family-wise error rate that can be asked for, in basis points.
pub const ALPHA_MAX: u32 = 2_000;
/// Largest part of the cases that can be held out, in basis points.
pub const LATER_MAX: u32 = 5_000;
/// Largest saving that can be demanded of a cause, in basis points of all failures.
pub const SAVING_MAX: u32 = 5_000;

/// Most features that can be asked to be adjusted for.
pub const ADJUST_MAX: usize = 5;
/// Most relabelings that can be asked for.
pub const PERMUTATIONS_MAX: u32 = 10_000;

/// The settings of a run as they are written; every field may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct RawSettings {
    /// Longest conjunction, 1 to 4.
    pub depth: u32,
    /// Family-wise error rate in basis points, 1 to 2,000.
    pub alpha: u32,
    /// Fewest cases of a cause, at least 20.
    pub cases_min: u64,
    /// Fewest failures of a cause.
    pub failures_min: u64,
    /// Part of the cases, the latest, held out for confirmation, in basis points, 0 to 5,000.
    pub later: u32,
    /// Failures a cause must explain beyond those before it, in basis points of all failures.
    pub saving_min: u32,
    /// Most causes, 1 to 50.
    pub causes_max: u32,
    /// Resamples for stability, 0 to 1,000.
    pub resamples: u32,
    /// Failing cases named per cause, 0 to 100.
    pub examples: u32,
    /// Features that every cause is adjusted for, whether or not the data suggest them; at most 5.
    pub adjust: Vec<String>,
    /// Relabelings that the significance level is taken from (Westfall and Young 1993); 0 takes it
    /// from the number of hypotheses (Tarone 1990).
    pub permutations: u32,
}

impl Default for RawSettings {
    fn default() -> Self {
        Self {
            depth: 3,
            alpha: 500,
            cases_min: GROUP_CASES_MIN,
            failures_min: 3,
            later: 3_000,
            saving_min: 100,
            causes_max: 12,
            resamples: 20,
            examples: 10,
            adjust: Vec::new(),
            permutations: 0,
        }
    }
}

/// Checked settings.
///
/// INVARIANT: every field lies within the limits named above.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    raw: RawSettings,
}

impl Settings {
    /// Checks the settings.
    ///
    /// # Errors
    /// All settings that are out of range.
    pub fn check(mut raw: RawSettings) -> Result<Self, Vec<Diagnostic>> {
        raw.adjust.sort_unstable();
        raw.adjust.dedup();
        let mut problems: Vec<Diagnostic> = [
            ("depth", u64::from(raw.depth), (1, DEPTH_MAX)),
            ("alpha", u64::from(raw.alpha), (1, ALPHA_MAX)),
            ("failures-min", raw.failures_min, (1, u32::MAX)),
            ("later", u64::from(raw.later), (0, LATER_MAX)),
            ("saving-min", u64::from(raw.saving_min), (0, SAVING_MAX)),
            ("causes-max", u64::from(raw.causes_max), (1, CAUSES_MAX)),
            ("resamples", u64::from(raw.resamples), (0, RESAMPLES_MAX)),
            ("examples", u64::from(raw.examples), (0, EXAMPLES_MAX)),
            (
                "permutations",
                u64::from(raw.permutations),
                permutations(&raw),
            ),
        ]
        .into_iter()
        .filter_map(|(name, found, range)| out_of_range(name, found, range))
        .collect();
        if raw.cases_min < GROUP_CASES_MIN {
            problems.push(
                Diagnostic::error(GROUP_TOO_SMALL, "groups this small are never reported")
                    .pointing_to("/cases-min")
                    .expected(format!("at least {GROUP_CASES_MIN}"))
                    .found(raw.cases_min.to_string())
                    .hint("leave the setting out to use the smallest number allowed"),
            );
        }
        if raw.adjust.len() > ADJUST_MAX {
            problems.push(
                Diagnostic::error(OUT_OF_RANGE, "`adjust` names too many features")
                    .pointing_to("/adjust")
                    .expected(format!("at most {ADJUST_MAX}"))
                    .found(raw.adjust.len().to_string())
                    .hint("with more of them hardly two cases are alike; name those that matter"),
            );
        }
        if problems.is_empty() {
            Ok(Self { raw })
        } else {
            Err(problems)
        }
    }

    /// Returns the settings as they are written.
    pub fn raw(&self) -> &RawSettings {
        &self.raw
    }

    /// Returns what the settings name that is not in the table.
    ///
    /// # Errors
    /// Every name to adjust for that is no feature of the table.
    pub fn fit(&self, table: &CaseTable) -> Result<(), Vec<Diagnostic>> {
        let names = self.raw.adjust.iter();
        let unknown =
            names.filter(|name| !table.features.iter().any(|known| *known.name == ***name));
        let problems: Vec<_> = unknown.map(|name| no_feature(name, table)).collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Returns the family-wise error rate as a share.
    pub(crate) fn alpha(&self) -> f64 {
        f64::from(self.raw.alpha) / 10_000.0
    }
}

/// The fewest relabelings that can tell the share of the error rate that each kind of hypotheses
/// has, two for each number of conditions; and the most that can be asked for.
fn permutations(raw: &RawSettings) -> (u32, u32) {
    if raw.permutations == 0 {
        return (0, 0);
    }
    let kinds = 2 * raw.depth.clamp(1, DEPTH_MAX);
    let fewest = (10_000 * kinds).div_ceil(raw.alpha.max(1));
    (fewest, PERMUTATIONS_MAX)
}

fn no_feature(name: &str, table: &CaseTable) -> Diagnostic {
    let listed: Vec<&str> = table.features.iter().map(|known| &*known.name).collect();
    let set_aside = table.excluded.iter().any(|column| *column.name == *name);
    let found = if set_aside {
        format!("`{name}`, which was set aside")
    } else {
        format!("`{name}`")
    };
    Diagnostic::error(NO_FEATURE, "there is no such feature to adjust for")
        .pointing_to("/adjust")
        .expected(format!("one of: {}", listed.join(", ")))
        .found(found)
        .hint("name a feature as the report lists it under what was searched")
}

fn out_of_range(name: &str, found: u64, (low, high): (u32, u32)) -> Option<Diagnostic> {
    let inside = u64::from(low) <= found && found <= u64::from(high);
    (!inside).then(|| {
        Diagnostic::error(OUT_OF_RANGE, format!("`{name}` is out of range"))
            .pointing_to(format!("/{name}"))
            .expected(format!("{low} to {high}"))
            .found(found.to_string())
            .hint("leave the setting out to use its default")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_settings_out_of_range_are_named_at_once() {
        let raw = RawSettings {
            depth: 5,
            alpha: 0,
            cases_min: 19,
            ..RawSettings::default()
        };
        let problems = Settings::check(raw).unwrap_err();
        let told: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} {}", problem.code, problem.place.pointer))
            .collect();
        assert_eq!(told, ["E1150 /depth", "E1150 /alpha", "E1151 /cases-min"]);
        assert!(Settings::check(RawSettings::default()).is_ok());
    }

    #[test]
    fn relabelings_are_none_or_enough_to_tell_the_error_rate() {
        let check = |alpha, permutations| {
            Settings::check(RawSettings {
                alpha,
                permutations,
                ..RawSettings::default()
            })
            .is_ok()
        };
        assert!(check(500, 0) && check(500, 120) && check(1, 0));
        assert!(!check(500, 119) && !check(500, 10_001) && !check(1, 9_999));
    }

    #[test]
    fn what_to_adjust_for_is_a_feature_of_the_cases_in_any_order() {
        let names = |names: &[&str]| RawSettings {
            adjust: names.iter().map(ToString::to_string).collect(),
            ..RawSettings::default()
        };
        let settings = Settings::check(names(&["b", "a", "b"])).unwrap();
        assert_eq!(settings.raw().adjust, ["a", "b"]);
        let problems = settings.fit(&CaseTable::default()).unwrap_err();
        assert_eq!(problems.len(), 2);
        assert!(Settings::check(names(&["a", "b", "c", "d", "e", "f"])).is_err());
    }

    #[test]
    fn settings_left_out_have_their_defaults_and_unknown_ones_are_refused() {
        let read = |text| serde_json::from_str::<RawSettings>(text);
        assert_eq!(read("{}").unwrap(), RawSettings::default());
        assert_eq!(read(r#"{"depth":2}"#).unwrap().depth, 2);
        assert!(read(r#"{"deep":2}"#).is_err());
    }
}
