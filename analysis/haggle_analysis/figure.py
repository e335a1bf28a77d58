# SPDX-License-Identifier: MIT
"""The whole picture: panels, one colour bar, one legend, and a title that names what is held fixed."""

import io
import textwrap
from pathlib import Path

import matplotlib
import numpy as np
import xarray as xr
from matplotlib import ticker
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from . import draw, regimes, select, style
from .load import load

FORMATS = (".png", ".pdf", ".svg")


def phase_diagram(dataset_or_path, output=None, x=None, y=None, facet=None, at=None, kind="auto", title=None) -> Figure:
    """Draws one output of a sweep over one or two of its axes.

    `output`: a variable's name; by default `share`, or with kind="regimes" the two players' regimes combined.
    `x`, `y`, `facet`: names of axes (or of coordinates zipped onto one). By default the two longest numeric axes, and
    facets for a categorical axis of 2 to 9 entries. `at`: {axis: value}, the nearest entry is taken; what is neither
    drawn nor given is held at its middle entry, a categorical axis at its first. The title names every held value.
    `kind`: "heatmap", "contour", "regimes" (codes as colours), "line" (`y`, or a categorical axis, is then the family
    of lines) or "auto". Raises BadRequest for a name or value the file does not have, BadFile for the file itself.
    """
    own = not isinstance(dataset_or_path, xr.Dataset)
    dataset = load(dataset_or_path) if own else dataset_or_path
    try:
        view = select.view(dataset, output, x, y, facet, at, kind)
        with matplotlib.rc_context(style.RC):
            return _draw(dataset, view, title)
    finally:
        if own:
            dataset.close()


def save(figure: Figure, path, force=False) -> Path:
    """Writes PNG, PDF or SVG by suffix, whole or not at all; FileExistsError without `force` where there is a file."""
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise select.BadRequest(f"{path}: the suffix must be one of {', '.join(FORMATS)}")
    picture = io.BytesIO()
    with matplotlib.rc_context(style.RC):
        figure.savefig(picture, format=path.suffix[1:].lower(), dpi=style.RC["savefig.dpi"])
    with path.open("wb" if force else "xb") as file:
        file.write(picture.getvalue())
    return path


def _draw(dataset, view, title):
    count = len(view.facet.values) if view.facet is not None else 1
    columns = {1: 1, 2: 2, 3: 3, 4: 2}.get(count, 3 if count <= 9 else 4)
    figure, panels, foot = _sheet(view, count, columns)
    note = ""
    if view.kind == "regimes":
        index, classes = regimes.classes(dataset, view)
        for i, ax in enumerate(panels):
            draw.regime_map(ax, view, index[i], classes)
        what = style.label(view.output, dataset[view.output].attrs) if view.output else ""
        entries = draw.handles(classes)
    else:
        values = np.asarray(view.data[view.output], dtype=float)
        what = style.label(view.output, dataset[view.output].attrs)
        blanks = regimes.blanks(dataset, view, values)
        if view.kind == "line":
            entries, note = _lines(panels, view, values, blanks, what, columns)
        else:
            _maps(figure, panels, view, values, blanks, what)
            entries = draw.handles([c for _, c in blanks])
        what = ""  # said beside the axis or the colour bar
    _label(panels, view, columns)
    rows = _legend(foot, view, entries, note)
    said = _title(figure, str(dataset.attrs.get("title", "")) if title is None else title, view, what)
    figure.set_figheight(figure.get_figheight() + 0.19 * rows + 0.18 * said)
    return figure


