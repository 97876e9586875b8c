"""Computes the backtest of two versions of the incident contract anew, straight from the CSV, and compares it
with what `baton backtest --format json` wrote. The standard library alone; no line is shared with Baton.

    python3 -I benches/loop/backtest.py LOG.csv.gz BACKTEST.json BEFORE AFTER

BEFORE and AFTER name sets of clauses below: `without-assignee`, `as-is` or `proposed`.
"""

import csv
import gzip
import json
import math
import sys
from collections import Counter, defaultdict
from datetime import datetime, timezone

Z = 1.959963984540054
STRATA = 5
MISSING = "?"

# id: (dimension, weight, severity, effort, applies, met)
CLAUSES = {
    "fields-readable": ("clarity", 5, "blocker", 1, None, lambda p: readable(p)),
    "symptom-told": ("clarity", 7, "major", 1, None, lambda p: p["symptom"] is not None),
    "sorted": ("clarity", 6, "major", 1, None, lambda p: p["category"] is not None and p["subcategory"] is not None),
    "priority-confirmed": (
        "clarity",
        4,
        "minor",
        1,
        lambda p: p["priority"] is not None and p["priority"] not in ("3 - Moderate", "4 - Low"),
        lambda p: p["priority_confirmed"] is True,
    ),
    "not-sent-back": ("flow", 8, "major", 3, None, lambda p: not p["is_return"]),
    "few-hands": ("flow", 6, "minor", 3, None, lambda p: p["handovers_before"] < 3),
    "handed-on-early": ("flow", 5, "minor", 2, None, lambda p: p["minutes_held"] <= 1440),
    "unchanged-since-approval": ("clarity", 1, "blocker", 1, lambda p: False, None),
}
NAMED = {"somebody-named": ("flow", 9, "major", 2, None, lambda p: p["named"])}
PROPOSED = {
    "priority-is-2-high": ("clarity", 5, "minor", 1, None, lambda p: p["priority"] != "2 - High"),
}
VERSIONS = {
    "without-assignee": CLAUSES,
    "as-is": CLAUSES | NAMED,
    "proposed": CLAUSES | NAMED | PROPOSED,
}
DIMENSIONS = {"clarity": 50, "flow": 50}
POINTS = {"blocker": 10000, "major": 2500, "minor": 500, "note": 0}
READY_MIN, REVIEW_MIN, REVIEW_RISK, CRITICAL_RISK = 7400, 5400, 6200, 8100


def readable(package):
    known = (None, "1 - Critical", "2 - High", "3 - Moderate", "4 - Low")
    return package["priority"] in known


def value(text):
    return None if text in ("", MISSING) else text


def handovers(path):
    """Yields the rows of each case that hand it over, as packages, with how the case ended."""
    cases = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            cases[row["number"]].append(row)
    for number in sorted(cases):
        rows = sorted(cases[number], key=lambda row: int(row["sys_mod_count"]))
        yield number, rows[-1]["made_sla"] == "false", list(packages(rows))


