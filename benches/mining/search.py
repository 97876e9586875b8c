"""Times the search for patterns beside peers, in one run, on one table with planted causes.

    python search.py --baton BINARY [--cases 1000000] [--rounds 3] [--only NAME,NAME] [--slow 100000]

BINARY is the bench target `mining_search`, which also writes the table that the peers read. Every
contender runs in a process of its own, in turn; what is timed is the mining alone, on data already
in the form that the contender takes (Baton: the case table, so encoding counts). Processor time is
that of all threads of the process. Contenders marked slow run on the smaller table.
"""

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

PLANTED = [{"a03=2"}, {"a01=1", "a07=1"}, {"a00=1", "a04=0", "a09=1"}]
DEPTH = 3


def read(path):
    import pandas

    return pandas.read_csv(path, dtype="int16")


def transactions(table):
    names = list(table.columns[:-1])
    labels = [[f"{name}={value}" for value in range(64)] for name in names]
    columns = [[label[value] for value in table[name]] for name, label in zip(names, labels)]
    columns.append(["failed" if failed else "fine" for failed in table["failed"]])
    return list(zip(*columns))


def ranks(scored):
    """Places of the planted causes in a list of (score, items), largest score first."""
    ordered = [items for _, items in sorted(scored, key=lambda entry: -entry[0])]
    return [next((place for place, items in enumerate(ordered, 1) if items == cause), None)
            for cause in PLANTED]


def pyfim(name):
    def prepare(path, support):
        import fim

        rows = transactions(read(path))
        appear = {"failed": "h", "fine": "n", None: "b"}
        keywords = {"target": "r", "supp": -support, "conf": 0, "zmin": 2, "zmax": DEPTH + 1}
        return lambda: getattr(fim, name)(rows, report="ab", appear=appear, **keywords)

    def judge(found, cases, failures):
        rate = failures / cases
        scored = [(both, body, frozenset(items)) for _, items, both, body in found]
        return {"patterns": len(found),
                "ranks by lift": ranks([(both / body, items) for both, body, items in scored]),
                "ranks by WRAcc": ranks([(both - rate * body, items) for both, body, items in scored])}

    return prepare, judge


def subgroups():
    def prepare(path, support):
        import pysubgroup

        table = read(path).astype(str)
        target = pysubgroup.BinaryTarget("failed", "1")
        space = pysubgroup.create_nominal_selectors(table, ignore=["failed"])
        task = pysubgroup.SubgroupDiscoveryTask(
            table, target, space, result_set_size=1000, depth=DEPTH, qf=pysubgroup.WRAccQF(),
            constraints=[pysubgroup.MinSupportConstraint(support)])
        return lambda: pysubgroup.DFS(pysubgroup.BitSetRepresentation).execute(task)

    def judge(found, cases, failures):
        rows = [(quality, frozenset(str(part).replace("'", "").replace("==", "=")
                                    for part in rule.selectors))
                for quality, rule, *_ in found.results]
        return {"patterns": len(rows), "ranks by WRAcc": ranks(rows)}

    return prepare, judge


def mlxtend():
    def prepare(path, support):
        import pandas
        from mlxtend.frequent_patterns import fpgrowth

        table = read(path)
        wide = pandas.get_dummies(table.iloc[:, :-1].astype("category")).astype(bool)
        return lambda: fpgrowth(wide, min_support=support / len(table), max_len=DEPTH)

    return prepare, lambda found, cases, failures: {"patterns": len(found)}


def efficient():
    def prepare(path, support):
        from efficient_apriori import itemsets_from_transactions

        rows = [row[:-1] for row in transactions(read(path))]
        return lambda: itemsets_from_transactions(rows, min_support=support / len(rows), max_length=DEPTH)

    return prepare, lambda found, cases, failures: {
        "patterns": sum(len(level) for level in found[0].values())}


def sliceline():
    def prepare(path, support):
        from sliceline.slicefinder import Slicefinder

        table = read(path)
        finder = Slicefinder(alpha=0.95, k=20, max_l=2, min_sup=support, verbose=False)
        features, errors = table.iloc[:, :-1].to_numpy(), table["failed"].to_numpy().astype(float)
        return lambda: finder.fit(features, errors).top_slices_

    def judge(found, cases, failures):
        rows = [(-place, frozenset(f"a{column:02}={value}" for column, value in enumerate(row)
                                   if value is not None))
                for place, row in enumerate(found)]
        return {"patterns": len(rows), "ranks by score": ranks(rows)}

    return prepare, judge


