//! Holds the direction between workspace crates and keeps effects out of the domain.
//! Reads the answer of `cargo metadata` (format version 1) against the table in `edges`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::edges::{FORBIDDEN_AT_ALL, FORBIDDEN_DIRECTLY, Layer, ROWS, Row};
use super::problem::{At, Problem};
use super::text::numbered;
use super::tree::Tree;

/// The part of `cargo metadata` that is read here.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
    workspace_root: String,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<NodeEdge>,
}

#[derive(Debug, Deserialize)]
struct NodeEdge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Debug, Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

/// Checks every workspace crate against the table.
pub(crate) fn check(metadata: &Metadata, tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in &metadata.packages {
        if !metadata.workspace_members.contains(&package.id) {
            continue;
        }
        let manifest = relative_manifest(package, &metadata.workspace_root);
        let Some(row) = row(&package.name) else {
            problems.push(
                At {
                    path: &manifest,
                    line: 1,
                }
                .problem(
                    "crate has no place in the direction",
                    "a row in crates/xtask/src/tidy/edges.rs",
                    format!("none for `{}`", package.name),
                ),
            );
            continue;
        };
        problems.extend(check_dependencies(package, row, &(&manifest, tree)));
        if row.layer == Layer::Domain {
            problems.extend(check_reach(package, metadata, &manifest));
        }
    }
    problems
}

fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

fn relative_manifest(package: &Package, root: &str) -> String {
    let path = package
        .manifest_path
        .strip_prefix(root)
        .unwrap_or(&package.manifest_path);
    path.trim_start_matches('/').to_owned()
}

/// Checks the dependencies a manifest names, one by one.
fn check_dependencies(package: &Package, row: &Row, place: &(&str, &Tree)) -> Vec<Problem> {
    let (manifest, tree) = *place;
    let mut problems = Vec::new();
    for dependency in &package.dependencies {
        let at = At {
            path: manifest,
            line: line_of(tree, manifest, &dependency.name),
        };
        let development = dependency.kind.as_deref() == Some("dev");
        match self::row(&dependency.name) {
            Some(target) if !edge_allowed(row, target, development) => problems.push(at.problem(
                "dependency against the direction",
                format!("one of [{}] (ARCHITECTURE.md)", row.uses.join(", ")),
                format!("`{}` uses `{}`", package.name, dependency.name),
            )),
            None if row.layer == Layer::Domain
                && !development
                && FORBIDDEN_DIRECTLY.contains(&dependency.name.as_str()) =>
            {
                problems.push(at.problem(
                    "effect in a domain crate",
                    "time, randomness and I/O as arguments",
                    format!("`{}` uses `{}`", package.name, dependency.name),
                ));
            }
            _ => {}
        }
    }
    problems
}

/// Says whether one workspace crate may use another. In tests, the workshop may be used by all and
/// may itself look at everything; otherwise tests follow the direction too.
fn edge_allowed(from: &Row, to: &Row, development: bool) -> bool {
    let workshop = to.layer == Layer::Workshop || from.layer == Layer::Workshop;
    from.uses.contains(&to.name) || (development && workshop && to.name != "xtask")
}

/// Follows production edges from one domain crate and reports what it must not reach.
fn check_reach(package: &Package, metadata: &Metadata, manifest: &str) -> Vec<Problem> {
    let names: BTreeMap<&str, &str> = metadata
        .packages
        .iter()
        .map(|p| (p.id.as_str(), p.name.as_str()))
        .collect();
    let nodes: BTreeMap<&str, &Node> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node))
        .collect();
    let mut seen = BTreeSet::from([package.id.as_str()]);
    let mut waiting = vec![(package.id.as_str(), package.name.clone())];
    let mut problems = Vec::new();
    while let Some((id, trail)) = waiting.pop() {
        for edge in nodes
            .get(id)
            .map(|node| node.deps.as_slice())
            .unwrap_or_default()
        {
            let production = edge.dep_kinds.iter().any(|kind| kind.kind.is_none());
            if !production || !seen.insert(&edge.pkg) {
                continue;
            }
            let name = names.get(edge.pkg.as_str()).copied().unwrap_or(&edge.pkg);
            let trail = format!("{trail} -> {name}");
            if FORBIDDEN_AT_ALL.contains(&name) {
                problems.push(
                    At {
                        path: manifest,
                        line: 1,
                    }
                    .problem(
                        "effect reachable from a domain crate",
                        format!("no path to `{name}`"),
                        trail.clone(),
                    ),
                );
            }
            waiting.push((&edge.pkg, trail));
        }
    }
    problems
}

