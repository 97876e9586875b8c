"""Scores mined causes against planted truth: Baton beside pysubgroup, itemsets ranked by lift, and a decision tree.

Reads the folder that `mining_quality accuracy FOLDER` wrote. A pattern is exact when it names the same features as a
planted cause and its cases have a Jaccard index of at least 0.9 with it; every other pattern is false, also one that is
a part or a refinement of a truth. Each tool is given the same table and lists at most 20 patterns.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

LISTED = 20
SUPPORT = 20


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


def by_pysubgroup(table):
    import pysubgroup as ps

    target = ps.BinaryTarget("failed", 1)
    space = ps.create_selectors(table, ignore=["failed"], nbins=10)
    task = ps.SubgroupDiscoveryTask(
        table, target, space, result_set_size=LISTED, depth=3, qf=ps.WRAccQF()
    )
    found = ps.BeamSearch(beam_width=60).execute(task)
    listed = []
    for _, pattern, _ in found.results:
        selectors = pattern.selectors
        names = frozenset(selector.attribute_name for selector in selectors)
        listed.append((names, np.asarray(pattern.covers(table), bool)))
    return listed


def binned(table):
    """Each column as texts; numbers in ten parts of equal size."""
    out = {}
    for name in table.columns.drop("failed"):
        column = table[name]
        if column.dtype.kind in "if":
            column = pd.qcut(column, 10, duplicates="drop")
        out[name] = column.astype(str)
    return pd.DataFrame(out)


def by_lift(table):
    import fim

    bins = binned(table)
    failed = table["failed"].to_numpy() == 1
    names = [(name, value) for name in bins for value in sorted(bins[name].unique())]
    masks = {item: (bins[item[0]] == item[1]).to_numpy() for item in names}
    place = {item: at for at, item in enumerate(names)}
    failing = bins[failed]
    baskets = [[place[(name, value)] for name, value in zip(bins.columns, row)] for row in failing.to_numpy()]
    found = []
    for items, count in fim.eclat(baskets, target="s", supp=-SUPPORT, zmin=1, zmax=3, report="a"):
        items = [names[item] for item in items]
        rows = np.logical_and.reduce([masks[item] for item in items])
        found.append((count / rows.sum(), -len(items), items, rows))
    found.sort(key=lambda one: (-one[0], -one[1], one[2]))
    return [(frozenset(name for name, _ in items), rows) for _, _, items, rows in found[:LISTED]]


def by_tree(table):
    from sklearn.tree import DecisionTreeClassifier

    encoded = pd.get_dummies(table.drop(columns="failed"))
    tree = DecisionTreeClassifier(max_depth=6, min_samples_leaf=SUPPORT, random_state=0)
    tree.fit(encoded.to_numpy(float), table["failed"])
    leaves = tree.apply(encoded.to_numpy(np.float32))
    rate = table["failed"].mean()
    found = []
    for leaf in np.unique(leaves):
        rows = leaves == leaf
        excess = table["failed"][rows].sum() - rate * rows.sum()
        names, node = set(), 0
        path = tree.decision_path(encoded.to_numpy(np.float32)[rows][:1]).indices
        for node in path[:-1]:
            column = encoded.columns[tree.tree_.feature[node]]
            names.add(next((n for n in table.columns if column == n or column.startswith(n + "_")), column))
        found.append((excess, frozenset(names), rows))
    found.sort(key=lambda one: -one[0])
    return [(names, rows) for _, names, rows in found[:LISTED]]


def score(listed, truths):
    """Recall, mean place of the truths found, false patterns above the last of them, and whether all is exact."""
    places = []
    for names, rows in truths:
        for at, (found, covered) in enumerate(listed):
            if found == names and (rows & covered).sum() >= 0.9 * (rows | covered).sum():
                places.append(at)
                break
    false = max(places) + 1 - len(places) if places else len(listed)
    exact = len(places) == len(truths) == len(listed)
    return len(places) / len(truths), [place + 1 for place in places], false, exact


def main():
    folder = Path(sys.argv[1])
    tools = {"Baton": None, "pysubgroup": by_pysubgroup, "itemsets by lift": by_lift, "decision tree": by_tree}
    sums = defaultdict(list)
    for one in json.loads((folder / "index.json").read_text()):
        table = pd.read_csv(folder / one["file"])
        truths = [said(table, truth) for truth in one["truth"]]
        for tool, find in tools.items():
            listed = find(table) if find else [said(table, conditions) for conditions in one["baton"]]
            sums[(one["shape"], one["force"], tool)].append(score(listed, truths))
        print(".", end="", file=sys.stderr, flush=True)
    print("| planted | strength | tool | recall | mean rank of the truth | false above it | exactly the truth |")
    print("|---|---|---|---:|---:|---:|---:|")
    for (shape, force, tool), scores in sums.items():
        ranks = [rank for _, places, _, _ in scores for rank in places]
        mean = f"{np.mean(ranks):.1f}" if ranks else "–"
        recall = np.mean([recall for recall, _, _, _ in scores])
        false = np.mean([false for _, _, false, _ in scores])
        exact = np.mean([exact for _, _, _, exact in scores])
        print(f"| {shape} | {force} | {tool} | {recall:.0%} | {mean} | {false:.1f} | {exact:.0%} |")


main()
