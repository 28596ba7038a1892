"""Draws a chart as SVG: panels side by side, legible on light and on dark ground."""

from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT, MARGIN_LEFT, MARGIN_TOP, MARGIN_BOTTOM = 340, 250, 58, 52, 44
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - MARGIN_LEFT - 16, HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
COLUMNS = 3
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #57606a }
.title { font-size: 13px; font-weight: 600; fill: #24292f }
.grid { stroke: #d0d7de; stroke-width: 1 }
.a { stroke: #0969da; fill: #0969da } .b { stroke: #bc4c00; fill: #bc4c00 } .c { stroke: #1a7f37; fill: #1a7f37 }
.line { fill: none; stroke-width: 2 } .spread { stroke-width: 1.5; opacity: 0.55 } .key { stroke: none }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1 } .title { fill: #f0f6fc } .grid { stroke: #3d444d }
  .a { stroke: #58a6ff; fill: #58a6ff } .b { stroke: #f0883e; fill: #f0883e } .c { stroke: #56d364; fill: #56d364 }
  .line { fill: none }
}
"""


def draw(chart):
    """The chart's text."""
    columns = min(COLUMNS, len(chart.panels))
    rows = ceil(len(chart.panels) / columns)
    width, height = columns * WIDTH, rows * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(chart.title)}">', f"<style>{STYLE}</style>"]
    for index, panel in enumerate(chart.panels):
        x, y = index % columns * WIDTH, index // columns * HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *_panel(panel, chart), "</g>"]
    return "\n".join(parts) + "\n</svg>\n"


def _panel(panel, chart):
    places = chart.places
    highest = max(value for series in panel.series for rounds in series.rounds.values() for value in rounds)
    step = _step(highest)
    top = step * ceil(highest / step) if highest > 0 else 1

    def across(place):
        return MARGIN_LEFT + PLOT_WIDTH * (places.index(place) + 0.5) / len(places)

    def up(value):
        return MARGIN_TOP + PLOT_HEIGHT * (1 - value / top)

    yield f'<text class="title" x="8" y="18">{escape(panel.title)}, {escape(panel.unit)}</text>'
    for number in range(round(top / step) + 1):
        y = up(number * step)
        yield f'<line class="grid" x1="{MARGIN_LEFT}" x2="{MARGIN_LEFT + PLOT_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{MARGIN_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_number(number * step)}</text>'
    for place in places:
        yield (f'<text x="{across(place):.1f}" y="{HEIGHT - MARGIN_BOTTOM + 17}" text-anchor="middle">'
               f'{_number(place)}</text>')
    yield (f'<text x="{MARGIN_LEFT + PLOT_WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">'
           f'{escape(chart.grows)}</text>')
    key = MARGIN_LEFT
    for series, colour in zip(panel.series, "abc"):
        if series.name:
            yield f'<rect class="key {colour}" x="{key}" y="29" width="10" height="10" rx="2"/>'
            yield f'<text x="{key + 15}" y="38">{escape(series.name)}</text>'
            key += 30 + 7 * len(series.name)
        seen = [place for place in places if place in series.rounds]
        line = " ".join(f"{across(place):.1f},{up(series.median(place)):.1f}" for place in seen)
        yield f'<polyline class="line {colour}" points="{line}"/>'
        for place in seen:
            x, low, high = across(place), up(min(series.rounds[place])), up(max(series.rounds[place]))
            yield f'<line class="spread {colour}" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>'
            yield f'<circle class="{colour}" cx="{x:.1f}" cy="{up(series.median(place)):.1f}" r="3"/>'


def _step(highest):
    """A round distance of grid lines, of which there are 3 to 6."""
    if highest <= 0:
        return 1
    power = 10 ** floor(log10(highest / 4))
    return next(power * factor for factor in (1, 2, 5, 10) if highest / (power * factor) <= 5.5)


def _number(value):
    """As short as it can be told: 20 k, 1 M, 0.5."""
    for unit, size in (("M", 1_000_000), ("k", 1000)):
        if value >= size:
            return f"{value / size:g} {unit}"
    return f"{value:g}"
