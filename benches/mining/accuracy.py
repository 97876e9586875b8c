"""Scores mined causes against planted truth: Baton beside pysubgroup, itemsets ranked by lift, and a decision tree.

Reads the folder that `mining_quality accuracy FOLDER` wrote; prints what it measures and how each tool is set first.
"""

import json
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

LISTED = 10
SUPPORT = 20
QUANTILES = 12
BATON = "Baton"

ABOUT = f"""\
Every tool gets the same table and the same conditions: each value of a category or flag, and of each number every
range between two of its {QUANTILES} quantiles or of the cuts of a supervised tree on that number alone. Up to three
conditions, at least {SUPPORT} cases (itemsets: failing cases). The first {LISTED} patterns of each answer count.
A pattern is the truth when it names the same features as a planted cause and its cases have a Jaccard index of at
least 0.9 with it. Every other pattern is false, also a part or a refinement of the truth.

- Recall: share of planted causes among the patterns.
- Rank: mean reciprocal place of a planted cause, 0 when it is missed (1.00 is best only with one planted cause).
- False above: patterns above the last planted cause found; all of them when none is found.
- Exact: share of tables whose first patterns are exactly the planted causes, as many as there are.
- AP: average precision, the mean over planted causes of the share of truth down to it, 0 when missed.
- Claims: false patterns a table stated as findings. What Baton only suspects, if anything, is ranked after its causes
  and no claim; the others make no difference, so all they list is one.

A tool is ahead on a setting when its AP is higher; at equal AP, when it claims fewer false patterns.

- pysubgroup: beam search of width 20 (its default), by WRAcc and by the binomial quality (a = 0.5) as two tools; its
  qualities that leave out refinements (`GeneralizationAware…`) fail on this table in version 0.8.0;
- itemsets: pyfim eclat on the failing cases, ranked by lift, ties to shorter ones; numbers cut by the supervised trees;
- decision tree: scikit-learn, depth 6, leaves of {SUPPORT} cases; every node is a rule of the positive conditions on
  its path (what a value is not is left out in the tree's favor), ranked by exact p-value.
"""


def rows_of(table, conditions):
    """The cases that conditions of `mining-report/v1` hold for."""
    rows = np.ones(len(table), bool)
    for one in conditions:
        column = table[one["feature"]]
        if one["test"] == "is":
            rows &= (column == one["value"]).to_numpy()
        elif one["test"] == "in":
            rows &= column.isin(one["values"]).to_numpy()
        elif one["test"] in ("present", "absent"):
            rows &= (column == one["test"]).to_numpy()
        elif one["test"] == "between":
            if one["low"] is not None:
                rows &= (column >= one["low"]).to_numpy()
            if one["high"] is not None:
                rows &= (column < one["high"]).to_numpy()
        else:
            rows &= column.isna().to_numpy()
    return rows


def said(table, conditions):
    return frozenset(one["feature"] for one in conditions), rows_of(table, conditions)


def supervised(table, name):
    """Cuts of a number by a tree on it alone."""
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(max_leaf_nodes=6, min_samples_leaf=50, random_state=0)
    tree.fit(table[[name]].to_numpy(float), table["failed"])
    return sorted(set(tree.tree_.threshold[tree.tree_.feature >= 0]))


def ranges(table, name):
    """Every range between two quantiles, or two supervised cuts."""
    parts = np.linspace(0, 1, QUANTILES + 1)[1:-1]
    found = {}
    for cuts in (sorted(set(np.ceil(table[name].quantile(parts)))), supervised(table, name)):
        limits = [-np.inf, *cuts, np.inf]
        for low in range(len(limits) - 1):
            for high in range(low + 1, len(limits)):
                if (low, high) != (0, len(limits) - 1):
                    found[(limits[low], limits[high])] = None
    return list(found)


def numbers_of(table):
    return [name for name in table.columns.drop("failed") if table[name].dtype.kind in "if"]