fn line_of(tree: &Tree, manifest: &str, dependency: &str) -> usize {
    let text = tree.text(manifest).unwrap_or_default();
    numbered(text)
        .find(|(_, line)| {
            line.strip_prefix(dependency)
                .is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
        })
        .map_or(1, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree;

    /// A crate and its dependencies, each with its kind as cargo names it.
    type Member<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);

    /// Builds the metadata of a workspace whose members are the crates named `baton…`.
    fn metadata(members: &[Member<'_>]) -> Metadata {
        let id = |name: &str| format!("id-{name}");
        let mut packages: Vec<serde_json::Value> = Vec::new();
        let mut nodes: Vec<serde_json::Value> = Vec::new();
        for (name, dependencies) in members {
            let named: Vec<_> = dependencies
                .iter()
                .map(|(name, kind)| serde_json::json!({ "name": name, "kind": kind }))
                .collect();
            let edges: Vec<_> = dependencies
                .iter()
                .map(|(name, kind)| {
                    serde_json::json!({ "pkg": id(name), "dep_kinds": [{ "kind": kind }] })
                })
                .collect();
            packages.push(serde_json::json!({
                "id": id(name), "name": name, "dependencies": named,
                "manifest_path": format!("/r/crates/{name}/Cargo.toml"),
            }));
            nodes.push(serde_json::json!({ "id": id(name), "deps": edges }));
        }
        let members: Vec<_> = members
            .iter()
            .filter(|(name, _)| name.starts_with("baton"))
            .map(|(n, _)| id(n))
            .collect();
        serde_json::from_value(serde_json::json!({
            "packages": packages, "workspace_members": members,
            "resolve": { "nodes": nodes }, "workspace_root": "/r",
        }))
        .unwrap()
    }

    fn check_one(members: &[Member<'_>], expected: &[&str]) {
        let manifest = "[dependencies]\nbaton-scoring.workspace = true\n";
        let tree = tree(&[("crates/baton-contract/Cargo.toml", manifest)]);
        let found: Vec<String> = check(&metadata(members), &tree)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} lacks {expected}");
        }
    }

    #[test]
    fn accepts_the_direction() {
        check_one(
            &[
                ("baton-terms", &[("serde", None)]),
                (
                    "baton-contract",
                    &[("baton-terms", None), ("baton-evidence", None)],
                ),
                (
                    "baton-scoring",
                    &[("baton-reference", Some("dev")), ("tempfile", Some("dev"))],
                ),
                ("baton-reference", &[("baton-scoring", Some("dev"))]),
                ("baton", &[("anyhow", None), ("baton-scoring", None)]),
            ],
            &[],
        );
    }

    #[test]
    fn refuses_an_edge_upwards() {
        check_one(
            &[("baton-contract", &[("baton-scoring", None)])],
            &["crates/baton-contract/Cargo.toml:2: dependency against the direction"],
        );
        check_one(
            &[("baton-terms", &[("baton-scoring", Some("dev"))])],
            &["`baton-terms` uses `baton-scoring`"],
        );
    }

    #[test]
    fn the_reference_shares_no_code() {
        check_one(
            &[("baton-reference", &[("baton-terms", None)])],
            &["`baton-reference` uses `baton-terms`"],
        );
    }

    #[test]
    fn refuses_effects_in_the_domain() {
        check_one(
            &[("baton-terms", &[("rand", None)])],
            &["effect in a domain crate"],
        );
        check_one(
            &[
                ("baton-terms", &[("middle", None)]),
                ("middle", &[("tokio", None), ("reqwest", Some("build"))]),
                ("tokio", &[]),
                ("reqwest", &[]),
            ],
            &["found baton-terms -> middle -> tokio"],
        );
    }

    #[test]
    fn refuses_a_crate_nobody_placed() {
        check_one(&[("baton-extra", &[])], &["none for `baton-extra`"]);
    }
}
