"""Reads the same file to the same thing with pandas or polars: typed columns, categories, events in the order of
their cases. Prints events, cases, processor seconds and peak memory.

Usage: import_peer.py pandas|polars FILE
"""

import resource
import sys

PEER, FILE = sys.argv[1], sys.argv[2]
TEXTS = ["case_id", "activity", "team", "assignee", "priority", "channel"]

if PEER == "pandas":
    import pandas

    before = resource.getrusage(resource.RUSAGE_SELF)
    frame = pandas.read_csv(FILE, dtype={name: "category" for name in TEXTS})
    frame["timestamp"] = pandas.to_datetime(frame["timestamp"], format="%Y-%m-%dT%H:%M:%SZ", utc=True)
    frame = frame.sort_values(["case_id", "timestamp"], kind="stable")
    events, cases = len(frame), frame["case_id"].nunique()
else:
    import polars

    before = resource.getrusage(resource.RUSAGE_SELF)
    schema = {name: polars.Categorical for name in TEXTS} | {"timestamp": polars.String, "amount": polars.Float64}
    frame = polars.read_csv(FILE, schema_overrides=schema)
    frame = frame.with_columns(polars.col("timestamp").str.to_datetime("%Y-%m-%dT%H:%M:%SZ"))
    frame = frame.sort(["case_id", "timestamp"], maintain_order=True)
    events, cases = frame.height, frame["case_id"].n_unique()

after = resource.getrusage(resource.RUSAGE_SELF)
seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
print(f"{PEER}: {events} events, {cases} cases, {seconds:.2f} CPU s, {events / seconds / 1e6:.2f} million events per CPU s, peak {after.ru_maxrss // 1024} MiB")
