"""Runs both programs on the same rounds and prints the table; started by scripts/bench-peer."""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path

PEER = Path(__file__).with_name("peer_run.py")
WRITTEN = [
    "children.csv", "nurseries.csv", "areas.csv", "result.csv", "report.json", "peer_result.csv"
]
# The contract of `enmusubi verify`: stable, or blocking by no more than the proved minimum.
STABLE, LEAST_BLOCKING = 0, 4
# The peer's check counts them under this name.
BLOCKING = "blocking positions"
# Rounds without a stable placement in a row before a size is given up.
SEEDS = 5


def main() -> int:
    options = arguments()
    rows, failed = [], False
    for size in options.sizes:
        # Where nothing is stable the peer has no placement to compare with: the row stays in the
        # table, and the next seed follows.
        for seed in range(options.seed, options.seed + SEEDS):
            row = compare(options, size, seed)
            rows.append(row)
            failed |= bool(row["problems"])
            for problem in row["problems"]:
                print(f"{size} children, seed {seed}: {problem}", file=sys.stderr)
            if not row.get("none_stable"):
                break
    (options.out / "figures.json").write_text(
        json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    print(markdown(options, rows))
    return 1 if failed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[300, 500, 1000, 1500, 3000])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--ours", required=True, help="the enmusubi binary")
    parser.add_argument("--synth", required=True, help="command that writes a round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5, help="runs of ours; the median counts")
    parser.add_argument("--peer-only", action="store_true", help="leave ours out")
    return parser.parse_args()


def compare(options: argparse.Namespace, size: int, seed: int) -> dict:
    """One round through both programs, one after the other, nothing else running."""
    folder = options.out / f"{size}-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    # Nothing of an earlier comparison may be mistaken for this one's.
    for name in WRITTEN:
        (folder / name).unlink(missing_ok=True)
    nurseries = max(6, round(size / 26))
    run(
        shlex.split(options.synth)
        + [str(folder), "--children", str(size), "--nurseries", str(nurseries)]
        + ["--seed", str(seed), "--ties", "0", "--max-choices", "10"]
        + ["--siblings", "0.12", "--same-age", "0.05", "--transfers", "0.08"]
    )
    row: dict = {"children": size, "nurseries": nurseries, "seed": seed, "problems": []}
    if not options.peer_only:
        ours(options, folder, row)
    peer(folder, row, check=not options.peer_only and "placed_ours" in row)
    judge(row)
    return row


def ours(options: argparse.Namespace, folder: Path, row: dict) -> None:
    inputs = ["--children", str(folder / "children.csv"), "--nurseries", str(folder / "nurseries.csv")]
    # Both programs let the earlier row win a tie; there is none, so nothing hangs on it.
    inputs += ["--ties", "row-order"]
    result, report = folder / "result.csv", folder / "report.json"
    command = [options.ours, "match", *inputs, "--force", "--effort", "proved"]
    command += ["--out", str(result), "--report", str(report)]
    seconds = []
    for _ in range(max(1, options.repeat)):
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        seconds.append(time.perf_counter() - began)
        if done.returncode != 0:
            row["problems"].append(f"enmusubi match: exit {done.returncode}: {done.stderr.strip()}")
            return
    row["seconds_ours"] = statistics.median(seconds)
    row["placed_ours"] = sum(1 for placed in placements(result).values() if placed)
    figures = json.loads(report.read_text(encoding="utf-8"))
    row["proved"] = figures.get("proved")
    row["phases"] = figures.get("seconds")
    row["blocking"] = figures.get("blocking_families")
    verify = [options.ours, "verify", *inputs, "--result", str(result), "--report", str(report)]
    row["verify"] = subprocess.run(verify, capture_output=True, text=True).returncode


def placements(result: Path) -> dict[str, str]:
    with result.open(encoding="utf-8-sig", newline="") as file:
        return {
            row["申請者番号"]: row["入所選考結果保育所ID"].strip() for row in csv.DictReader(file)
        }


def peer(folder: Path, row: dict, check: bool) -> None:
    """The peer in a process of its own; its time is the call alone, without starting Python."""
    command = [sys.executable, str(PEER), str(folder)]
    if check:
        command.append(str(folder / "result.csv"))
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        row["problems"].append(f"peer: exit {done.returncode}")
        return
    row.update(json.loads(done.stdout.splitlines()[-1]))


def judge(row: dict) -> None:
    """What must hold for the row to count; a faster wrong answer is no answer."""
    if "peer_error" in row and not row["none_stable"]:
        row["problems"].append(f"peer gave no placement: {row['peer_error']}")
    if "placed_ours" not in row:
        return
    wanted = LEAST_BLOCKING if row.get("none_stable") else STABLE
    if row["verify"] != wanted:
        row["problems"].append(f"enmusubi verify: exit {row['verify']}, expected {wanted}")
    if "placed_peer" in row and row["placed_ours"] != row["placed_peer"]:
        row["problems"].append(f"placed: ours {row['placed_ours']}, peer {row['placed_peer']}")
    check = row.get("peer_check_of_ours")
    if check is not None and any(
        count for name, count in check.items()
        if not (row.get("none_stable") and name == BLOCKING)
    ):
        row["problems"].append(f"the peer's check of our result: {check}")
    # Time to fail is no time to compare with.
    if "seconds_ours" in row and "placed_peer" in row:
        row["ratio"] = row["seconds_peer"] / row["seconds_ours"]


def markdown(options: argparse.Namespace, rows: list[dict]) -> str:
    def cell(row: dict, key: str, form: str = "{}") -> str:
        return form.format(row[key]) if row.get(key) is not None else "–"

    def equal(row: dict) -> str:
        if row.get("none_stable"):
            return "none stable"
        if "placed_ours" not in row or "placed_peer" not in row:
            return "–"
        return "yes" if row["placed_ours"] == row["placed_peer"] else "**no**"

    def check(row: dict) -> str:
        found = row.get("peer_check_of_ours")
        if found is None:
            return "–"
        wrong = ", ".join(f"{name} {count}" for name, count in found.items() if count)
        return f"**{wrong}**" if wrong else "passes"

    def verify(row: dict) -> str:
        if "verify" not in row:
            return "–"
        words = {STABLE: "stable", LEAST_BLOCKING: "fewest blocking"}
        return words.get(row["verify"], f"**exit {row['verify']}**")

    lines = [
        "| children | nurseries | seed | placed, ours | placed, peer | equal | blocking families "
        "| `enmusubi verify` | peer's check of ours | seconds, ours | seconds, peer | ratio |",
        "|---:|---:|---:|---:|---:|---|---:|---|---|---:|---:|---:|",
    ]
    for row in rows:
        cells = [
            cell(row, "children", "{:,}"),
            cell(row, "nurseries", "{:,}"),
            cell(row, "seed"),
            cell(row, "placed_ours", "{:,}"),
            cell(row, "placed_peer", "{:,}"),
            equal(row),
            cell(row, "blocking"),
            verify(row),
            check(row),
            cell(row, "seconds_ours", "{:.3f}"),
            cell(row, "seconds_peer", "{:.1f}"),
            cell(row, "ratio", "{:,.0f}×"),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    versions = next((row["versions"] for row in rows if "versions" in row), {})
    version = ", ".join(f"{name} {number}" for name, number in versions.items())
    lines += [
        "",
        f"{datetime.date.today().isoformat()}, {processor()}, {cores()} cores, "
        f"Python {platform.python_version()}. No ties, 12 % sibling families, "
        "8 % transfer applicants, up to 10 choices, same files for both.",
        f"Ours: the whole process with report, all levels proved, median of {options.repeat} runs. "
        f"Peer: {version}, the `match` call alone in one run, `max_time_seconds=3600`.",
    ]
    return "\n".join(lines)


def processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}: exit {done.returncode}\n{done.stderr.strip()}")


if __name__ == "__main__":
    sys.exit(main())
