# SPDX-License-Identifier: MIT
"""The whole picture: panels, one colour bar, one legend, and a title that names what is held fixed."""

import io
from pathlib import Path

import matplotlib
import numpy as np
import xarray as xr
from matplotlib import ticker
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from . import draw, lines, pareto, regimes, scales, select, style
from .lettering import balanced, width, wrapped
from .load import load
from .read import read

FORMATS = (".png", ".pdf", ".svg")
LINE_POINTS = 8  # of a line, for each pixel of its panel
MANY = 1 << 62
PLAIN = ("line", *select.SETS)  # kinds of picture without a colour bar
COLUMNS = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4, 9: 3, 10: 5, 11: 4, 12: 4, 13: 5, 14: 5, 15: 5, 16: 4}


def phase_diagram(dataset_or_path, output=None, x=None, y=None, facet=None, at=None, kind="auto", title=None,
                  mark=None) -> Figure:
    """Draws one output of a sweep over one or two of its axes.

    `output`: a variable's name; by default `share`, or with kind="regimes" the two players' regimes combined.
    `x`, `y`, `facet`: names of axes (or of coordinates zipped onto one). By default the two longest numeric axes, and
    facets for a categorical axis of 2 to 9 entries. `at`: {axis: value}, the nearest entry is taken, or
    {axis: "#3"}, an entry by its number. What is neither drawn nor given is held at its middle entry, a categorical
    axis at its first. The title names every held value.
    `kind`: "heatmap", "contour", "regimes" (codes as colours), "line" (`y`, or a categorical axis, is then the family
    of lines), "pareto" (the shares of the Pareto set, as intervals over x), "frontier" (a specialist's utility over the
    generalist's, along the Pareto set; `y` a family) or "auto". `mark`: (output, code) of the games to hatch in a map. An axis longer than the panel has pixels is thinned to them, see `read.read`.
    Raises BadRequest for a name or value the file does not have, BadFile for the file itself.
    """
    own = not isinstance(dataset_or_path, xr.Dataset)
    dataset = load(dataset_or_path) if own else dataset_or_path
    try:
        view = select.view(dataset, output, x, y, facet, at, kind, mark)
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
    columns = COLUMNS.get(count, 5)
    pixels = [int(inches * style.RC["savefig.dpi"]) for inches in _panel_size(view, count)]
    if view.kind in ("line", "frontier"):
        pixels = [LINE_POINTS * pixels[0], MANY]
    read(dataset, view, *pixels)
    figure, panels, foot = _sheet(view, count, columns)
    note = ""
    if view.kind in select.SETS:
        entries, values, blanks = (pareto.intervals if view.kind == "pareto" else pareto.frontiers)(dataset, view, panels)
        _say_empty(panels, values, blanks)
        what = ""
    elif view.kind == "regimes":
        index, classes = regimes.classes(dataset, view)
        for i, ax in enumerate(panels):
            draw.regime_map(ax, view, index[i], classes)
        what = style.label(view.output, dataset[view.output].attrs) if view.output else ""
        entries = draw.handles(classes) + _marked(view, panels)
    else:
        values = np.asarray(view.data[view.output], dtype=float)
        what = style.label(view.output, dataset[view.output].attrs)
        blanks = regimes.blanks(dataset, view, values)
        if view.kind == "line":
            entries, note = _lines(panels, view, values, blanks, what, columns)
        else:
            _maps(figure, panels, view, values, blanks, what)
            entries = draw.handles([c for _, c in blanks]) + _marked(view, panels)
        _say_empty(panels, values, blanks)
        what = ""  # said beside the axis or the colour bar
    tall = _label(panels, view, columns)
    rows = _legend(foot, view, entries, note)
    own = str(dataset.attrs.get("title", "")).replace("$", r"\$")
    said = _title(figure, own if title is None else title, view, what)
    figure.set_figheight(figure.get_figheight() + 0.19 * rows + 0.18 * said + tall)
    return figure