def by_pysubgroup(quality):
    def find(table):
        import pysubgroup as ps

        numbers = numbers_of(table)
        # Codes for texts, which it compares again for every pattern.
        table = table.copy()
        for name in table.columns.drop(["failed", *numbers]):
            table[name] = table[name].astype("category").cat.codes
        space = ps.create_nominal_selectors(table, ignore=["failed", *numbers])
        for name in numbers:
            space += [ps.IntervalSelector(name, low, high) for low, high in ranges(table, name)]
        target = ps.BinaryTarget("failed", 1)
        measure = ps.WRAccQF() if quality == "WRAcc" else ps.StandardQF(0.5)
        task = ps.SubgroupDiscoveryTask(
            table, target, space, result_set_size=LISTED, depth=3, qf=measure,
            constraints=[ps.MinSupportConstraint(SUPPORT)],
        )
        found = ps.BeamSearch(beam_width=20).execute(task)
        listed = []
        for _, pattern, _ in found.results:
            names = frozenset(selector.attribute_name for selector in pattern.selectors)
            listed.append((names, np.asarray(pattern.covers(table), bool)))
        return listed

    return find


def by_lift(table):
    import fim

    bins = {}
    for name in table.columns.drop("failed"):
        column = table[name]
        if name in numbers_of(table):
            column = pd.cut(column, [-np.inf, *supervised(table, name), np.inf], right=False)
        bins[name] = column.astype(str)
    bins = pd.DataFrame(bins)
    failed = table["failed"].to_numpy() == 1
    names = [(name, value) for name in bins for value in sorted(bins[name].unique())]
    masks = {item: (bins[item[0]] == item[1]).to_numpy() for item in names}
    place = {item: at for at, item in enumerate(names)}
    failing = bins[failed]
    baskets = [[place[(name, value)] for name, value in zip(bins.columns, row)] for row in failing.to_numpy()]
    found = []
    for items, count in fim.eclat(baskets, target="s", supp=-SUPPORT, zmin=1, zmax=3, report="a"):
        items = [names[item] for item in items]
        cases = np.count_nonzero(np.logical_and.reduce([masks[item] for item in items]))
        found.append((count / cases, -len(items), items))
    found.sort(key=lambda one: (-one[0], -one[1], one[2]))
    return [
        (frozenset(name for name, _ in items), np.logical_and.reduce([masks[item] for item in items]))
        for _, _, items in found[:LISTED]
    ]


def by_tree(table):
    from sklearn.tree import DecisionTreeClassifier

    plain = table.drop(columns="failed")
    numbers = numbers_of(table)
    columns = [(name, None) for name in numbers]
    columns += [(name, value) for name in plain if name not in numbers for value in sorted(plain[name].unique())]
    encoded = np.column_stack([plain[n] if v is None else plain[n] == v for n, v in columns]).astype(np.float32)
    tree = DecisionTreeClassifier(max_depth=6, min_samples_leaf=SUPPORT, random_state=0)
    nodes = tree.fit(encoded, table["failed"]).tree_
    total, failures = len(table), int(table["failed"].sum())
    failed = table["failed"].to_numpy() == 1
    found = {}

    def walk(node, limits):
        if limits:
            key = tuple(sorted((name, str(value), low, high) for (name, value), (low, high) in limits.items()))
            rows = np.ones(total, bool)
            for (name, value), (low, high) in limits.items():
                rows &= (plain[name] == value).to_numpy() if value else ((plain[name] > low) & (plain[name] <= high)).to_numpy()
            if rows.sum() >= SUPPORT:
                p = hypergeom.logsf(failed[rows].sum() - 1, total, failures, rows.sum())
                found[key] = (p, len(limits), key, frozenset(name for name, _ in limits), rows)
        if nodes.feature[node] < 0:
            return
        column, cut = columns[nodes.feature[node]], nodes.threshold[node]
        low, high = limits.get(column, (-np.inf, np.inf))
        if column[1] is None:
            walk(nodes.children_left[node], {**limits, column: (low, min(high, cut))})
            walk(nodes.children_right[node], {**limits, column: (max(low, cut), high)})
        else:
            walk(nodes.children_left[node], limits)
            walk(nodes.children_right[node], {**limits, column: (low, high)})

    walk(0, {})
    best = sorted(found.values(), key=lambda one: one[:3])[:LISTED]
    return [(names, rows) for _, _, _, names, rows in best]