def packages(rows):
    at = lambda row: datetime.strptime(row["sys_updated_at"], "%d/%m/%Y %H:%M").replace(tzinfo=timezone.utc)
    holder = held_since = None
    adjacent = False
    seen = []
    number = 0
    for place, row in enumerate(rows):
        team = value(row["assignment_group"])
        if team is None:
            adjacent = False
            continue
        if holder is None:
            held_since = at(row)
        elif team != holder:
            number += 1
            if adjacent:
                minutes = max(0, int((at(row) - held_since).total_seconds() // 60))
                yield {
                    "number": number,
                    "from": holder,
                    "is_return": bool(seen) and seen[-1] == team,
                    "handovers_before": number - 1,
                    "minutes_held": minutes,
                    "named": value(row["assigned_to"]) is not None,
                    "priority": value(row["priority"]),
                    "priority_confirmed": {"true": True, "false": False}.get(row["u_priority_confirmation"]),
                    "category": value(row["category"]),
                    "subcategory": value(row["subcategory"]),
                    "symptom": value(row["u_symptom"]),
                    "late_by_then": row["made_sla"] == "false",
                    "is_last": place == len(rows) - 1,
                }
            seen.append(holder)
            held_since = at(row)
        holder = team
        adjacent = True


def check(version, package):
    """Returns verdict, unmet clauses and effort."""
    sums = {dimension: [0, 0] for dimension in DIMENSIONS}
    risk, effort, unmet = 0, 0, set()
    for name, (dimension, weight, severity, cost, applies, met) in version.items():
        if applies is not None and not applies(package):
            continue
        good = met(package)
        sums[dimension][0] += weight * (10000 if good else 0)
        sums[dimension][1] += weight
        if not good:
            unmet.add(name)
            risk += POINTS[severity]
            effort += cost
    scores = {d: top // bottom for d, (top, bottom) in sums.items() if bottom}
    risk = min(10000, risk)
    score = None
    if scores:
        score = sum(DIMENSIONS[d] * s for d, s in scores.items()) // sum(DIMENSIONS[d] for d in scores)
    if risk >= CRITICAL_RISK or (score is not None and score < REVIEW_MIN):
        verdict = "critical"
    elif risk >= REVIEW_RISK or score is None or score < READY_MIN or len(scores) < len(DIMENSIONS):
        verdict = "review"
    else:
        verdict = "ready"
    return verdict, unmet, effort


def wilson(part, whole):
    if whole == 0:
        return None, None, None
    rate = part / whole
    half = Z * math.sqrt(rate * (1 - rate) / whole + Z * Z / (4 * whole * whole))
    center = rate + Z * Z / (2 * whole)
    scale = 1 + Z * Z / whole
    low = 0.0 if part == 0 else (center - half) / scale
    high = 1.0 if part == whole else (center + half) / scale
    return rate, low, high


def mantel_haenszel(here, everyone):
    top = bottom = spread = 0.0
    for stratum in range(STRATA):
        a, fine = here[True, stratum], here[False, stratum]
        b = everyone[True, stratum] - a
        n1 = a + fine
        n0 = everyone[True, stratum] + everyone[False, stratum] - n1
        n = n1 + n0
        if n1 == 0 or n0 == 0:
            continue
        top += a * n0 / n
        bottom += b * n1 / n
        spread += ((a + b) * n1 * n0 - a * b * n) / (n * n)
    if top == 0 or bottom == 0:
        return None, None, None
    half = Z * math.sqrt(spread / (top * bottom))
    ln = math.log(top / bottom)
    return math.exp(ln), math.exp(ln - half), math.exp(ln + half)


class Tally:
    """Packages, and cases by outcome and number of packages."""

    def __init__(self):
        self.packages = 0
        self.cases = Counter()

    def case(self, failed, packages):
        self.cases[failed, min(packages, STRATA) - 1] += 1

    def total(self, failed):
        return sum(count for (outcome, _), count in self.cases.items() if outcome is failed)

    def shown(self):
        return {
            "packages": self.packages,
            "failed": self.total(True),
            "fine": self.total(False),
            "unknown": self.total(None),
        }


def sides():
    return {side: Tally() for side in ("before", "after", "gained", "lost")}


def recompute(path, before, after):
    everyone, flagged, held_up, critical = Tally(), sides(), sides(), sides()
    by_clause = defaultdict(sides)
    cells = defaultdict(lambda: [0, 0, 0])
    left_out, effort, flips = Counter(), Counter(), 0
    for _, failed, all_packages in handovers(path):
        # `failed` is told by a running flag, from which no case recovers in this log.
        for package in all_packages:
            package["counts"] = not package["is_last"] and not package["late_by_then"]
            if package["is_last"]:
                left_out["the case was over at the handover"] += 1
            elif package["late_by_then"]:
                left_out["the case had failed by the handover"] += 1
        counted = [package for package in all_packages if package["counts"]]
        outcome = failed if counted else None
        case = {"flagged": set(), "held-up": set(), "critical": set()}
        clauses = defaultdict(set)
        for package in all_packages:
            everyone.packages += 1
            (old, old_unmet, old_effort), (new, new_unmet, new_effort) = check(before, package), check(after, package)
            cell = cells[old, new]
            cell[0] += 1
            if package["counts"]:
                cell[1 if failed else 2] += 1
            effort["before"] += old_effort
            effort["after"] += new_effort
            effort["packages_with_more"] += new_effort > old_effort
            flips += old != new or old_unmet != new_unmet
            seen = {"flagged": set(), "held-up": set(), "critical": set()}
            if old_unmet:
                seen["flagged"].add("before")
            if new_unmet:
                seen["flagged"].add("after")
            if new_unmet - old_unmet:
                seen["flagged"].add("gained")
            elif old_unmet - new_unmet:
                seen["flagged"].add("lost")
            for measure, holds in (("held-up", {"review", "critical"}), ("critical", {"critical"})):
                pair = (old in holds, new in holds)
                seen[measure] = pair_of(*pair)
            of_clause = {
                name: pair_of(name in old_unmet, name in new_unmet) for name in before.keys() | after.keys()
            }
            for measure, tallies in (("flagged", flagged), ("held-up", held_up), ("critical", critical)):
                for side in seen[measure]:
                    tallies[side].packages += 1
            for name, pair in of_clause.items():
                for side in pair:
                    by_clause[name][side].packages += 1
            if package["counts"] or not counted:
                for measure in case:
                    case[measure] |= seen[measure]
                for name, pair in of_clause.items():
                    clauses[name] |= pair
        if not all_packages:
            continue
        size = len(counted) or len(all_packages)
        everyone.case(outcome, size)
        close(flagged, without_both(case["flagged"]), outcome, size)
        close(held_up, pair_of("before" in case["held-up"], "after" in case["held-up"]), outcome, size)
        close(critical, pair_of("before" in case["critical"], "after" in case["critical"]), outcome, size)
        for name, seen in clauses.items():
            close(by_clause[name], without_both(seen), outcome, size)
    return everyone, (flagged, held_up, critical), by_clause, cells, left_out, effort, flips


def pair_of(before, after):
    seen = set()
    if before:
        seen.add("before")
    if after:
        seen.add("after")
    if after and not before:
        seen.add("gained")
    if before and not after:
        seen.add("lost")
    return seen


def without_both(seen):
    return seen - {"lost"} if "gained" in seen else seen


def close(tallies, seen, outcome, size):
    for side in seen:
        tallies[side].case(outcome, size)


class Comparison:
    def __init__(self):
        self.same = 0
        self.differing = []

    def whole(self, what, mine, theirs):
        if mine == theirs:
            self.same += 1
        else:
            self.differing.append(f"{what}: {mine} here, {theirs} there")

    def interval(self, what, mine, theirs):
        for part, number in zip(("value", "low", "high"), mine):
            other = theirs[part]
            # Published numbers are rounded to six digits; a rounding may fall either way.
            alike = number is None and other is None
            alike = alike or (number is not None and other is not None and abs(number - other) <= 1.5e-6)
            if alike:
                self.same += 1
            else:
                self.differing.append(f"{what} {part}: {number} here, {other} there")


def main():
    log, answer, before, after = sys.argv[1:]
    with open(answer, encoding="utf-8") as file:
        theirs = json.load(file)
    found = recompute(log, VERSIONS[before], VERSIONS[after])
    everyone, measures, by_clause, cells, left_out, effort, flips = found
    seen = Comparison()
    seen.whole("packages", everyone.packages, theirs["packages"])
    seen.whole("cases", everyone.shown(), theirs["cases"])
    seen.whole("left out", dict(left_out), {one["reason"]: one["packages"] for one in theirs["left_out"]})
    seen.whole("effort", dict(effort), theirs["effort"])
    seen.whole("flips", flips, len(theirs["flips"]) + theirs["flips_left_out"])
    shown = {(c["before"], c["after"]): [c["packages"], c["failed"], c["fine"]] for c in theirs["verdicts"]}
    seen.whole("verdicts", dict(cells), shown)
    failed, fine = everyone.total(True), everyone.total(False)
    for tallies, row in zip(measures, theirs["decisions"]):
        name = row["measure"]
        for side, tally in tallies.items():
            seen.whole(f"{name} {side}", tally.shown(), row[side])
        gained = tallies["gained"]
        bad, good = gained.total(True), gained.total(False)
        seen.interval(f"{name} caught", wilson(bad, failed), row["caught"])
        seen.interval(f"{name} blocked", wilson(good, fine), row["blocked"])
        seen.interval(f"{name} rate", wilson(bad, bad + good), row["rate"])
        others = wilson(failed - bad, failed + fine - bad - good)
        seen.interval(f"{name} other rate", others, row["other_rate"])
        adjusted = mantel_haenszel(gained.cases, everyone.cases)
        seen.interval(f"{name} adjusted ratio", adjusted, row["adjusted_risk_ratio"])
    lines = {line["id"]: line for line in theirs["clauses"]}
    seen.whole("clauses", set(VERSIONS[before]) | set(VERSIONS[after]), set(lines))
    for name, line in lines.items():
        for side in ("gained", "lost"):
            seen.whole(f"{name} {side}", by_clause[name][side].shown(), line[side])
        side = "before" if line["change"] == "removed" else "after"
        flagged = by_clause[name][side]
        seen.whole(f"{name} flagged", flagged.shown(), line["flagged"])
        bad, good = flagged.total(True), flagged.total(False)
        seen.interval(f"{name} rate", wilson(bad, bad + good), line["rate"])
        seen.interval(f"{name} ratio", mantel_haenszel(flagged.cases, everyone.cases), line["adjusted_risk_ratio"])
    print(f"{seen.same} numbers and tables agree, {len(seen.differing)} differ")
    for line in seen.differing:
        print(line)
    sys.exit(1 if seen.differing else 0)


if __name__ == "__main__":
    main()
