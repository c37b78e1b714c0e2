#!/usr/bin/env python3
"""Hold our sibling lists and blocking positions against the peer's own functions.

    cargo run --release -p enmusubi-verify --example peer_cases -- 10000 | scripts/peer-tuples.py

Needs the peer (chilmai) in the Python that runs this. Prints what was compared; exit 1 at the
first difference. Lists: chilmai.generic.sibling_pref_patterns.create_sibling_pref. Blocking
positions, capacity and individual rationality: check_outcome, the check the peer runs on its own
results.
"""

import json
import sys

from chilmai.algorithm.cp_use_transfer.helper_functions import check_outcome
from chilmai.constants import UNMATCHED_DAYCARE_ID as NONE
from chilmai.generic.sibling_pref_patterns import create_sibling_pref


def peer_list(case, family):
    """The family's list as the peer makes it; nurseries are counted from 1 there."""
    kids = [case["children"][c] for c in family["children"]]
    current = [None if k["current"] is None else k["current"] + 1 for k in kids]
    prefs = [[n + 1 for n in k["prefs"]] for k in kids]
    if len(kids) == 1:
        return [(n,) for n in prefs[0]] + [(c,) for c in current if c is not None]
    # The peer puts the current nursery behind the choices before it makes the combinations.
    with_current = [p + ([c] if c is not None else []) for p, c in zip(prefs, current)]
    return create_sibling_pref(with_current, [k["age"] for k in kids], current, family["code"])


def shift(tuple_):
    return tuple(None if n is None else n + 1 for n in tuple_)


def peer_blocking(case, lists):
    """The peer's check of the placement: who lost a class, full nurseries, blocking positions."""
    children, priority = {}, {}
    for i, kid in enumerate(case["children"]):
        current = NONE if kid["current"] is None else kid["current"] + 1
        children[i + 1] = {
            "id": i + 1,
            "age": kid["age"],
            "family_id": kid["family"] + 1,
            "initial_daycare_id": current,
            "preference_list": [n + 1 for n in kid["prefs"]],
        }
        for n, p in zip(kid["prefs"], kid["priority"]):
            priority.setdefault(n + 1, []).append((p, i + 1))
        if current != NONE:
            priority.setdefault(current, []).append((0, i + 1))
    daycares = {}
    for n, seats in enumerate(case["seats"]):
        order = sorted(priority.get(n + 1, []))
        daycares[n + 1] = {
            "id": n + 1,
            "recruiting_numbers_list": seats,
            "share_ages_list": [],
            "priority_child_id_list": [c for _, c in order],
            "priority_score_list": [-p for p, _ in order],
        }
    families, outcome_f = {}, {}
    for i, (family, tuples) in enumerate(zip(case["families"], lists)):
        tuples = [tuple(NONE if n is None else n for n in t) for t in tuples]
        single = len(family["children"]) == 1
        families[i + 1] = {
            "id": i + 1,
            "children": [c + 1 for c in family["children"]],
            "pref": [t[0] for t in tuples] if single else tuples,
        }
        got = tuple(NONE if case["placement"][c] is None else case["placement"][c] + 1 for c in family["children"])
        for p, t in enumerate(tuples):
            outcome_f[i + 1, p] = int(t == got)
    outcome = {
        i + 1: {"CP": NONE if n is None else n + 1} for i, n in enumerate(case["placement"])
    }
    lost, full, blocking = check_outcome(children, daycares, families, outcome, outcome_f, False)
    return lost, full, {(f - 1, p) for f, ps in blocking.items() for p in ps}


def main():
    rounds = lists_compared = tuples = blocking = overfull = 0
    for line in sys.stdin:
        case = json.loads(line)
        lists = []
        for f, family in enumerate(case["families"]):
            theirs = [tuple(t) for t in peer_list(case, family)]
            ours = [shift(t) for t in family["list"]]
            if ours != theirs:
                sys.exit(f"seed {case['seed']}, family {f}, code {family['code']}:\n  ours  {ours}\n  peer  {theirs}")
            lists.append(theirs)
            lists_compared += len(family["children"]) > 1
            tuples += len(ours)
        lost, full, theirs = peer_blocking(case, lists)
        ours = {(f, lists[f].index(shift(t))) for f, t in case["blocking"]}
        if ours != theirs or lost or bool(full) != case["overfull"]:
            sys.exit(
                f"seed {case['seed']}: ours {sorted(ours)} overfull {case['overfull']}, "
                f"peer {sorted(theirs)} full {full} lost {lost}"
            )
        rounds += 1
        blocking += len(ours)
        overfull += case["overfull"]
    print(
        f"{rounds} rounds, {lists_compared} sibling lists ({tuples} tuples in all), "
        f"{blocking} blocking positions, {overfull} rounds over capacity: all equal to the peer's"
    )


if __name__ == "__main__":
    main()