TOOLS = {
    BATON: None,
    "pysubgroup WRAcc": by_pysubgroup("WRAcc"),
    "pysubgroup binomial": by_pysubgroup("binomial"),
    "itemsets by lift": by_lift,
    "decision tree": by_tree,
}


def score(listed, truths, claimed):
    """The measures of one answer, in the order of the table."""
    places = []
    hits = []
    for found, covered in listed:
        hit = None
        for at, (names, rows) in enumerate(truths):
            if at not in hits and found == names and (rows & covered).sum() >= 0.9 * (rows | covered).sum():
                hit = at
                break
        hits.append(hit)
    places = [place for place, hit in enumerate(hits, 1) if hit is not None]
    count = len(truths)
    precision = sum(found / place for found, place in enumerate(places, 1)) / count
    false = places[-1] - len(places) if places else len(listed)
    claims = sum(hit is None for hit in hits[:claimed])
    reciprocal = sum(1 / place for place in places) / count
    return len(places) / count, reciprocal, false, places == list(range(1, count + 1)), precision, claims


def scores(task):
    """The scores of every tool on one table."""
    folder, one = task
    table = pd.read_csv(folder / one["file"])
    truths = [said(table, truth) for truth in one["truth"]]
    answers = {}
    for tool, find in TOOLS.items():
        if find:
            listed = find(table)
            claimed = len(listed)
        else:
            listed = [said(table, conditions) for conditions in (one["baton"] + one.get("suspects", []))[:LISTED]]
            claimed = len(one["baton"])
        answers[tool] = score(listed, truths, claimed)
    print(".", end="", file=sys.stderr, flush=True)
    return answers


def row(words, tool, values):
    recall, rank, false, exact, precision, claims = np.mean(values, axis=0)
    print(f"| {words} | {tool} | {recall:.0%} | {rank:.2f} | {false:.1f} | {exact:.0%} | {precision:.3f} | {claims:.1f} |")


def main():
    folder = Path(sys.argv[1])
    index = json.loads((folder / "index.json").read_text())
    with ProcessPoolExecutor(2) as pool:
        answers = list(pool.map(scores, [(folder, one) for one in index]))
    print(file=sys.stderr)
    print(ABOUT)
    settings = defaultdict(lambda: defaultdict(list))
    for one, answer in zip(index, answers):
        for tool, values in answer.items():
            settings[(one["shape"], one["force"])][tool].append(values)
    print("| planted | strength | tool | recall | rank | false above | exact | AP | claims |")
    print("|---|---|---|---:|---:|---:|---:|---:|---:|")
    behind = []
    for (shape, force), tools in settings.items():
        for tool, values in tools.items():
            row(f"{shape} | {force}", tool, values)
        place = {tool: (-round(np.mean(v, axis=0)[4], 9), np.mean(v, axis=0)[5]) for tool, v in tools.items()}
        best = min((place[tool], tool) for tool in tools if tool != BATON)
        if place[BATON] >= best[0]:
            behind.append(f"- {shape}, {force}: {'level with' if place[BATON] == best[0] else 'behind'} {best[1]}")
    for tool in TOOLS:
        row("all |", tool, [values for tools in settings.values() for values in tools[tool]])
    print(f"\nBaton is ahead on {len(settings) - len(behind)} of {len(settings)} settings.", *behind, sep="\n")


if __name__ == "__main__":
    main()
