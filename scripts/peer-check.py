#!/usr/bin/env python3
"""Run the peer's own outcome check on a result.

    scripts/peer-check.py children.csv nurseries.csv result.csv [--combinations combinations.csv]

Reads the tables with the peer's own reader, builds its market, and gives it the result in place of
its solver's. Prints the verdict as one JSON object (children with a class, who lost a class, which
nurseries are over capacity, blocking positions by family); exit 0 if its check passes, 1 if not, 2
if it cannot be asked. Needs the peer (chilmai) in the Python that runs this. The peer breaks ties by row.
"""

import argparse
import copy
import csv
import io
import json
import pathlib
import sys
import unicodedata

from chilmai.algorithm.cp_use_transfer.helper_functions import check_outcome
from chilmai.constants import UNMATCHED_DAYCARE_ID as NONE
from chilmai.generic import matcher as peer_matcher
from chilmai.generic.config import DEFAULT_CONFIG
from chilmai.generic.matcher import norm_id
from chilmai.generic.service import MatchingService

RESULT = unicodedata.normalize("NFKC", DEFAULT_CONFIG["output"]["result_daycare_id"])
CHILD = unicodedata.normalize("NFKC", DEFAULT_CONFIG["children"]["child_id"])


class Asked(Exception):
    """Carries the peer's verdict out of the place where it would have solved."""


def table(path):
    """Header cells (NFKC) and rows."""
    data = pathlib.Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp932")
    rows = csv.reader(io.StringIO(text, newline=""))
    return [unicodedata.normalize("NFKC", h).strip() for h in next(rows)], rows


def mapping_for(children):
    """The peer's default names; a single score column must be named to it."""
    mapping = copy.deepcopy(DEFAULT_CONFIG)
    head, _ = table(children)
    if "点数" in head and "点数1" not in head:
        mapping["children"]["score"], mapping["children"]["score_prefix"] = "点数", ""
    return mapping


def read_result(path):
    head, rows = table(path)
    child, place = head.index(CHILD), head.index(RESULT)
    return {norm_id(r[child]): norm_id(r[place]) for r in rows if any(c.strip() for c in r)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("children")
    parser.add_argument("nurseries")
    parser.add_argument("result")
    parser.add_argument("--combinations")
    args = parser.parse_args()
    try:
        result = read_result(args.result)
    except (OSError, ValueError, StopIteration) as e:
        print(f"{args.result}: {e}", file=sys.stderr)
        return 2

    # Ids as the peer numbers them are only known inside; its mappers are kept as they are made.
    mappers = {}
    normalize = peer_matcher.CpSatMatcher._normalize_frames.__func__

    def remember(cls, children_df, daycares_df):
        frames = normalize(cls, children_df, daycares_df)
        mappers["child"], mappers["family"], mappers["nursery"] = frames[4:7]
        return frames

    def judge(children_dic, daycares_dic, families_dic, **_):
        child, family, nursery = mappers["child"], mappers["family"], mappers["nursery"]
        got = {}
        for c in children_dic:
            place = result.get(child.to_orig(c), "")
            got[c] = nursery.to_int(place) if place else NONE
        outcome_f, not_listed = {}, []
        for f, fam in families_dic.items():
            have = tuple(got[c] for c in fam["children"])
            found = all(n == NONE for n in have)
            for p, t in enumerate(fam["pref"]):
                t = t if isinstance(t, tuple) else (t,)
                outcome_f[f, p] = int(t == have)
                found |= t == have
            if not found:
                not_listed.append(family.to_orig(f))
        outcome = {c: {"CP": n} for c, n in got.items()}
        lost, full, blocking = check_outcome(children_dic, daycares_dic, families_dic, outcome, outcome_f, False)
        raise Asked(
            {
                "children": len(got),
                "with_class": sum(n != NONE for n in got.values()),
                "lost_class": [child.to_orig(c) for c in lost],
                "over_capacity": [nursery.to_orig(n) for n in full],
                "not_listed": not_listed,
                "blocking": {family.to_orig(f): ps for f, ps in blocking.items() if ps},
                "blocking_positions": sum(len(ps) for ps in blocking.values()),
            }
        )

    peer_matcher.CpSatMatcher._normalize_frames = classmethod(remember)
    peer_matcher.CP = judge
    files = {
        "children_file_bytes": pathlib.Path(args.children).read_bytes(),
        "children_file_format": "csv",
        "daycares_file_bytes": pathlib.Path(args.nurseries).read_bytes(),
        "daycares_file_format": "csv",
    }
    if args.combinations:
        files["combination_file_bytes"] = pathlib.Path(args.combinations).read_bytes()
        files["combination_file_format"] = "csv"
    try:
        MatchingService().match(**files, mapping=mapping_for(args.children))
    except Asked as asked:
        verdict = asked.args[0]
        print(json.dumps(verdict, ensure_ascii=False, indent=1))
        wrong = ("lost_class", "over_capacity", "not_listed", "blocking")
        return int(any(verdict[k] for k in wrong))
    except ValueError as e:
        print(f"the peer refuses the input: {e.args}", file=sys.stderr)
        return 2
    return 2


if __name__ == "__main__":
    sys.exit(main())
