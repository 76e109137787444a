#!/usr/bin/env python3
"""report.py BUILD_DIR MINUTES [GROUP...]: measures and prints each row beside its budget.

Called by scripts/bench, which says what the groups are. Each group is a module beside this one with
rows(), a generator: a row is printed as soon as it is known.
"""

import pathlib
import sys
from dataclasses import dataclass

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/support"))


@dataclass
class Row:
    """One line of the report. What has no budget is there to be compared with."""

    what: str
    measured: float
    unit: str = ""
    at_most: float = None
    at_least: float = None
    beside: str = ""

    def ratio(self):
        """How much of the budget is used; over 1 is over it."""
        if self.at_least is not None:
            return self.at_least / self.measured if self.measured else float("inf")
        return self.measured / self.at_most if self.at_most else None


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def text_of(row):
    if row.at_least is not None:
        budget = f">= {number(row.at_least)}"
    else:
        budget = number(row.at_most) if row.at_most is not None else "-"
    ratio = f"{row.ratio():.2f}" if row.ratio() is not None else "-"
    measured = f"{number(row.measured)} {row.unit}".rstrip()
    return f"{row.what:<50} {measured:>16} {budget:>12} {ratio:>6}  {row.beside}".rstrip()


def main(build_dir, minutes, groups):
    # Here, as they import Row from this module.
    import jobs
    import programs
    import relay
    import rounds
    import start

    build_dir = pathlib.Path(build_dir)
    measures = {
        "programs": lambda: programs.rows(build_dir),
        "start": lambda: start.rows(build_dir),
        "jobs": lambda: jobs.rows(build_dir),
        "relay": lambda: relay.rows(build_dir),
        "rounds": lambda: rounds.rows(build_dir, minutes),
    }
    header = f"{'what':<50} {'measured':>16} {'at most':>12} {'ratio':>6}  beside it"
    print(header + "\n" + "-" * len(header), flush=True)
    over = []
    for group in groups or measures:
        for row in measures[group]():
            print(text_of(row), flush=True)
            if row.ratio() is not None and row.ratio() > 1:
                over.append(row.what)
    print(f"\nover budget: {', '.join(over)}" if over else "\nall within budget")


if __name__ == "__main__":
    # So that the groups' "from report import Row" finds this module, not a second one.
    sys.modules["report"] = sys.modules["__main__"]
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
