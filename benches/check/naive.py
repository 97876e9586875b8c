"""Peer: `jsonschema` and a small rule interpreter, as a team would write it in an afternoon.

Rules are plain data; each operator is a function. The rules say what `contract.yaml` says.
"""

import json
import re
from datetime import datetime, timedelta

import jsonschema

import peer

OPERATORS = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    "in": lambda left, right: left in right,
    "matches": lambda left, right: re.search(right, left) is not None,
}


def look_up(scope, path):
    for part in path.split("."):
        scope = scope[part]
    return scope


def operand(scope, value):
    if isinstance(value, dict):
        if "path" in value:
            return look_up(scope, value["path"])
        if "size" in value:
            return len(operand(scope, value["size"]))
        if "time" in value:
            return datetime.fromisoformat(look_up(scope, value["time"]).replace("Z", "+00:00"))
        if "seconds" in value:
            return float(look_up(scope, value["seconds"]).rstrip("s"))
        if "minus" in value:
            return operand(scope, value["minus"][0]) - operand(scope, value["minus"][1])
        if "times" in value:
            return operand(scope, value["times"][0]) * value["times"][1]
        if "filter" in value:
            return [each for each in look_up(scope, value["filter"]) if holds({"each": each}, value["where"])]
    return value


def holds(scope, rule):
    kind = rule[0]
    if kind == "and":
        return all(holds(scope, part) for part in rule[1:])
    if kind == "not":
        return not holds(scope, rule[1])
    if kind == "all":
        return all(holds({"each": each}, rule[2]) for each in look_up(scope, rule[1]))
    if kind == "any":
        return any(holds({"each": each}, rule[2]) for each in look_up(scope, rule[1]))
    if kind == "when":
        return not holds(scope, rule[1]) or holds(scope, rule[2])
    if kind == "has":
        return rule[2] in look_up(scope, rule[1])
    return OPERATORS[kind](operand(scope, rule[1]), operand(scope, rule[2]))


def path(text):
    return {"path": text}


def full_share(items, rule):
    return ["all", items, rule]


TESTS = "evidence.test-report"
RULES = {
    "title-short": ["<=", {"size": path("package.title")}, 120],
    "status-ready": ["in", path("package.status"), ["ready", "approved"]],
    "size-fits": ["and", [">", path("package.points"), 0], ["<=", path("package.points"), 40]],
    "somebody-else-reviews": ["!=", path("package.owner.name"), path("package.reviewer.name")],
    "owner-reachable": ["matches", path("package.owner.email"), r"^[a-z.]+@example[.]com$"],
    "stories-there": [">", {"size": path("package.stories")}, 0],
    "stories-estimated": ["all", "package.stories", ["and", [">", path("each.estimate"), 0], ["<=", path("each.estimate"), 8]]],
    "criteria-enough": ["all", "package.stories", [">=", {"size": path("each.criteria")}, 2]],
    "musts-there": ["any", "package.stories", ["==", path("each.priority"), "must"]],
    "musts-few": ["<=", {"size": {"filter": "package.stories", "where": ["==", path("each.priority"), "must"]}}, 10],
    "risk-mitigated": ["when", ["!=", path("package.risk.tier"), "low"], ["!=", path("package.risk.mitigation"), ""]],
    "rollback-tested": ["and", ["has", "package", "rollback"], ["==", path("package.rollback.tested"), True]],
    "due-ahead": [">", {"time": "package.due"}, {"time": "context.as_of"}],
    "time-enough": [">=", {"minus": [{"time": "package.due"}, {"time": "context.as_of"}]}, timedelta(hours=48)],
    "person-sends": ["==", path("context.sender.kind"), "human"],
    "receiver-free": ["<", path("context.receiver_pressure"), 8000],
    "seldom-declined": ["<=", {"times": [path("history.declined"), 4]}, path("history.handoffs")],
    "tests-there": ["==", path(f"{TESTS}.present"), True],
    "tests-fresh": ["and", ["has", TESTS, "age"], ["<", {"seconds": f"{TESTS}.age"}, 336 * 3600]],
    "budget-known": ["and", ["<=", path("package.budget_cents"), 500_000], ["==", path("package.currency"), "EUR"]],
    "nothing-blocked": ["and", ["not", ["any", "package.labels", ["==", path("each"), "blocked"]]], ["<", {"size": path("package.labels")}, 20]],
    "criteria-share": full_share("package.stories", [">=", {"size": path("each.criteria")}, 3]),
    "safeguards-share": full_share("package.safeguards", ["==", path("each.in_place"), True]),
}


def main():
    packages, schema, conditions, facts = peer.load()
    assert len(RULES) == len(conditions), "rules and contract differ"
    validator = jsonschema.Draft202012Validator(schema)

    def check(text):
        payload = json.loads(text)["payload"]
        assert validator.is_valid(payload)
        scope = {"package": payload, **facts}
        return [name for name, rule in RULES.items() if not holds(scope, rule)]

    peer.serve(packages, peer.expected_unmet(), check)


if __name__ == "__main__":
    main()
