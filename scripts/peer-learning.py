#!/usr/bin/env python3
"""Hold the points we learn from decisions against FasterRisk and rounded logistic regression.

    cargo run --release -p enmusubi-learn --example pairs -- \\
        --criteria criteria/structure/inazawa.toml --kind rows out/pairs
    scripts/peer-learning.py out/pairs/1 [--columns rows|all] [--limit SECONDS] [--only NAME]

Needs: pip install fasterrisk==0.1.10 scikit-learn==1.2.0 (with numpy 1).

Pairs are a placed child and a refused one at the same class. The peers learn the sign of a
weighted sum of differences, from at most 20,000 pairs drawn by a seed, each turned at random. They
may use as many columns as we have rows with points and keys together. `--columns rows` gives them
the rows that wait for points and points that staff judge; `all` also conditions and numbers of
which we may make further rows and keys. Columns that are not counts are divided by their largest
value. A fit that takes longer than the limit is stopped. Prints one Markdown table.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import queue
import time
from pathlib import Path

import numpy as np

PAIRS = 20_000
SEEDS = [1, 2]
# The largest coefficient of the rounded regression.
LARGEST = 50
# Inverse strengths of the penalty that are tried, weakest first.
PENALTIES = np.logspace(3, -5, 49)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--columns", choices=["rows", "all"], default="rows")
    parser.add_argument("--limit", type=float, default=600, help="seconds of one fit")
    parser.add_argument("--only", default="", help="part of the name of a peer")
    options = parser.parse_args()
    folder = options.folder
    train, test = Part(folder / "train.csv"), Part(folder / "test.csv")
    runs = records(folder / "ours-run.csv")
    samples = [train.sample(seed) for seed in SEEDS]
    kinds = ("row ", "judged ") if options.columns == "rows" else ("row ", "judged ", "fact ", "number ")
    names = [n for n in train.names if n.startswith(kinds)]
    # What is the same for both children of every pair says nothing.
    x, unseen = train.table(names), test.table(names)
    told = np.ptp(x[train.pairs[:, 0]] - x[train.pairs[:, 1]], axis=0) > 0
    counts = np.array([n.startswith(("row ", "fact ")) for n in names])
    scale = np.where(counts, 1, np.maximum(np.abs(x).max(axis=0), 1))[told]
    x, unseen = x[:, told] / scale, unseen[:, told] / scale
    most = int(runs[0]["rows"]) + int(runs[0]["keys"])
    k = min(most, x.shape[1])
    print(
        f"{len(train.pairs)} pairs to learn from ({len(samples[0])} given to the peers), "
        f"{len(test.pairs)} unseen; {x.shape[1]} columns, at most {most} used\n"
    )
    print(
        "| method | pairs learned from | unseen pairs | unseen, equals by lot | not zero "
        "| re-run agreement | s |\n|---|---|---|---|---|---|---|"
    )
    # Earlier is better: the sign of a sum.
    places = [[-int(r[n]) for r in records(folder / "ours.csv")] for n in ["place", "place_again"]]
    ours = [(np.array(p[: train.size]), np.array(p[train.size :])) for p in places]
    row("ours", train, test, samples[0], ours, most, [float(r["seconds"]) for r in runs])
    methods = [
        ("FasterRisk, −5 to 5", faster_risk, 5),
        ("FasterRisk, −50 to 50", faster_risk, 50),
        ("logistic regression, rounded", regression, LARGEST),
    ]
    for name, fit, bound in [m for m in methods if options.only in m[0]]:
        fits, seconds = [], []
        for seed, sample in zip(SEEDS, samples):
            done = limited(options.limit, fit, *turned(x, sample, seed), k, bound)
            if done is None:
                break
            fits.append(done[0])
            seconds.append(done[1])
        if not fits:
            print(f"| {name} | stopped after {options.limit:.0f} s | | | | | |", flush=True)
            continue
        scores = [(x @ w, unseen @ w) for w in fits]
        row(name, train, test, samples[0], scores, np.count_nonzero(fits[0]), seconds)


class Part:
    """Children at contested classes, and pairs of a placed and a refused one."""

    def __init__(self, path: Path) -> None:
        lines = records(path)
        self.size = len(lines)
        self.names = list(lines[0])
        self.columns = {n: np.array([float(r[n]) for r in lines]) for n in self.names}
        placed, group = self.columns["placed"], self.columns["group"]
        pairs = []
        for g in np.unique(group):
            a = np.flatnonzero((group == g) & (placed == 1))
            b = np.flatnonzero((group == g) & (placed == 0))
            pairs.append(np.array(np.meshgrid(a, b)).reshape(2, -1).T)
        self.pairs = np.concatenate(pairs)

    def table(self, names: list[str]) -> np.ndarray:
        return np.stack([self.columns[n] for n in names], axis=1)

    def sample(self, seed: int) -> np.ndarray:
        order = np.random.default_rng(seed).permutation(len(self.pairs))
        return self.pairs[order[:PAIRS]]


def records(path: Path) -> list[dict]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def turned(x: np.ndarray, pairs: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Differences of pairs, half of them turned round, and which those are."""
    sign = np.random.default_rng(seed + 1000).choice([-1.0, 1.0], len(pairs))
    return (x[pairs[:, 0]] - x[pairs[:, 1]]) * sign[:, None], sign


