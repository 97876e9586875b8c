"""Prints the load table from what the benches printed: each row with its goal, what was measured, and whether it is met."""

import re
import sys
from pathlib import Path

SECONDS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
TIMES, RATIO, MEASURED = "Baton, times this", "ratio", "measured"
TRANSITION = "durable transition"
TRACE = "verify a trace of a million entries"
# Fewer of them show nothing.
PARKED = "{}, 1000000 handoffs parked"
HANDOFF = "whole handoff, 32 clients"

# Operation, goal, title of the table, its row, its column, and at least or at most what.
GOALS = [
    (HANDOFF, "at least 10 times Restate", "Whole handoffs.* 32 clients", "Restate", TIMES, ">=", 10),
    (HANDOFF, "at least 30 times DBOS (TypeScript)", "Whole handoffs.* 32 clients", "DBOS, TypeScript", TIMES, ">=", 30),
    (HANDOFF, "at least 30 times DBOS (Python)", "Whole handoffs.* 32 clients", "DBOS, Python", TIMES, ">=", 30),
    *(
        (f"{TRANSITION}, SQLite FULL, {clients} clients", f"at least 70% of a bare loop, {what}", f"SQLite.* {clients} clients", row, TIMES, ">=", 0.7)
        for clients in (32, 64)
        for what, row in (("same bytes in one row", ".*same bytes"), ("same rows", ".*same rows"))
    ),
    (f"{TRANSITION}, PostgreSQL, 32 clients", "at least 80% of one bare statement", "PostgreSQL, 32 clients", "bare", TIMES, ">=", 0.8),
    (f"{TRANSITION}, PostgreSQL, 32 clients", "at least pgbench simple-update", "PostgreSQL, 32 clients", "pgbench", TIMES, ">=", 1),
    ("check of a 4 KB package, 25 clauses", "at most 1.5 times parse and bare schema", "Every clause holds", "Baton: strict read, check", RATIO, "<=", 1.5),
    (f"{TRACE}, decisions", "at most 2 times bare hashing", "A trace of 1000000 .*`decision`", "Baton", RATIO, "<=", 2),
    (f"{TRACE}, notes", "at most 2 times bare hashing", "A trace of 1000000 .*`note`", "Baton", RATIO, "<=", 2),
    *(
        (f"{what}, {store}", f"p99 below {bound} s", PARKED.format(store), row, MEASURED, "<", bound)
        for what, row, bound in (
            ('"can I hand off?" beside a million checks', "can I hand off\\? a new package, p99", 0.05),
            ("a million handoffs wait on timers: lateness", "lateness, decided on, p99", 1),
        )
        for store in ("SQLite", "PostgreSQL")
    ),
]


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def tables(lines):
    """Returns the tables in what was printed, each with the title above it."""
    found, title, header = [], "", None
    for line in lines:
        if not line.startswith("|"):
            title, header = line.strip() or title, None
        elif header is None:
            header = cells(line)
            found.append((title, []))
        elif not line.startswith("|---"):
            found[-1][1].append(dict(zip(header, cells(line))))
    return found


def measured(found, title, row, column):
    """Returns what a table says, as it is written."""
    for name, rows in found:
        if not re.match(title, name):
            continue
        for one in rows:
            if re.match(row, next(iter(one.values()))):
                return one[column]
    return None


def number(text):
    """Returns a ratio as it is, and a time in seconds."""
    value, unit = re.fullmatch(r"([\d.]+)(\D*)", text).groups()
    return float(value) * SECONDS.get(unit, 1.0)


def verdict(text, relation, bound):
    if text is None:
        return "not measured"
    value = number(text)
    holds = {">=": value >= bound, "<=": value <= bound, "<": value < bound}[relation]
    return "yes" if holds else "no"


def main():
    found = tables(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
    print("\nThe load table:\n\n| operation | goal | measured | met |\n|---|---|---:|---|")
    for operation, goal, title, row, column, relation, bound in GOALS:
        text = measured(found, title, row, column)
        unit = " times" if text and column != MEASURED else ""
        print(f"| {operation} | {goal} | {text or ''}{unit} | {verdict(text, relation, bound)} |")


if __name__ == "__main__":
    main()
