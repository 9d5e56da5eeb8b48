"""`python -m tests.redteam`: run the attacks on this machine and print what became of them.

python -m tests.redteam [--ways unconfined,confined,bubblewrap] [--json] [NUMBER…]
"""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import asdict

from tests.redteam.attack import WAYS
from tests.redteam.foreign_systems import FOREIGN_ATTACKS
from tests.redteam.person import ordinary_person
from tests.redteam.table import as_table, counts


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.redteam", description="Run the attacks and print what became of them.")
    parser.add_argument("numbers", nargs="*", help="only these attacks")
    parser.add_argument("--ways", default=",".join(WAYS if shutil.which("bwrap") else WAYS[:2]))
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--copies", action="store_true", help="copy interpreter and program for the ordinary person")
    chosen = parser.parse_args()
    ways = [way for way in WAYS if way in chosen.ways.split(",")]
    with ordinary_person(copies=chosen.copies) as person:
        outcomes = [outcome for way in ways for outcome in person.attack(way, *chosen.numbers)]
    if chosen.json:
        print(json.dumps({"counts": counts(outcomes), "outcomes": [asdict(outcome) for outcome in outcomes]}, indent=1))
        return
    print(as_table(outcomes))
    if not chosen.numbers:
        print(f"\nNot tried: {len(FOREIGN_ATTACKS)} attacks that only macOS or Windows knows (tests.redteam.run_foreign_systems, there).")


if __name__ == "__main__":
    main()
