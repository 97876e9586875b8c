"""Baton's statistics beside SciPy, statsmodels and R.

Draws seeded cases, asks Baton (crates/benches/examples/statistics.rs) and each peer, and prints the
largest relative difference per function. Where no peer has a function, or peers lose digits, the
formula of the paper is written out here once more, in numpy or in mpmath's exact integers.
A difference above its bound is an error, so this also runs as a check.
"""

import argparse
import json
import math
import random
import shutil
import subprocess
import sys
import warnings

import mpmath
import numpy
import scipy.optimize
import scipy.stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

warnings.filterwarnings("ignore")
mpmath.mp.dps = 60
Z = scipy.stats.norm.isf(0.025)


# --- cases ---------------------------------------------------------------------------------------


def patterns(rng, count):
    """Cases, failures, covered and failing, from small to a hundred million cases."""
    for _ in range(count):
        cases = int(10 ** rng.uniform(0.5, rng.choice([2, 3, 5, 8])))
        failures = rng.randint(0, max(1, int(cases * rng.choice([0.02, 0.2, 1.0]))))
        covered = rng.randint(0, max(1, int(cases * rng.choice([0.01, 0.1, 1.0]))))
        low, high = max(0, failures + covered - cases), min(failures, covered)
        mean = failures * covered / cases
        spread = math.sqrt(mean + 1)
        failing = round(mean + rng.uniform(-3, 8) * spread) if rng.random() < 0.8 else rng.randint(low, high)
        yield cases, failures, covered, min(high, max(low, failing))


def table(rng, least=1):
    cases = rng.randint(least, int(10 ** rng.uniform(1, 4)) + least)
    others = rng.randint(least, int(10 ** rng.uniform(1, 4.5)) + least)
    rate = 10 ** rng.uniform(-2, -0.1)
    draw = lambda n, p: sum(rng.random() < p for _ in range(n)) if n < 3000 else round(n * p)
    return cases, draw(cases, min(0.95, rate * rng.choice([0.5, 1, 2, 4]))), others, draw(others, rate)


def strata(rng, most=6, cases=200):
    """Strata in which both sides have cases and both outcomes occur."""
    found = []
    while len(found) < rng.randint(2, most):
        n1, n0 = rng.randint(5, cases), rng.randint(5, cases)
        p0, ratio = rng.uniform(0.05, 0.5), rng.choice([0.7, 1, 1.8])
        a = sum(rng.random() < min(0.95, p0 * ratio) for _ in range(n1))
        b = sum(rng.random() < p0 for _ in range(n0))
        if 0 < a < n1 and 0 < b < n0:
            found.append((n1, a, n0, b))
    return found


# --- what no peer has, or none has exactly -------------------------------------------------------


def choose(n, k):
    return math.comb(n, k) if 0 <= k <= n else 0


def exact_hypergeometric(cases, failures, covered, failing):
    """ln of point, upper and lower tail by whole numbers; only for small tables."""
    ways = lambda x: choose(failures, x) * choose(cases - failures, covered - x)
    all_ways = choose(cases, covered)
    parts = [ways(failing), sum(map(ways, range(failing, covered + 1))), sum(map(ways, range(0, failing + 1)))]
    return [float(mpmath.log(mpmath.mpf(part) / all_ways)) for part in parts]


def crossing(inside, outside, statistic):
    """Where a statistic that is negative inside turns positive, by halving."""
    for _ in range(130):
        middle = (inside + outside) / 2
        if statistic(middle) < 0:
            inside = middle
        else:
            outside = middle
    return float(inside)


def koopman_limits(n1, a, n0, b):
    """Koopman (1984), equations 2.2 and 2.3, solved with mpmath."""
    mpf = mpmath.mpf
    n1, a, n0, b, n = mpf(n1), mpf(a), mpf(n0), mpf(b), mpf(n1 + n0)

    def statistic(ratio):
        linear = ratio * (n1 + b) + a + n0
        p = (linear - mpmath.sqrt(linear**2 - 4 * ratio * n * (a + b))) / (2 * n)
        return (a - n1 * p) ** 2 / (n1 * p * (1 - p)) * (1 + n1 * (ratio - p) / (n0 * (1 - p))) - mpf(Z) ** 2

    estimate = (a / n1) / (b / n0)
    return [crossing(estimate, mpf(10) ** -12, statistic), crossing(estimate, estimate * 10**6, statistic)]


