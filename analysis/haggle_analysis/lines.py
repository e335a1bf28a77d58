# SPDX-License-Identifier: MIT
"""One panel of lines, and the legend that tells them apart."""

import numpy as np
from matplotlib import colormaps
from matplotlib.lines import Line2D

from . import scales, style
from .draw import handles, runs

MARKERS = "osD^vPX*<>dp"
WITHOUT_DEAL = "#B4B4B4"


def line_plot(ax, view, values, paint, blanks):
    """One line an entry of y, `values` (y, x), which breaks where there is no value; over names, markers side by side.

    `blanks` as from `regimes.blanks`: a shade where no line has a value, but a cross at the foot for each lone failure.
    Where a line shows outside options, for want of a deal, it is grey.
    """
    scales.dress(ax, "x", view.x, view.x.edges if view.x.categorical or len(view.x.values) == 1 else None)
    if view.x.categorical:
        ax.grid(axis="y", color="#E4E4E4", linewidth=0.6, zorder=0)
        for border in view.x.edges[1:-1]:
            ax.axvline(border, color="#E4E4E4", linewidth=0.6, zorder=0, gid="border")
    for i, row in enumerate(values):
        x = view.x.positions + offset(view, i)
        ax.plot(x, row, color=paint[i], zorder=3, **look(view, i))
        for where, c in blanks:
            if not c.fill and where[i].any():
                ax.plot(x, np.where(where[i], row, np.nan), color=WITHOUT_DEAL, zorder=3.1, gid=c.name, **look(view, i))
    shades(ax, view, blanks, paint)
    ax.spines[["top", "right"]].set_visible(False)


def shades(ax, view, blanks, paint=("#444444",)):
    """A shade where no line has a value, a cross at the foot for each lone failure."""
    for where, c in blanks:
        if not c.fill:
            continue
        everywhere = where.all(axis=0) & (not _lone(c))
        for begin, end in runs(everywhere):
            ax.axvspan(*view.x.edges[[begin, end]], facecolor=c.fill, edgecolor=c.ink, hatch=c.hatch, linewidth=0,
                       zorder=0, gid=c.name)
        if c.halo:
            for i, row in enumerate(where & ~everywhere):
                x = view.x.positions[row] + offset(view, i)
                ax.plot(x, np.full(row.sum(), 0.02), color=paint[i], linestyle="none", marker="x", markersize=4,
                        transform=ax.get_xaxis_transform(), gid=c.name, zorder=4)


def offset(view, i):
    """How far beside its name the marker of line `i` stands, so that equal values do not hide each other."""
    n = len(view.y.values) if view.y is not None else 1
    return (i - (n - 1) / 2) * min(0.16, 0.7 / n) if view.x.categorical else 0.0


def look(view, i):
    """Line style and marker of line `i`: names are no quantity to draw a line over, and few points show as such."""
    if view.x.categorical:
        return {"linestyle": "none", "marker": MARKERS[i % len(MARKERS)], "markersize": 5}
    marker = "o" if len(view.x.values) <= 12 else None
    return {"linestyle": line_style(view, i), "marker": marker, "markersize": 3.5}


def _lone(c):
    """Failures without a hatch come singly; those with one fill regions."""
    return c.halo and not c.hatch


def line_style(view, i):
    """Dashes tell coinciding lines of a categorical family apart; a numeric family is told by its colours."""
    return style.LINE_STYLES[i % len(style.LINE_STYLES)] if view.y is not None and view.y.categorical else "-"


def line_colours(view):
    """Okabe and Ito's set for names; viridis, dark to light, for the values of a numeric family."""
    if view.y is None:
        return [style.OKABE_ITO[0]]
    n = len(view.y.values)
    if view.y.categorical:
        return [style.OKABE_ITO[i % len(style.OKABE_ITO)] for i in range(n)]
    return list(colormaps["viridis"](np.linspace(0, 0.88, n)))


def line_handles(view, paint, blanks):
    """(legend entries for a family of lines and for the `blanks` (facets, y, x) in it, why some lines break off)."""
    entries = []
    if view.y is not None:
        entries = [Line2D([], [], color=paint[i], label=text, **look(view, i)) for i, text in enumerate(view.y.texts)]
    entries += [Line2D([], [], color=WITHOUT_DEAL, label=c.name, **look(view, 0)) for _, c in blanks if not c.fill]
    blanks = [(where, c) for where, c in blanks if c.fill]
    whole = [c for where, c in blanks if where.all(axis=1).any() and not _lone(c)]
    part = [(where & (_lone(c) | ~where.all(axis=1, keepdims=True)), c) for where, c in blanks]
    entries += handles(whole)
    entries += [Line2D([], [], color="#444444", linestyle="none", marker="x", markersize=4, label=c.name)
                for where, c in part if c.halo and where.any()]
    missing = [c.name for where, c in part if not c.halo and where.any()]
    return entries, "where a line is missing: " + ", ".join(missing) if missing else ""
