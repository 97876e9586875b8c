"""Baton and the published methods on the same seeded tables: F1 over causes and exact answers.

usage: run.py --baton BINARY [--seeds FIRST END] [--jobs N]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from peers import PEERS, Leaves
from tables import KINDS, NOISE, table

LIMIT_SECONDS = 60


def causes_of(answer: dict) -> list[frozenset]:
    return [
        frozenset((condition["feature"], condition["value"]) for condition in cause["conditions"])
        for cause in answer["causes"]
    ]


def baton(binary: str, made) -> tuple[list[frozenset], float]:
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(made.csv())
        file.flush()
        started = time.perf_counter()
        done = subprocess.run(
            [binary, "localise", file.name, "--format", "json"],
            capture_output=True, timeout=LIMIT_SECONDS, check=False,
        )
        spent = time.perf_counter() - started
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode())
    return causes_of(json.loads(done.stdout)), spent


def one(job) -> list[tuple]:
    binary, kind, noise, conditions, causes, seed = job
    made = table(kind, noise, conditions, causes, seed)
    rows = []
    for name in ["Baton", *PEERS]:
        if name == "Baton":
            found, spent = baton(binary, made)
        else:
            started = time.perf_counter()
            try:
                found = PEERS[name](Leaves(made))
            except Exception:  # a method that fails on a table found nothing
                found = []
            spent = time.perf_counter() - started
        truth, found = set(made.causes), set(found)
        hits = len(truth & found)
        rows.append(((kind, noise, conditions, causes), name, hits, len(found), len(truth), truth == found, spent))
    return rows


def summary(rows) -> tuple[float, float, float]:
    hits, found, truth = (sum(row[i] for row in rows) for i in (2, 3, 4))
    exact = sum(row[5] for row in rows) / len(rows)
    return 2 * hits / max(found + truth, 1), exact, sum(row[6] for row in rows) / len(rows)


def show(title: str, rows: list[tuple], keys) -> None:
    names = ["Baton", *PEERS]
    print(f"\n| {title} | tables | " + " | ".join(names) + " |")
    print("|---|---:|" + "---:|" * len(names))
    groups = defaultdict(list)
    for row in rows:
        groups[keys(row[0])].append(row)
    for key, group in groups.items():
        cells = []
        for name in names:
            f1, exact, _ = summary([row for row in group if row[1] == name])
            cells.append(f"{f1:.2f} / {exact * 100:.0f}%")
        print(f"| {key} | {len(group) // len(names)} | " + " | ".join(cells) + " |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--baton", required=True)
    parser.add_argument("--seeds", type=int, nargs=2, default=[1000, 1012], help="first seed and the one after the last")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    jobs = [
        (str(Path(arguments.baton).resolve()), kind, noise, conditions, causes, seed)
        for kind in KINDS for noise in NOISE for conditions in (1, 2, 3) for causes in (1, 2)
        for seed in range(*arguments.seeds)
    ]
    with ProcessPoolExecutor(arguments.jobs) as pool:
        rows = [row for result in pool.map(one, jobs, chunksize=4) for row in result]
    print("F1 over causes / exact answers")
    show("kind", rows, lambda key: key[0])
    show("noise", rows, lambda key: key[1])
    show("conditions", rows, lambda key: key[2])
    show("causes", rows, lambda key: key[3])
    show("kind, conditions, causes", rows, lambda key: f"{key[0]}, {key[2]}, {key[3]}")
    show("all", rows, lambda key: "all")
    print("\nseconds per table: " + ", ".join(
        f"{name} {summary([row for row in rows if row[1] == name])[2]:.2f}" for name in ["Baton", *PEERS]
    ))


if __name__ == "__main__":
    main()