def mee_rate(n1, a, n0, b, difference):
    """Most likely rates under a difference: the closed form of Miettinen and Nurminen (1985), appendix I."""
    mpf = mpmath.mpf
    n1, a, n0, b, d = mpf(n1), mpf(a), mpf(n0), mpf(b), mpf(difference)
    n, c = n1 + n0, a + b
    l3, l2 = n, (n1 + 2 * n0) * d - n - c
    l1, l0 = (n0 * d - n - 2 * b) * d + c, b * d * (1 - d)
    q = l2**3 / (3 * l3) ** 3 - l1 * l2 / (6 * l3**2) + l0 / (2 * l3)
    p = mpmath.sign(q) * mpmath.sqrt(l2**2 / (3 * l3) ** 2 - l1 / (3 * l3))
    angle = (mpmath.pi + mpmath.acos(mpmath.re(q / p**3))) / 3
    r0 = mpmath.re(2 * p * mpmath.cos(angle) - l2 / (3 * l3))
    return r0 + d, r0


def miettinen_nurminen_limits(n1, a, n0, b):
    n = n1 + n0
    estimate = mpmath.mpf(a) / n1 - mpmath.mpf(b) / n0

    def score(difference):
        r1, r0 = mee_rate(n1, a, n0, b, difference)
        variance = (r1 * (1 - r1) / n1 + r0 * (1 - r0) / n0) * n / (n - 1)
        return (estimate - difference) ** 2 / variance - mpmath.mpf(Z) ** 2

    tiny = mpmath.mpf(10) ** -15
    return [crossing(estimate, -1 + tiny, score), crossing(estimate, 1 - tiny, score)]


def greenland_robins(found):
    n1, a, n0, b = (numpy.array(column, dtype=float) for column in zip(*found))
    n = n1 + n0
    top, bottom = (a * n0 / n).sum(), (b * n1 / n).sum()
    variance = ((n1 * n0 * (a + b) - a * b * n) / n**2).sum() / (top * bottom)
    ratio, failing = top / bottom, a.sum()
    saved = failing * (1 - 1 / ratio)
    # The delta method for failures and ratio both by chance (see `savings`).
    spread = a - ratio * a * b / n0
    parts = [(saved / failing) ** 2 * spread.sum(), (failing / ratio) ** 2 * variance, 2 * saved / ratio * (n0 / n * spread).sum() / top]
    return [math.log(ratio), variance, None, saved, saved - Z * math.sqrt(sum(parts))]


def poisson_binomial(failing, *groups):
    """ln of the tail, by whole-number-free convolution in 60 digits."""
    total = [mpmath.mpf(1)]
    for cases, risk in zip(groups[::2], groups[1::2]):
        p = mpmath.mpf(risk)
        part = [mpmath.binomial(cases, x) * p**x * (1 - p) ** (cases - x) for x in range(int(cases) + 1)]
        longer = [mpmath.mpf(0)] * (len(total) + len(part) - 1)
        for i, left in enumerate(total):
            for j, right in enumerate(part):
                longer[i + j] += left * right
        total = longer
    return [float(mpmath.log(sum(total[int(failing):])))]


def exact_cmh(*cells):
    """ln of the one-sided exact conditional tail, in whole numbers."""
    total, observed = {0: 1}, 0
    scale = 1
    for n1, a, n0, b in zip(*[iter(cells)] * 4):
        failures, observed = a + b, observed + a
        scale *= choose(n1 + n0, failures)
        longer = {}
        for x in range(max(0, failures - n0), min(n1, failures) + 1):
            ways = choose(n1, x) * choose(n0, failures - x)
            for before, count in total.items():
                longer[before + x] = longer.get(before + x, 0) + count * ways
        total = longer
    tail = sum(count for x, count in total.items() if x >= observed)
    return [float(mpmath.log(mpmath.mpf(tail) / scale))]


# --- R ---------------------------------------------------------------------------------------------


def in_r(expressions):
    """Evaluates R expressions that each give a vector of numbers; None without R."""
    if shutil.which("Rscript") is None:
        return None
    script = ["options(digits=17)", "show <- function(x) cat(format(x, digits=17), '\\n')"]
    script += [f"show({expression})" for expression in expressions]
    ran = subprocess.run(["Rscript", "-"], input="\n".join(script), capture_output=True, text=True, check=True)
    number = lambda word: float("nan") if word in ("NA", "NaN") else float(word.replace("Inf", "inf"))
    return [[number(word) for word in line.split()] for line in ran.stdout.strip().split("\n")]


def r_tables(cells):
    """The strata as R's 2 x 2 x k array."""
    counts = [value for n1, a, n0, b in zip(*[iter(cells)] * 4) for value in (a, b, n1 - a, n0 - b)]
    return f"array(c({','.join(map(str, counts))}), dim=c(2,2,{len(cells) // 4}))"


# --- comparison --------------------------------------------------------------------------------------


