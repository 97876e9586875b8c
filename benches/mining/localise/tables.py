"""Seeded KPI tables with planted causes.

A table has 3 to 6 attributes of 3 to 30 values, leaves whose sizes have a heavy tail, and one or two
causes of one to three conditions. Three kinds:

* share-before: failures and requests of one period, and the same summed over the ten periods before;
  leaves differ in their usual rate by attribute and on their own, and drift between periods.
* share: failures and requests alone, leaves alike but for noise.
* forecast: what is and what was forecast; forecasts miss by a percentage, counts by chance.

Noise has three levels. A cause must be visible in principle: its expected log likelihood ratio is at
least 15, it holds for at least three leaves, and no condition of it is nearly implied by the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

KINDS = ("share-before", "share", "forecast")
NOISE = ("low", "medium", "high")
DRIFT = {"low": 0.05, "medium": 0.2, "high": 0.4}
MISS = {"low": 0.02, "medium": 0.1, "high": 0.25}
VISIBLE = 15.0


@dataclass
class Table:
    kind: str
    attributes: list[str]
    codes: np.ndarray
    actual: np.ndarray
    expected: np.ndarray
    total: np.ndarray | None = None
    before_total: np.ndarray | None = None
    causes: list[frozenset] = field(default_factory=list)

    def csv(self) -> str:
        columns = {
            "share-before": "failures,requests,before_failures,before_requests",
            "share": "failures,requests",
            "forecast": "actual,forecast",
        }[self.kind]
        lines = [",".join(self.attributes) + "," + columns]
        for row in range(len(self.actual)):
            values = [f"v{code}" for code in self.codes[row]]
            if self.kind == "forecast":
                numbers = [self.actual[row], self.expected[row]]
            elif self.kind == "share":
                numbers = [self.actual[row], self.total[row]]
            else:
                before = self.before_total[row]
                numbers = [self.actual[row], self.total[row], self.expected[row], before]
            lines.append(",".join(values + [f"{number:.6g}" for number in numbers]))
        return "\n".join(lines) + "\n"


def shape(rng: np.random.Generator):
    """Codes of leaves and their sizes."""
    count = int(rng.integers(3, 7))
    cards = np.exp(rng.uniform(np.log(3), np.log(30.99), count)).astype(int)
    wanted = int(np.exp(rng.uniform(np.log(150), np.log(3000))))
    weights = []
    for card in cards:
        weight = 1.0 / np.arange(1, card + 1) ** rng.uniform(0.3, 1.2)
        weights.append(rng.permutation(weight / weight.sum()))
    draws = [rng.choice(card, size=wanted * 3, p=weight) for card, weight in zip(cards, weights)]
    codes = np.unique(np.stack(draws, axis=1), axis=0)
    codes = codes[np.sort(rng.permutation(len(codes))[:wanted])]
    popularity = np.ones(len(codes))
    for place, weight in enumerate(weights):
        popularity *= weight[codes[:, place]] * len(weight)
    return codes, popularity**0.7 * rng.lognormal(0.0, 1.0, len(codes))


def mask(codes: np.ndarray, cause) -> np.ndarray:
    found = np.ones(len(codes), dtype=bool)
    for place, value in cause:
        found &= codes[:, place] == value
    return found


def pick(rng, codes, conditions: int, size: np.ndarray):
    """A combination of conditions that each matter."""
    for _ in range(200):
        leaf = int(rng.integers(len(codes)))
        places = rng.choice(codes.shape[1], size=conditions, replace=False)
        cause = frozenset((int(place), int(codes[leaf, place])) for place in places)
        inside = mask(codes, cause)
        if inside.sum() < 3 or size[inside].sum() > 0.5 * size.sum():
            continue
        parts = [mask(codes, cause - {one}) for one in cause] if conditions > 1 else []
        if all(size[inside].sum() < 0.8 * size[part].sum() for part in parts):
            return cause
    return None


def visible(actual: np.ndarray, expected: np.ndarray, noise: float) -> float:
    """Log likelihood ratio that a cause is expected to have at this noise."""
    variance = np.maximum(expected, 1e-9) * (1.0 + noise**2 * expected)
    gain = ((actual - expected) * expected / variance).sum() ** 2
    return float(gain / (2.0 * (expected**2 / variance).sum()))


def table(kind: str, noise: str, conditions: int, causes: int, seed: int) -> Table:
    for attempt in range(1000):
        rng = np.random.default_rng([seed, attempt, KINDS.index(kind), NOISE.index(noise), conditions, causes])
        codes, size = shape(rng)
        if codes.shape[1] < conditions:
            continue
        chosen = [pick(rng, codes, conditions, size) for _ in range(causes)]
        if None in chosen or len(set(chosen)) < causes:
            continue
        masks = [mask(codes, cause) for cause in chosen]
        if causes == 2 and (masks[0] & masks[1]).sum() > 0.3 * min(masks[0].sum(), masks[1].sum()):
            continue
        made = forecast(rng, codes, size, masks, noise) if kind == "forecast" else share(rng, codes, size, masks, noise, kind)
        if made is None:
            continue
        names = [f"attribute_{place}" for place in range(codes.shape[1])]
        made.attributes = names
        made.causes = [frozenset((names[place], f"v{value}") for place, value in cause) for cause in chosen]
        return made
    raise RuntimeError("no table")


def forecast(rng, codes, size, masks, noise: str) -> Table | None:
    expected = size / size.mean() * np.exp(rng.uniform(np.log(20), np.log(500)))
    expected = np.maximum(expected, 1.0).round(1)
    miss = MISS[noise]
    level = expected.copy()
    sign = rng.choice([-1, 1])
    for inside in masks:
        severity = rng.uniform(0.25, 0.85)
        level[inside] = expected[inside] * (1 - severity if sign < 0 else 1 + severity * 1.5)
        if visible(level[inside], expected[inside], miss) < VISIBLE:
            return None
    actual = rng.poisson(level * np.exp(rng.normal(0, miss, len(size)) - miss**2 / 2))
    return Table("forecast", [], codes, actual.astype(float), expected)


def share(rng, codes, size, masks, noise: str, kind: str) -> Table | None:
    total = np.maximum(rng.poisson(size / size.mean() * np.exp(rng.uniform(np.log(15), np.log(300)))), 1)
    usual = np.exp(rng.uniform(np.log(0.005), np.log(0.05)))
    drift = DRIFT[noise]
    rate = np.full(len(size), usual)
    if kind == "share-before":
        for place in range(codes.shape[1]):
            rate *= np.exp(rng.normal(0, 0.3, codes[:, place].max() + 1))[codes[:, place]]
        rate *= np.exp(rng.normal(0, 0.3, len(size)))
    rate = np.minimum(rate, 0.5)
    now = np.minimum(rate * np.exp(rng.normal(0, drift, len(size)) - drift**2 / 2), 0.9)
    for inside in masks:
        severity = np.exp(rng.uniform(np.log(0.03), np.log(0.5)))
        now[inside] = 1 - (1 - now[inside]) * (1 - severity)
        if visible(now[inside] * total[inside], rate[inside] * total[inside], drift) < VISIBLE:
            return None
    failures = rng.binomial(total, now)
    before = np.maximum(rng.poisson(total * 10.0), 1)
    return Table(
        kind, [], codes, failures.astype(float), rng.binomial(before, rate).astype(float),
        total.astype(float), before.astype(float),
    )