def duckdb():
    def prepare(path, support):
        import duckdb

        base = duckdb.connect()
        base.execute(f"create table cases as select * from read_csv('{path}')")
        base.execute("alter table cases alter failed type integer")
        names = [row[0] for row in base.execute("describe cases").fetchall()][:-1]
        for name in names:
            base.execute(f"alter table cases alter {name} type utinyint")
        queries = [
            f"select {', '.join(chosen)}, count(*), sum(failed) from cases group by all "
            f"having count(*) >= {support}"
            for width in range(1, DEPTH + 1) for chosen in itertools.combinations(names, width)]
        return lambda: sum(len(base.execute(query).fetchall()) for query in queries)

    return prepare, lambda found, cases, failures: {"patterns": found}


PEERS = {
    "pyfim apriori": pyfim("apriori"),
    "pyfim eclat": pyfim("eclat"),
    "pyfim fpgrowth": pyfim("fpgrowth"),
    "DuckDB group by": duckdb(),
    "pysubgroup DFS": subgroups(),
    "SliceLine (depth 2)": sliceline(),
    "mlxtend fpgrowth": mlxtend(),
    "efficient-apriori": efficient(),
}
SLOW = {"pysubgroup DFS", "SliceLine (depth 2)", "mlxtend fpgrowth", "efficient-apriori"}


def seconds():
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def contend(name, path, support, failures, cases):
    """One pass of one peer, in this process; prints what it took."""
    prepare, judge = PEERS[name]
    mine = prepare(path, support)
    before = resident()
    start, wall = seconds(), time.perf_counter()
    found = mine()
    answer = {"cpu": seconds() - start, "wall": time.perf_counter() - wall, "before": before}
    print(json.dumps(answer | judge(found, cases, failures)))


def spawn(command):
    """Runs a contender; returns its last line of JSON with the peak memory of the process."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    lines = process.stdout.read().strip().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0 or not lines:
        return None
    return json.loads(lines[-1]) | {"peak": usage.ru_maxrss * 1024}


def race(names, options, cases):
    support = cases // 500
    folder = Path("target/mining")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"search-{cases}.csv"
    if not path.exists():
        subprocess.run([options.baton, "--cases", str(cases), "--write", str(path)], check=True)
    baton = [options.baton, "--cases", str(cases), "--support", str(support), "--rounds", "1"]
    times = {}
    failures = 0
    for turn in range(options.rounds):
        for name in ["Baton", *names]:
            if turn > 0 and name in SLOW:
                continue
            peer = [sys.executable, "-P", __file__, "--contender", name, "--file", str(path),
                    "--support", str(support), "--failures", str(failures), "--cases", str(cases)]
            answer = spawn(baton if name == "Baton" else peer)
            print(f"# {cases} {name}: {json.dumps(answer)}", file=sys.stderr, flush=True)
            if answer:
                times.setdefault(name, []).append(answer)
                failures = answer.get("failures", failures)
    table(times, cases)


def table(times, cases):
    def median(name, key):
        values = sorted(answer[key] for answer in times[name])
        return values[len(values) // 2]

    print(f"\n{cases:,} cases\n")
    print("| way | CPU s | wall s | times Baton's CPU | peak MiB | of it before mining | patterns | planted causes at |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    for name, answers in times.items():
        last = answers[-1]
        places = "; ".join(f"{key.removeprefix('ranks').strip() or 'by p'}: {value}"
                           for key, value in last.items() if key.startswith("ranks"))
        before = f"{last['before'] / 2**20:.0f}" if "before" in last else ""
        print(f"| {name} | {median(name, 'cpu'):.3f} | {median(name, 'wall'):.2f} "
              f"| {median(name, 'cpu') / median('Baton', 'cpu'):.1f} | {last['peak'] / 2**20:.0f} "
              f"| {before} | {last['patterns']:,} | {places} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--baton")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--slow", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only")
    parser.add_argument("--contender")
    parser.add_argument("--file")
    parser.add_argument("--support", type=int)
    parser.add_argument("--failures", type=int)
    options = parser.parse_args()
    if options.contender:
        contend(options.contender, options.file, options.support, options.failures, options.cases)
        return
    names = options.only.split(",") if options.only else list(PEERS)
    race([name for name in names if name not in SLOW], options, options.cases)
    if any(name in SLOW for name in names):
        race(names, options, options.slow)


if __name__ == "__main__":
    main()
