"""What a row measured, and how it is judged and told."""

import json
import statistics
from pathlib import Path

THRESHOLDS = Path(__file__).resolve().parents[1] / "thresholds.json"


def middle(values):
    """The median."""
    return statistics.median(values)


class Figure:
    """The rounds of a row: its median is what counts.

    `more` holds what else was seen, each a list of one number a round; it is told and never judged.
    """

    def __init__(self, row, unit, rounds, more=None):
        self.row, self.unit, self.rounds, self.more = row, unit, list(rounds), more or {}

    @property
    def median(self):
        return middle(self.rounds)

    def json(self, threshold):
        """One line for machines."""
        more = {name: _rounded(middle(values)) for name, values in self.more.items()}
        return json.dumps({
            "row": self.row, "median": _rounded(self.median), "min": _rounded(min(self.rounds)),
            "max": _rounded(max(self.rounds)), "unit": self.unit, "target": threshold.get("target"),
            "rounds": [_rounded(value) for value in self.rounds], **({"more": more} if more else {}),
        }, ensure_ascii=False)

    def text(self, threshold):
        """One line for people."""
        words = f"{self.row}: {_short(self.median)} {self.unit} ({_short(min(self.rounds))}–{_short(max(self.rounds))})"
        if "target" in threshold:
            words += f", target {threshold['target']}, aim {threshold['aim']}" if "aim" in threshold else (
                f", target {threshold['target']}")
        if self.more:
            words += "; " + ", ".join(f"{name} {_short(middle(values))}" for name, values in self.more.items())
        return words


class Thresholds:
    """What is kept in git: for each row its target, its aim, and the limit at which `make bench` fails.

    A limit is looser than its row's target where a busy machine moves the figure; `better` says which way is good.
    """

    def __init__(self, path=THRESHOLDS):
        self._rows = json.loads(Path(path).read_text())

    def __getitem__(self, row):
        return self._rows.get(row, {})

    def judge(self, figure):
        """What is wrong with a figure; None when nothing is, or when the row has no limit."""
        limit = self[figure.row].get("limit")
        if limit is None:
            return None
        over = figure.median < limit if self[figure.row].get("better") == "higher" else figure.median > limit
        return f"{figure.row}: {_short(figure.median)} {figure.unit}, limit {limit}" if over else None


def _rounded(value):
    return float(f"{value:.5g}")


def _short(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
