"""Times PM4Py on the handover map of an event log, in CPU seconds, beside Baton's own program."""

import gzip
import subprocess
import sys
import time

import pandas as pd
import pm4py

RUNS = 3


def least(work):
    """Returns the least CPU seconds of a few runs, and the last result."""
    best, result = float("inf"), None
    for _ in range(RUNS):
        before = time.process_time()
        result = work()
        best = min(best, time.process_time() - before)
    return best, result


def read(path):
    with gzip.open(path, "rt") as rows:
        frame = pd.read_csv(rows, dtype=str, na_values="?", keep_default_na=False)
    frame["time"] = pd.to_datetime(frame["sys_updated_at"], format="%d/%m/%Y %H:%M", utc=True)
    frame["sys_mod_count"] = frame["sys_mod_count"].astype(int)
    return frame.sort_values(["number", "sys_mod_count"], kind="stable")


def handovers(frame):
    """The directly-follows graph over teams; a team that is missing is a node of its own."""
    teams = frame.assign(team=frame["assignment_group"].fillna("(none)"))
    keys = {"activity_key": "team", "timestamp_key": "time", "case_id_key": "number"}
    graph, _, _ = pm4py.discover_dfg(teams, **keys)
    waits, _, _ = pm4py.discover_performance_dfg(teams, **keys)
    pairs = {
        pair: count
        for pair, count in graph.items()
        if pair[0] != pair[1] and "(none)" not in pair
    }
    return sum(pairs.values()), len(waits)


def main():
    program, log, mapping, outcome = sys.argv[1:]
    print("Baton")
    subprocess.run([program, log, mapping, outcome], check=True)
    print(f"PM4Py {pm4py.__version__}")
    seconds, frame = least(lambda: read(log))
    print(f"import {seconds:.4f}")
    seconds, (count, _) = least(lambda: handovers(frame))
    print(f"map {seconds:.4f}")
    print(f"handovers {count}")


if __name__ == "__main__":
    main()
