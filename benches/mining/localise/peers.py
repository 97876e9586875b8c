"""The published methods, written from their papers and descriptions.

* Adtributor: Bhagwan et al., NSDI 2014 (explanatory power, surprise; one attribute).
* R-Adtributor: the recursive form that Lin et al. and Persson and Rudenius (2018) describe.
* AutoRoot: Jing et al., ISSRE 2021 (clusters of the deviation score; location factors).
* Squeeze: Li et al., ISSRE 2019 (knee filter, histogram clusters, generalized potential score).
* RiskLoc: Kalander, arXiv:2205.10004 (two-way partition, risk score, explanatory power).
* RobustSpot: Hu et al., 2022 (influence degree, contribution ability, expanded frequent items).

Each takes codes, names and leaf arrays and returns a list of causes: sets of (attribute, value).
Parameters are the published defaults.
"""

from __future__ import annotations

import warnings
from collections import Counter
from itertools import combinations

import numpy as np
from kneed import KneeLocator
from scipy.signal import argrelextrema
from scipy.stats import gaussian_kde

warnings.filterwarnings("ignore")


class Leaves:
    """A table as the methods see it: real and forecast, and for shares their parts."""

    def __init__(self, table):
        self.codes, self.names = table.codes, table.attributes
        self.derived = table.kind != "forecast"
        if self.derived:
            self.a, self.b = table.actual, table.total
            if table.kind == "share":
                rate = table.actual.sum() / table.total.sum()
                self.fa, self.fb = table.total * rate, table.total
            else:
                self.fa, self.fb = table.expected / 10.0, table.before_total / 10.0
            self.real, self.predict = self.a / self.b, self.fa / self.fb
        else:
            self.real, self.predict = table.actual, table.expected
        with np.errstate(divide="ignore", invalid="ignore"):
            deviation = 2 * (self.predict - self.real) / (self.predict + self.real)
        self.deviation = np.nan_to_num(deviation)

    def power(self, keep=None):
        keep = np.ones(len(self.real), bool) if keep is None else keep
        if not self.derived:
            gap = self.real[keep].sum() - self.predict[keep].sum()
            return np.where(keep, (self.real - self.predict) / (gap or 1e-9), 0.0)
        fa, fb = self.fa[keep].sum(), self.fb[keep].sum()
        top = (self.a - self.fa) * fb - (self.b - self.fb) * fa
        power = top / (fb * (fb + self.b - self.fb))
        power = np.where(keep, power, 0.0)
        return power / (power.sum() or 1e-9)

    def named(self, places, values):
        return frozenset((self.names[place], f"v{value}") for place, value in zip(places, values))

    def groups(self, places, keep=None):
        codes = self.codes[:, list(places)]
        values, inverse = np.unique(codes, axis=0, return_inverse=True)
        return values, inverse.ravel()