def _sheet(view, count, columns):
    """An empty figure of `count` panels with shared axes, and below them room for a legend."""
    rows = -(-count // columns)
    wide, high = _panel_size(view, count)
    figure = Figure(figsize=(wide * columns + (0.6 if view.kind == "line" else 1.2), high * rows + 0.75),
                    layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.05, h_pad=0.05, wspace=0.05, hspace=0.03)
    grid = figure.add_gridspec(rows + 1, columns, height_ratios=[1] * rows + [0.01])
    panels = []
    for i in range(count):
        first = panels[0] if panels else None
        panels.append(figure.add_subplot(grid[i // columns, i % columns], sharex=first, sharey=first, gid="panel"))
    foot = figure.add_subplot(grid[rows, :], gid="foot")
    foot.axis("off")
    return figure, panels, foot


def _panel_size(view, count):
    """Inches (wide, high) of one panel."""
    if view.kind == "line":
        return (4.6, 3.0) if count == 1 else (2.7, 2.1)
    if view.y is None:
        return (4.0, 0.7)
    return (4.0, 3.6) if count == 1 else (2.5, 2.35)


def _maps(figure, panels, view, values, blanks, what):
    colouring = style.colouring(view.output, values)
    painter = draw.contour if view.kind == "contour" else draw.heatmap
    for i, ax in enumerate(panels):
        mappable = painter(ax, view, values[i], colouring)
        for where, c in blanks:
            draw.region(ax, view, where[i], c)
    bar = figure.colorbar(mappable, ax=panels, label=what, aspect=28 if len(panels) > 1 else 22, pad=0.02)
    bar.outline.set_linewidth(0.7)
    if view.kind == "contour":
        bar.set_ticks(mappable.norm.boundaries, labels=[f"{level:g}" for level in mappable.norm.boundaries])
        bar.minorticks_off()
    elif not isinstance(mappable.norm, matplotlib.colors.LogNorm):
        bar.locator = ticker.MaxNLocator(7, steps=[1, 2, 2.5, 5, 10])
        bar.update_ticks()


def _lines(panels, view, values, blanks, what, columns):
    paint = draw.line_colours(view)
    for i, ax in enumerate(panels):
        draw.line_plot(ax, view, values[i], paint, [(where[i], c) for where, c in blanks])
        if i % columns == 0:
            ax.set_ylabel(what)
    finite = values[np.isfinite(values)]
    if view.output != "share" and finite.size and finite.min() > 0 and finite.max() > 1e2 * finite.min():
        panels[0].set_yscale("log")
    return draw.line_handles(view, paint, blanks)


def _label(panels, view, columns):
    """Axis labels and ticks on the outer panels only; each facet is named above its panel."""
    wide, high = _panel_size(view, len(panels))
    for i, ax in enumerate(panels):
        lowest, leftmost = i + columns >= len(panels), i % columns == 0
        ax.tick_params(labelbottom=lowest, labelleft=leftmost)
        if lowest:
            ax.set_xlabel(_wrapped(view.x.label, wide))
        if leftmost and view.kind != "line" and view.y is not None:
            ax.set_ylabel(_wrapped(view.y.label, high))
        if view.facet is not None:
            name = view.facet.text(i)
            ax.set_title(name[:1].upper() + name[1:] if view.facet.categorical else f"{view.facet.short} = {name}")


def _wrapped(text, inches):
    """Breaks a label at that width; the symbol at its end stays where it is, for its markup is longer than it looks."""
    words, comma, sign = text.partition(", $")
    return textwrap.fill(words, int(inches * 14), break_long_words=False) + comma + sign


def _legend(foot, view, entries, note):
    """Places the legend and returns how many rows it has."""
    if not entries:
        foot.remove()
        return 0
    family = view.kind == "line" and view.y is not None
    head = "; ".join(text for text in (view.y.label if family and not view.y.categorical else "", note) if text)
    columns = _columns([len(entry.get_label()) for entry in entries], foot.figure.get_figwidth() - 0.2)
    legend = foot.legend(handles=entries, loc="upper center", ncol=columns, borderaxespad=0, columnspacing=1.4,
                         title=head or None, title_fontsize=8.5,
                         handlelength=2.2 if family else 1.6)
    legend.set_gid("legend")
    return -(-len(entries) // columns) + bool(head)


def _columns(lengths, inches):
    """The most columns, as evenly filled as matplotlib fills them, in which labels of so many characters fit."""
    for columns in range(min(len(lengths), 5), 1, -1):
        wide = sum(0.065 * max(column) + 0.5 for column in np.array_split(lengths, columns))
        if wide <= inches:
            return columns
    return 1


def _title(figure, title, view, what):
    """The sweep's title and what is held fixed; returns how many lines that took."""
    held = ", ".join(f"{name} = {value}" for name, value in view.fixed)
    second = "; ".join(text for text in (what, f"at {held}" if held else "") if text)
    width = int(figure.get_figwidth() * 12)
    text = "\n".join(textwrap.fill(part, width) for part in (title, second) if part)
    if text:
        figure.suptitle(text)
    return len(text.splitlines())