def stratified_peer(cells):
    tables = [numpy.array([[a, n1 - a], [b, n0 - b]]) for n1, a, n0, b in zip(*[iter(cells)] * 4)]
    return StratifiedTable(tables)


def questions(rng, count):
    """(function, what it answers, arguments, peers); each peer is a name and a function of them all."""
    flat = lambda rows: [value for row in rows for value in row]
    small = [p for p in patterns(rng, 20 * count) if p[0] <= 3000][:count]
    large = list(patterns(rng, count))
    rates = [(n, rng.randint(0, n)) for n in (int(10 ** rng.uniform(0, 6)) for _ in range(count))]
    tables = [table(rng) for _ in range(count)]
    inner = [t for t in tables if 0 < t[1] < t[0] and 0 < t[3] < t[2]]
    layered = [flat(strata(rng)) for _ in range(count)]
    binomials = []
    for _ in range(count):
        n, of = int(10 ** rng.uniform(0, 6)), rng.randint(2, 10**4)
        hits = rng.randint(1, of - 1)
        mean = n * hits / of
        k = round(mean + rng.uniform(-3, 8) * math.sqrt(mean * (1 - hits / of) + 1))
        binomials.append((n, hits, of, min(n, max(0, k))))
    p_lists = [[10 ** rng.uniform(-12, 0) for _ in range(rng.randint(1, 40))] for _ in range(count)]
    sums = []
    for _ in range(count):
        groups = [(rng.randint(1, 30), rng.uniform(0.001, 0.9)) for _ in range(rng.randint(1, 5))]
        sums.append([rng.randint(0, sum(g[0] for g in groups))] + flat(groups))
    squares = [(rng.uniform(0, 10 ** rng.uniform(-2, 3)), rng.randint(1, 200)) for _ in range(count)]
    each = lambda function: lambda asked: [function(*of) for of in asked]
    wise = lambda expression: lambda asked: in_r([expression(*of) for of in asked])
    lists = lambda function: lambda asked: [function(of) for of in asked]
    from_r = lambda expression: lambda asked: in_r([expression(of) for of in asked])
    vector = lambda of: f"c({','.join(map(repr, of))})"
    log_tails = ["ln point", "ln upper tail", "ln lower tail"]

    yield "hypergeometric", "up to 3,000 cases: " + ", ".join(log_tails), small, {
        "whole numbers": each(exact_hypergeometric),
        "SciPy": each(lambda n, k, c, x: [
            scipy.stats.hypergeom.logpmf(x, n, k, c), scipy.stats.hypergeom.logsf(x - 1, n, k, c),
            scipy.stats.hypergeom.logcdf(x, n, k, c)]),
        "R": wise(lambda n, k, c, x: f"c(dhyper({x},{k},{n-k},{c},log=TRUE), phyper({x-1},{k},{n-k},{c},lower.tail=FALSE,log.p=TRUE), phyper({x},{k},{n-k},{c},log.p=TRUE))"),
    }
    yield "hypergeometric", "up to 10^8 cases", large, {
        "R": wise(lambda n, k, c, x: f"c(dhyper({x},{k},{n-k},{c},log=TRUE), phyper({x-1},{k},{n-k},{c},lower.tail=FALSE,log.p=TRUE), phyper({x},{k},{n-k},{c},log.p=TRUE))"),
    }
    yield "binomial", "ln upper tail, ln lower tail", binomials, {
        "SciPy": each(lambda n, h, of, k: [scipy.stats.binom.logsf(k - 1, n, h / of), scipy.stats.binom.logcdf(k, n, h / of)]),
        "R": wise(lambda n, h, of, k: f"c(pbinom({k-1},{n},{h}/{of},lower.tail=FALSE,log.p=TRUE), pbinom({k},{n},{h}/{of},log.p=TRUE))"),
    }
    yield "poisson-binomial", "ln upper tail", sums, {
        "60 digits": each(poisson_binomial),
        "SciPy": each(lambda k, *g: [math.log(max(1e-320, scipy.stats.poisson_binom.sf(k - 1, flat([[r] * int(c) for c, r in zip(g[::2], g[1::2])]))))]),
    }
    yield "cmh-exact", "ln upper tail over strata", layered, {
        "whole numbers": each(exact_cmh),
        "R": from_r(lambda of: f"log(mantelhaen.test({r_tables(of)}, exact=TRUE, alternative='greater')$p.value)"),
    }
    yield "chi-square", "ln upper tail", squares, {
        "SciPy": each(lambda v, d: [scipy.stats.chi2.logsf(v, d)]),
        "R": wise(lambda v, d: f"pchisq({v!r},{d},lower.tail=FALSE,log.p=TRUE)"),
    }
    yield "deviate", "normal deviate of a level", [(level,) for level in range(100, 10_000, 25)], {
        "SciPy": each(lambda level: [scipy.stats.norm.isf((10_000 - level) / 20_000)]),
        "R": wise(lambda level: f"qnorm({10_000 - level}/20000, lower.tail=FALSE)"),
    }
    yield "wilson", "both limits", rates, {
        "statsmodels": each(lambda n, k: list(proportion_confint(k, n, method="wilson"))),
        "R": wise(lambda n, k: f"prop.test({k},{n},correct=FALSE)$conf.int"),
    }
    yield "clopper-pearson", "both limits", rates, {
        "statsmodels": each(lambda n, k: list(proportion_confint(k, n, method="beta"))),
        "R": wise(lambda n, k: f"binom.test({k},{n})$conf.int"),
    }
    yield "koopman", "both limits", inner, {
        "paper": each(koopman_limits),
        "statsmodels": each(lambda n1, a, n0, b: list(confint_proportions_2indep(a, n1, b, n0, method="score", compare="ratio", correction=False))),
    }
    yield "miettinen-nurminen", "both limits", inner, {"paper": each(miettinen_nurminen_limits)}
    yield "mantel-haenszel", "ln RR, its variance, odds ratio, savings, their lower limit", layered, {
        "paper": lists(lambda of: greenland_robins(list(zip(*[iter(of)] * 4)))),
        "statsmodels": lists(lambda of: [math.log(stratified_peer(of).riskratio_pooled), None, stratified_peer(of).oddsratio_pooled, None, None]),
        "R": from_r(lambda of: f"c(NA, NA, mantelhaen.test({r_tables(of)})$estimate, NA, NA)"),
    }
    yield "breslow-day", "statistic, ln p", layered, {
        "statsmodels": lists(lambda of: (lambda t: [t.statistic, scipy.stats.chi2.logsf(t.statistic, len(of) // 4 - 1)])(stratified_peer(of).test_equal_odds(adjust=True))),
    }
    for name, method, r_name in [("benjamini-hochberg", "fdr_bh", "BH"), ("benjamini-yekutieli", "fdr_by", "BY")]:
        yield name, "q-values", p_lists, {
            "statsmodels": lists(lambda of, method=method: list(multipletests(of, method=method)[1])),
            "R": from_r(lambda of, r_name=r_name: f"p.adjust({vector(of)}, '{r_name}')"),
        }
    yield "e-value", "E-value", [(10 ** rng.uniform(-3, 3),) for _ in range(count)], {
        "paper": each(lambda r: [(lambda r: r + math.sqrt(r * (r - 1)))(max(r, 1 / r))]),
    }


# Largest difference each pair may have. Peers that lose digits are given what they lose.
BOUNDS = {("poisson-binomial", "SciPy"): math.inf, ("koopman", "statsmodels"): 1e-6}


def difference(name, found, expected):
    """Relative difference; of a logarithm of a probability above -1, that of the probability."""
    if expected is None or (isinstance(expected, float) and not math.isfinite(expected)):
        return None
    if found is None:
        return math.inf
    if name in ("hypergeometric", "binomial", "poisson-binomial", "cmh-exact", "chi-square"):
        apart = abs(found - expected)
        return apart / max(1.0, abs(expected))
    return abs(found - expected) / max(abs(expected), 1e-12)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("baton")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=400)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    asked = list(questions(rng, arguments.cases))
    everything = [{"ask": name, "of": list(of)} for name, _, cases, _ in asked for of in cases]
    ran = subprocess.run([arguments.baton], input=json.dumps(everything), capture_output=True, text=True, check=True)
    answers = iter(json.loads(ran.stdout))
    too_far = False
    print("| statistic | what | cases | beside | largest relative difference |\n|---|---|---:|---|---:|")
    for name, what, cases, peers in asked:
        found = [next(answers) for _ in cases]
        for peer, ask in peers.items():
            expected = ask(cases)
            if expected is None:
                print(f"{name}: no Rscript, left out", file=sys.stderr)
                continue
            worst, at = 0.0, None
            for of, ours, theirs in zip(cases, found, expected):
                if ours is None:
                    sys.exit(f"{name} {of}: Baton gives no answer")
                for one, other in zip(ours, theirs):
                    apart = difference(name, one, other)
                    if apart is not None and apart > worst:
                        worst, at = apart, (of, one, other)
            print(f"| {name} | {what} | {len(cases)} | {peer} | {worst:.1e} |")
            if worst > BOUNDS.get((name, peer), 1e-9):
                too_far = True
                print(f"{name} beside {peer}: {worst:.3e} at {at}", file=sys.stderr)
    sys.exit(1 if too_far else 0)


if __name__ == "__main__":
    main()