def _say_empty(panels, values, blanks):
    for i, ax in enumerate(panels):
        if not np.isfinite(values[i]).any():
            draw.empty(ax, _why([(where[i], c) for where, c in blanks]))


def _why(blanks):
    """Why a panel is empty: the reasons, the commonest first."""
    reasons = sorted(((where.sum(), c.name) for where, c in blanks if where.any()), reverse=True)
    alone = "all " if len(reasons) == 1 else ""
    return "nothing to draw:\n" + balanced(alone + ", ".join(name for _, name in reasons), 1.5, style.RC["font.size"])


def _sheet(view, count, columns):
    """An empty figure of `count` panels with shared axes, and below them room for a legend."""
    rows = -(-count // columns)
    wide, high = _panel_size(view, count)
    figure = Figure(figsize=(wide * columns + (0.6 if view.kind in PLAIN else 1.2) + _names_beside(view),
                             high * rows + 0.75), layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.05, h_pad=0.05, wspace=0.02, hspace=0.03)
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
    if view.kind in PLAIN:
        return (4.6, 3.0) if count == 1 else (2.7, 2.1) if count <= 9 else (2.2, 1.8)
    if view.y is None:
        return (4.0, 0.7) if count == 1 else (2.5, 0.6)
    return (4.0, 3.6) if count == 1 else (2.5, 2.35) if count <= 9 else (2.1, 2.0)


def _names_beside(view):
    """Inches that the names of a categorical y axis take from the panel."""
    if view.kind in PLAIN or view.y is None or not view.y.categorical:
        return 0
    return max(width(line, scales.LABEL_SIZE) for text in scales.column(view.y.texts) for line in text.split("\n"))


def _marked(view, panels):
    """Hatches the games that have the code in `view.mark`; their entry in the legend."""
    if view.mark is None:
        return []
    name, code, value = view.mark
    where = view.data[name] == value
    marked = regimes.Class(f"{style.words(name)}: {style.words(code)}", None, "////", ink="#404040")
    for i, ax in enumerate(panels):
        draw.region(ax, view, where[i], marked)
    return draw.handles([marked]) if where.any() else []


def _maps(figure, panels, view, values, blanks, what):
    colouring = style.colouring(view.output, values)
    painter = draw.contour if view.kind == "contour" else draw.heatmap
    for i, ax in enumerate(panels):
        mappable = painter(ax, view, values[i], colouring)
        for where, c in blanks:
            draw.region(ax, view, where[i], c)
    if not np.isfinite(values).any():
        return
    rows = len({ax.get_subplotspec().rowspan.start for ax in panels})
    what = balanced(what, 0.95 * rows * _panel_size(view, len(panels))[1], style.RC["axes.labelsize"])
    bar = figure.colorbar(mappable, ax=panels, label=what, aspect=28 if len(panels) > 1 else 22, pad=0.02)
    bar.outline.set_linewidth(0.7)
    if view.kind == "contour":
        bar.set_ticks(mappable.norm.boundaries, labels=[f"{level:g}" for level in mappable.norm.boundaries])
        bar.minorticks_off()
    elif not isinstance(mappable.norm, matplotlib.colors.LogNorm):
        bar.locator = ticker.MaxNLocator(7, steps=[1, 2, 2.5, 5, 10])
        bar.update_ticks()


def _lines(panels, view, values, blanks, what, columns):
    paint = lines.line_colours(view)
    finite = values[np.isfinite(values)]
    for i, ax in enumerate(panels):
        lines.line_plot(ax, view, values[i], paint, [(where[i], c) for where, c in blanks])
        if i % columns == 0:
            ax.set_ylabel(balanced(what, _panel_size(view, len(panels))[1], style.RC["axes.labelsize"]))
        if finite.size == 0:
            ax.set_yticks([])
    if view.output != "share" and finite.size and finite.min() > 0 and finite.max() > 1e2 * finite.min():
        panels[0].set_yscale("log")
    return lines.line_handles(view, paint, blanks)


def _label(panels, view, columns):
    """Axis labels and ticks on the outer panels only; each facet is named above its panel.

    Returns the inches by which tilted or wrapped names below the panels are higher than one line.
    """
    wide, high = _panel_size(view, len(panels))
    room = 0.85 if len(panels) > 9 else 1
    x_label, y_label = view.labels or (view.x.label, "" if view.kind == "line" or view.y is None else view.y.label)
    if len(panels) > 9:
        panels[0].minorticks_off()  # they are shared
    for i, ax in enumerate(panels):
        lowest, leftmost = i + columns >= len(panels), i % columns == 0
        ax.tick_params(labelbottom=lowest, labelleft=leftmost)
        if lowest:
            ax.set_xlabel(balanced(x_label, room * wide, style.RC["axes.labelsize"]))
        if leftmost and y_label:
            ax.set_ylabel(balanced(y_label, room * high, style.RC["axes.labelsize"]))
        if view.facet is not None:
            name = view.facet.text(i)
            if not view.facet.categorical:
                name = f"{view.facet.short} = {name}"
            elif not view.facet.inner:
                name = name[:1].upper() + name[1:]
            ax.set_title(balanced(name, room * wide, style.RC["axes.titlesize"]))
    if not view.x.categorical:
        return 0
    return scales.slanted(view.x.texts, panels[0].get_position().width * panels[0].figure.get_figwidth())[2] - 0.14


def _legend(foot, view, entries, note):
    """Places the legend and returns how many rows it has."""
    if not entries:
        foot.remove()
        return 0
    size, room = style.RC["legend.fontsize"], foot.figure.get_figwidth() - 0.2
    family = view.kind in ("line", "frontier") and view.y is not None
    head = "; ".join(text for text in (view.y.label if family and not view.y.categorical else "", note) if text)
    head = wrapped(head, room, size)
    columns = _columns([width(entry.get_label(), size) for entry in entries], room)
    legend = foot.legend(handles=entries, loc="upper center", ncol=columns, borderaxespad=0, columnspacing=1.4,
                         title=head or None, title_fontsize=size, handlelength=2.2 if family else 1.6)
    legend.set_gid("legend")
    return -(-len(entries) // columns) + len(head.splitlines())


def _columns(widths, inches):
    """The most columns, as evenly filled as matplotlib fills them, in which labels of so many inches fit."""
    for columns in range(min(len(widths), 5), 1, -1):
        if sum(max(column) + 0.5 for column in np.array_split(widths, columns)) <= inches:
            return columns
    return 1


def _title(figure, title, view, what):
    """The sweep's title, what is held fixed, left out or unfinished; returns how many lines that took."""
    held = [f"{name} = {value}" for name, value in view.fixed]
    parts = [[what]] if what else []
    parts += [[f"at {held[0]}", *held[1:]]] if held else []
    parts += [[text] for text in view.left_out]
    total, pending = sum(view.counts.values()), view.counts.get("pending", 0)
    parts += [[f"unfinished: {_percent(pending, total)} of these games are pending"]] if pending else []
    failed = sum(view.counts.get(status, 0) for status in style.FAILURES)
    if failed and view.thinned:  # the picture shows more of them than there are
        parts += [[f"{failed:,} of {total:,} games failed"]]
    pieces = [piece + ("," if piece is not part[-1] else ";" if part is not parts[-1] else "")
              for part in parts for piece in part]
    size, room = style.RC["figure.titlesize"], figure.get_figwidth() - 0.2
    text = "\n".join(filter(None, (wrapped(title, room, size), wrapped(pieces, room, size))))
    if text:
        figure.suptitle(text)
    return len(text.splitlines())


def _percent(part, whole):
    return "all" if part == whole else f"{max(1, min(99, round(100 * part / whole)))} %"
