"""The peer on one round, and its own outcome check on a result of ours: one line of JSON.

    python peer_run.py FOLDER [RESULT.csv]

FOLDER holds children.csv and nurseries.csv. Runs in the peer's virtual environment.
"""

from __future__ import annotations

import csv
import importlib.metadata
import json
import sys
import time
from pathlib import Path

from chilmai.algorithm.cp_use_transfer.helper_functions import check_outcome
from chilmai.constants import UNMATCHED_DAYCARE_ID
from chilmai.generic.config import DEFAULT_CONFIG
from chilmai.generic.dict_builder import DictBuilder
from chilmai.generic.error_codes import ErrorCode
from chilmai.generic.family_pref_builder import FamilyPrefBuilder
from chilmai.generic.service import MatchingService

# The peer's default of 10 seconds fails on larger rounds; time must not decide the comparison.
SOLVER = {"max_time_seconds": 3600}


def main() -> None:
    folder = Path(sys.argv[1])
    files = {
        "children_file_bytes": (folder / "children.csv").read_bytes(),
        "children_file_format": "csv",
        "daycares_file_bytes": (folder / "nurseries.csv").read_bytes(),
        "daycares_file_format": "csv",
    }
    versions = {name: importlib.metadata.version(name) for name in ["chilmai", "ortools"]}
    figures: dict = {"versions": versions}
    began = time.perf_counter()
    try:
        result = MatchingService().match(**files, mapping=DEFAULT_CONFIG, solver_config=SOLVER)
    except ValueError as error:
        # Wrong input files are our mistake, not a result.
        sys.exit(f"the peer rejects the files: {error.args}")
    except Exception as error:  # noqa: BLE001 - the peer's own failures are part of the result
        # Proved that nothing is stable: the peer has no answer then, but it is right.
        figures["none_stable"] = getattr(error, "code", None) == ErrorCode.SOLVER_INFEASIBLE
        figures["peer_error"] = f"{type(error).__name__}: {str(error).splitlines()[0]}"
    else:
        # `matched_children.total` leaves out transfer applicants who stay.
        placed = result["matching_result_dict"]
        figures["placed_peer"] = sum(1 for nursery in placed.values() if nursery is not None)
        write(folder / "peer_result.csv", placed)
    figures["seconds_peer"] = time.perf_counter() - began
    if len(sys.argv) > 2:
        figures["peer_check_of_ours"] = check(files, Path(sys.argv[2]))
    print(json.dumps(figures, ensure_ascii=False))


def write(path: Path, placed: dict) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["申請者番号", "入所選考結果保育所ID"])
        rows.writerows((child, nursery or "") for child, nursery in placed.items())


def check(files: dict, path: Path) -> dict[str, int]:
    """Violations the peer finds in a result file: transfer applicants without a class, nurseries
    over capacity, blocking positions, and families given what they did not ask for."""
    service = MatchingService()
    children = service.parser.parse_children(
        file_bytes=files["children_file_bytes"],
        file_format="csv",
        mapping=DEFAULT_CONFIG["children"],
    )
    nurseries = service.parser.parse_daycares(
        file_bytes=files["daycares_file_bytes"],
        file_format="csv",
        mapping=DEFAULT_CONFIG["daycares"],
    )
    children, nurseries, choices, _, child_number, _, nursery_number = (
        service.matcher._normalize_frames(children, nurseries)
    )
    households = FamilyPrefBuilder.build(children)
    scores = DictBuilder.build_score_lookup(
        children, choices, FamilyPrefBuilder.score_columns(children)
    )
    people = DictBuilder.build_children_dic(children, choices)
    places = DictBuilder.build_daycares_dic(
        nurseries, scores, households, DictBuilder.build_base_scores(children)
    )
    families = DictBuilder.build_families_dic(households)

    placed = {number: UNMATCHED_DAYCARE_ID for number in people}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            nursery = row["入所選考結果保育所ID"].strip()
            if nursery:
                placed[child_number.to_int(row["申請者番号"])] = nursery_number.to_int(nursery)

    taken: dict[tuple[int, int], int] = {}
    unlisted = 0
    for number, family in families.items():
        got = tuple(placed[child] for child in family["children"])
        wishes = [wish if isinstance(wish, tuple) else (wish,) for wish in family["pref"]]
        at = wishes.index(got) if got in wishes else None
        unlisted += at is None and any(one != UNMATCHED_DAYCARE_ID for one in got)
        for position in range(len(wishes)):
            taken[number, position] = int(position == at)

    without, over, blocking = check_outcome(
        people,
        places,
        families,
        {child: {"CP": nursery} for child, nursery in placed.items()},
        taken,
        share_bool=False,
    )
    return {
        "transfer applicants without a class": len(without),
        "nurseries over capacity": len(over),
        "blocking positions": sum(len(positions) for positions in blocking.values()),
        "families with something unlisted": unlisted,
    }


if __name__ == "__main__":
    main()