def limited(limit: float, fit, *arguments):
    """A fit and its seconds; none where it takes too long."""
    results: multiprocessing.Queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=timed, args=(results, fit, *arguments))
    process.start()
    try:
        # What it costs to begin is not counted against anybody.
        return results.get(timeout=limit)
    except queue.Empty:
        return None
    finally:
        process.terminate()
        process.join()


def timed(results, fit, *arguments) -> None:
    fit = fit()
    start = time.perf_counter()
    weights = fit(*arguments)
    results.put((weights, time.perf_counter() - start))


def faster_risk():
    from fasterrisk.fasterrisk import RiskScoreClassifier, RiskScoreOptimizer

    def fit(x, y, k, bound):
        optimizer = RiskScoreOptimizer(X=x, y=y, k=k, lb=-bound, ub=bound)
        optimizer.optimize()
        # The best of its pool. A constant says which of two was named first: it is left out.
        model = RiskScoreClassifier(*optimizer.get_models(model_index=0))
        return model.coefficients

    return fit


def regression():
    from sklearn.linear_model import LogisticRegression

    def model(**options):
        return LogisticRegression(fit_intercept=False, max_iter=1000, **options)

    def fit(x, y, k, bound):
        used = np.arange(x.shape[1])
        if k < len(used):
            # From strong to weak, as long as few enough are used.
            for c in PENALTIES[::-1]:
                lasso = model(penalty="l1", solver="liblinear", C=c, random_state=0)
                now = np.flatnonzero(lasso.fit(x, y).coef_[0])
                if len(now) > k:
                    break
                used = now
        weights = np.zeros(x.shape[1])
        weights[used] = model(C=1000.0).fit(x[:, used], y).coef_[0]
        return np.round(weights * bound / np.abs(weights).max())

    return fit


def row(name, train, test, sample, scores, used, seconds) -> None:
    """One line of the table."""
    (of_train, of_test), *again = scores
    sides = [np.sign(difference(s, test.pairs)) for s in [of_test, *(a[1] for a in again)]]
    lots = np.sign(-difference(test.columns["drawn"], test.pairs))
    parted = np.where(sides[0] == 0, lots, sides[0])
    same = f"{np.mean(sides[0] == sides[1]):.2%}" if again else "stopped"
    print(
        f"| {name} | {right(difference(of_train, sample)):.2%} | {right(sides[0]):.2%} "
        f"| {right(parted):.2%} | {used} | {same} | {seconds[0]:.1f} |",
        flush=True,
    )


def difference(scores: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    return scores[pairs[:, 0]] - scores[pairs[:, 1]]


def right(differences: np.ndarray) -> float:
    """How many stand as decided; equals count half."""
    return float(np.mean((np.sign(differences) + 1) / 2))


if __name__ == "__main__":
    main()
