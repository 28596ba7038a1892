"""What a dimension measured: figures by name, at so many places of growing work."""

import statistics
from dataclasses import dataclass, field

from rig import Figure


@dataclass
class Series:
    """One thing that was measured at each place, over some rounds."""

    name: str
    unit: str
    rounds: dict = field(default_factory=dict)

    def add(self, place, value):
        self.rounds.setdefault(place, []).append(value)

    def median(self, place):
        return statistics.median(self.rounds[place])


class Panel:
    """What shares a pair of axes: series of one unit."""

    def __init__(self, title, unit, *names):
        self.title, self.unit = title, unit
        self.series = [Series(name, unit) for name in names]

    def add(self, place, *values):
        """A round at a place: a value for each series, in their order."""
        for series, value in zip(self.series, values):
            series.add(place, value)


class Chart:
    """A dimension: what grows, and the panels that show what becomes of it."""

    def __init__(self, name, title, grows, panels):
        self.name, self.title, self.grows, self.panels = name, title, grows, panels

    @property
    def places(self):
        return sorted({place for panel in self.panels for series in panel.series for place in series.rounds})

    def figures(self):
        """Everything as figures, one for each series and place."""
        for panel in self.panels:
            for series in panel.series:
                words = " ".join(filter(None, ("growth", self.name, panel.title, series.name)))
                row = words.lower().replace(",", "").replace(" ", "-")
                for place in self.places:
                    if place in series.rounds:
                        yield Figure(f"{row}-{place}", series.unit, series.rounds[place])