def surprise(real, predict):
    p, q = predict / max(predict.sum(), 1e-12), real / max(real.sum(), 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 0.5 * (np.nan_to_num(p * np.log(2 * p / (p + q))) + np.nan_to_num(q * np.log(2 * q / (p + q))))


def elements(leaves, place, keep):
    """Values of one attribute with explanatory power and surprise."""
    values, inverse = leaves.groups([place])
    total = lambda column: np.bincount(inverse, weights=np.where(keep, column, 0.0), minlength=len(values))
    if leaves.derived:
        a, b, fa, fb = (total(column) for column in (leaves.a, leaves.b, leaves.fa, leaves.fb))
        top = (a - fa) * fb.sum() - (b - fb) * fa.sum()
        power = top / (fb.sum() * (fb.sum() + b - fb))
        power = power / (power.sum() or 1e-9)
        shock = surprise(a, fa) + surprise(b, fb)
    else:
        real, predict = total(leaves.real), total(leaves.predict)
        power = (real - predict) / ((real.sum() - predict.sum()) or 1e-9)
        shock = surprise(real, predict)
    present = np.bincount(inverse, weights=keep.astype(float), minlength=len(values)) > 0
    return values[:, 0], power, shock, present


def adtributor(leaves, least=0.1, enough=0.67):
    keep, best = np.ones(len(leaves.real), bool), (-1.0, [])
    for place in range(leaves.codes.shape[1]):
        values, power, shock, _ = elements(leaves, place, keep)
        chosen, explained, amount = [], 0.0, 0.0
        for index in np.argsort(-shock, kind="stable"):
            if power[index] > least:
                chosen.append(leaves.named([place], [values[index]]))
                explained, amount = explained + power[index], amount + shock[index]
            if explained > enough:
                break
        if explained > enough and amount > best[0]:
            best = (amount, chosen)
    return best[1]


def r_adtributor(leaves, least=0.2):
    def search(keep, places):
        best = (-1.0, None, [])
        for place in places:
            values, power, shock, present = elements(leaves, place, keep)
            wanted = (power > least) & present
            if 0 < wanted.sum() < present.sum() and shock[wanted].sum() > best[0]:
                best = (shock[wanted].sum(), place, list(values[wanted]))
        _, place, values = best
        if place is None:
            return [frozenset()]
        rest = [other for other in places if other != place]
        found = []
        for value in values:
            below = search(keep & (leaves.codes[:, place] == value), rest) if rest else [frozenset()]
            found += [one | leaves.named([place], [value]) for one in below]
        return found

    found = search(np.ones(len(leaves.real), bool), list(range(leaves.codes.shape[1])))
    return [one for one in dict.fromkeys(found) if one]


def autoroot(leaves, threshold=0.1, layers=3):
    relevant = np.abs(leaves.deviation) > 0.2
    if relevant.sum() < 2:
        return []
    values = leaves.deviation[relevant]
    cluster = np.zeros(len(leaves.real), int) - 1
    if len(np.unique(values)) > 1:
        grid = np.linspace(-2, 2, 400)
        density = gaussian_kde(values, bw_method="silverman")(grid)
        cluster[relevant] = np.searchsorted(grid[argrelextrema(density, np.less)[0]], values)
    else:
        cluster[relevant] = 0
    real, predict = leaves.real, leaves.predict
    relative = lambda guess: np.nan_to_num(np.abs(real - guess) / real, posinf=0, neginf=0, nan=0)
    change = relative(predict)
    found = []
    for number in np.unique(cluster[cluster >= 0]):
        inside = cluster == number
        best = (-1.0, None, 0)
        for layer in range(1, min(layers, leaves.codes.shape[1]) + 1):
            for places in combinations(range(leaves.codes.shape[1]), layer):
                groups, inverse = leaves.groups(places)
                hits = np.bincount(inverse, weights=inside, minlength=len(groups))
                all_of = np.bincount(inverse, minlength=len(groups))
                top = (-1.0, None)
                for index in np.flatnonzero((hits / inside.sum() > threshold) & (hits / all_of > threshold)):
                    chosen = inverse == index
                    ripple = predict * (real[chosen].sum() / max(predict[chosen].sum(), 1e-12))
                    a, b = relative(ripple)[chosen].mean(), change[chosen].mean()
                    c = change[~chosen].mean() if (~chosen).any() else 0.0
                    score = 1 - (a + c) / max(b + c, 1e-12)
                    if score > top[0]:
                        parts = (score + hits[index] / all_of[index] + hits[index] / inside.sum()) / 3
                        top = (score, (parts, leaves.named(places, groups[index]), layer))
                if top[1] and top[1][0] > best[0]:
                    best = top[1]
        if best[1]:
            found.append(best[1])
    found = list(dict.fromkeys(found))
    return [one for one in found if not any(other < one for other in found)]


def squeeze(leaves, layers=3, most=12, enough=0.9):
    real, predict = leaves.real, leaves.predict
    valid = predict > 0
    gap = np.abs(real - predict)
    if valid.sum() < 3 or np.ptp(gap[valid]) == 0:
        return []
    grid = np.linspace(gap[valid].min(), gap[valid].max(), 1000)
    knee = KneeLocator(grid, np.cumsum(gaussian_kde(gap[valid])(grid)), curve="concave", direction="increasing").knee
    kept = valid & (gap > (knee if knee is not None else gap.min()))
    if kept.sum() < 2:
        return []
    values = leaves.deviation[kept]
    edges = np.histogram_bin_edges(values, "auto")
    edges = np.concatenate([edges[0] - 0.1 * np.arange(5, 0, -1), edges, edges[-1] + 0.1 * np.arange(1, 6)])
    height, edges = np.histogram(values, bins=edges, density=True)
    middle = (edges[1:] + edges[:-1]) / 2
    window = max(np.count_nonzero(height) // 10, 1)
    smooth = np.concatenate([height[: window - 1], np.convolve(height, np.ones(window), "valid") / window])
    peaks = [i for i in argrelextrema(smooth, np.greater, mode="wrap")[0] if smooth[i] > 0]
    valleys = argrelextrema(smooth, np.less_equal, mode="wrap")[0]
    borders = np.concatenate([[-np.inf], middle[valleys], [np.inf]])
    clusters = []
    for peak in peaks:
        low = borders[np.searchsorted(borders, middle[peak], side="right") - 1]
        high = borders[np.searchsorted(borders, middle[peak], side="left")]
        inside = values[(values >= low) & (values <= high)]
        if len(inside) and np.abs(inside).mean() >= 0.2:
            score = leaves.deviation
            clusters.append(valid & (score >= inside.min()) & (score <= inside.max()))
    if not clusters:
        return []
    abnormal = np.logical_or.reduce(clusters)
    normal = valid & (np.abs(leaves.deviation) < np.abs(leaves.deviation[abnormal]).min())
    attributes = sum(len(np.unique(leaves.codes[:, place])) for place in range(leaves.codes.shape[1]))
    spread = -np.log(max(sum(c.sum() for c in clusters) / valid.sum(), 1e-9))
    weight = np.log(len(clusters) + 1) / len(clusters) * attributes / np.log(attributes + 1) * spread
    found = []
    for inside in clusters:
        found += in_cluster(leaves, inside, inside | normal, weight, (layers, most, enough))
    return list(dict.fromkeys(found))


def in_cluster(leaves, inside, scope, weight, options):
    layers, most, enough = options
    real, predict = leaves.real, leaves.predict
    best, done = (-np.inf, []), False
    for layer in range(1, min(layers, leaves.codes.shape[1]) + 1):
        for places in combinations(range(leaves.codes.shape[1]), layer):
            groups, inverse = leaves.groups(places)
            hits = np.bincount(inverse, weights=inside, minlength=len(groups))
            descents = np.bincount(inverse, minlength=len(groups))
            order = [i for i in np.argsort(-hits / descents, kind="stable") if hits[i] > 0]
            score, size = -np.inf, 0
            chosen = np.zeros(len(real), bool)
            for size_now, index in enumerate(order[: min(most, len(groups) - 1)], 1):
                chosen = chosen | (inverse == index)
                p, n = chosen & scope, ~chosen & scope
                ratio = leaves_ratio(leaves, p)
                part = lambda gap, where: gap[where].mean() if where.any() else 0.0
                top = part(np.abs(real - predict * ratio), p) + part(np.abs(real - predict), n)
                low = part(np.abs(real - predict), p) + part(np.abs(real - predict), n)
                now = 1 - top / max(low, 1e-12)
                if now > score:
                    score, size = now, size_now
            rank = score * weight - size * layer
            done |= score > enough
            if size and rank > best[0]:
                best = (rank, [leaves.named(places, groups[i]) for i in order[:size]])
        if done:
            break
    return best[1]


def leaves_ratio(leaves, where):
    if leaves.derived:
        real = leaves.a[where].sum() / max(leaves.b[where].sum(), 1e-12)
        predict = leaves.fa[where].sum() / max(leaves.fb[where].sum(), 1e-12)
    else:
        real, predict = leaves.real[where].sum(), leaves.predict[where].sum()
    return real / max(predict, 1e-12)


def riskloc(leaves, risk=0.5, share=0.02, layers=3):
    real, predict, deviation = leaves.real, leaves.predict, leaves.deviation
    distinct = np.unique(deviation)
    small = distinct[min(5, len(distinct) - 1)]
    large = distinct[max(len(distinct) - 6, 0)]
    cutoff = -min(small, large, key=abs)
    abnormal = deviation > cutoff if cutoff >= 0 else deviation < cutoff
    weight = np.where(abnormal, np.abs(deviation), np.abs(cutoff - deviation))
    weight = np.where((real == 0) & (predict == 0), 0.0, np.minimum(weight, 1.0))
    power = leaves.power()
    if power[abnormal].sum() < 0:
        power = -power
    least = power[abnormal].sum() * share
    keep, found = np.ones(len(real), bool), []
    while power[abnormal & keep].sum() >= least and len(found) < 10:
        best = (least, None, None)
        for layer in range(1, min(layers, leaves.codes.shape[1]) + 1):
            for places in combinations(range(leaves.codes.shape[1]), layer):
                groups, inverse = leaves.groups(places)
                powers = np.bincount(inverse, weights=np.where(keep, power, 0), minlength=len(groups))
                bad = np.bincount(inverse, weights=abnormal & keep, minlength=len(groups))
                wanted = [i for i in np.argsort(-powers, kind="stable") if bad[i] > 0 and powers[i] > best[0]]
                for index in wanted:
                    chosen = (inverse == index) & keep
                    high = weight[chosen & abnormal].sum()
                    high = high / (high + weight[chosen & ~abnormal].sum() + 1)
                    if high - low_risk(leaves, chosen) >= risk:
                        best = (powers[index], leaves.named(places, groups[index]), chosen)
                        break
            if best[1]:
                break
        if not best[1]:
            break
        found.append(best[1])
        keep &= ~best[2]
    return found


def low_risk(leaves, chosen):
    chosen = chosen & (leaves.real != 0) & (leaves.predict != 0)
    if not chosen.any():
        return 0.0
    real, predict = leaves.real[chosen], leaves.predict[chosen]
    ripple = predict * real.sum() / predict.sum()
    first = np.abs(2 * (ripple - real) / (ripple + real)).mean()
    second = np.abs(leaves.deviation[chosen]).mean()
    return first / second if second else 0.0


def robustspot(leaves, confidence=0.8, amplify=100):
    codes = leaves.codes

    def influence(keep):
        count = keep.sum()
        if count < 3:
            return None
        f, v = leaves.predict, leaves.real
        rest_f = (f[keep].sum() - f) / (count - 1)
        rest_v = (v[keep].sum() - v) / (count - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            degree = 1 - 1 / (np.abs((v - f) / (rest_v - rest_f)) + 1)
        degree = np.nan_to_num(degree)
        ability = np.ones(len(f))
        if leaves.derived:
            fm, fd = leaves.fa[keep].sum(), leaves.fb[keep].sum()
            with np.errstate(divide="ignore", invalid="ignore"):
                ability = fd / fm * (leaves.a + fm - leaves.fa) / (leaves.b + fd - leaves.fb) - 1
            ability = np.nan_to_num(ability)
        threshold = 0.5
        known = np.sort(degree[keep & (degree > 0)])
        try:
            shares = np.arange(1, len(known) + 1) / len(known)
            knee = KneeLocator(known, shares, S=6, interp_method="polynomial", curve="concave", direction="increasing").knee
            threshold = threshold if knee is None else knee
        except Exception:
            pass
        after = keep & (degree > threshold) & (ability > 0)
        return after, np.where(after, (degree * ability * amplify).astype(int), 0)

    def support(items, where, weight=None):
        found = np.ones(len(codes), bool)
        for place, value in items:
            found &= codes[:, place] == value
        weight = where.astype(float) if weight is None else weight
        return weight[found].sum() / max(weight.sum(), 1e-12)

    def mine(keep):
        spotted = influence(keep)
        if spotted is None or spotted[1].sum() == 0:
            return [], None
        after, times = spotted
        modes = []
        for place in range(codes.shape[1]):
            counts = Counter()
            for value, time in zip(codes[after, place], times[after]):
                counts[int(value)] += int(time)
            modes.append((place, min(counts, key=lambda value: (-counts[value], value))))
        causes = set()
        for length in (2, 3):
            for items in combinations(modes, length):
                both = support(items, None, times.astype(float))
                for size in range(1, length):
                    for left in combinations(items, size):
                        if both / max(support(left, None, times.astype(float)), 1e-12) > confidence:
                            causes.add(items)
        causes |= {(one,) for one in modes}
        ranked = sorted(causes, key=lambda items: (support(items, keep) - support(items, after), items))
        return ranked[:5], after

    def without(keep, items):
        found = np.ones(len(codes), bool)
        for place, value in items:
            found &= codes[:, place] == value
        return keep & ~found

    everything = np.ones(len(codes), bool)
    first, after = mine(everything)
    if not first:
        return []
    merged = [[items] for items in first]
    for items in first[:3]:
        second, _ = mine(without(everything, items))
        third = mine(without(without(everything, items), second[0]))[0] if second else []
        columns = lambda one: [place for place, _ in one]
        for other in [*second[:1], *third]:
            if columns(items) == columns(other) and items != other:
                merged.append([items, other])
    for index, group in enumerate(merged):
        if len(group) > 1:
            common = tuple(item for item in group[0] if all(item in other for other in group))
            if common and sum(support(items, everything) for items in group) / support(common, everything) >= 0.9:
                merged[index] = [common]
    delta = lambda group: sum(support(items, everything) - support(items, after) for items in group)
    best = min(merged, key=lambda group: (delta(group), group))
    return [leaves.named([p for p, _ in items], [v for _, v in items]) for items in best]


PEERS = {
    "Adtributor": adtributor,
    "R-Adtributor": r_adtributor,
    "AutoRoot": autoroot,
    "Squeeze": squeeze,
    "RiskLoc": riskloc,
    "RobustSpot": robustspot,
}
