# SPDX-License-Identifier: MIT
"""One panel: a heat map, a contour plot, a regime map or a set of lines."""

import numpy as np
from matplotlib import colormaps, colors, ticker
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from . import scales, style

def cells(view):
    """Borders of the map's cells along x and y; a strip without a y axis is one cell high."""
    return view.x.edges, view.y.edges if view.y is not None else np.array([0.0, 1.0])


def heatmap(ax, view, values, colouring):
    """Each game a cell with its true borders; where the map is diverging, the centre drawn as a labelled line."""
    cmap, norm, centre = colouring
    _frame(ax, view)  # before the lines: their labels need the final scales
    mesh = _cells(ax, view, values, cmap, norm)
    if centre is not None and not view.y.categorical and not view.x.categorical:
        lines(ax, view, values, [centre], mesh)
    return mesh


def contour(ax, view, values, colouring):
    """Filled bands between round levels, each border line labelled; between the first and the last game's centre."""
    name, scale, _ = colouring
    levels = contour_levels(scale)
    cmap = colormaps[name]
    norm = scale if isinstance(scale, colors.LogNorm) else colors.Normalize(scale.vmin, scale.vmax)
    middle = np.sqrt(levels[1:] * levels[:-1]) if isinstance(scale, colors.LogNorm) else (levels[1:] + levels[:-1]) / 2
    bands = colors.ListedColormap(cmap(np.clip(norm(middle), 0, 1)))
    norm = colors.BoundaryNorm(levels, len(middle))
    _frame(ax, view, (view.x.values, view.y.values))
    mesh = _cells(ax, view, values, bands, norm)  # shows where the smooth bands stop, half a cell short of a blank
    if min(values.shape) >= 2:
        ax.contourf(view.x.values, view.y.values, np.ma.masked_invalid(values), levels=levels, cmap=bands, norm=norm,
                    zorder=1.5)
    lines(ax, view, values, levels[1:-1], mesh, width=0.7)
    return mesh


def _cells(ax, view, values, cmap, norm):
    x, y = cells(view)
    if isinstance(norm, colors.LogNorm):  # a zero has the least value's colour, not that of a gap
        values = np.where(values <= norm.vmin, norm.vmin, values)
    return ax.pcolormesh(x, y, np.ma.masked_invalid(values), cmap=cmap, norm=norm, rasterized=True, zorder=1)


def contour_levels(norm):
    """About nine round levels that reach from the norm's least to its greatest value."""
    if isinstance(norm, colors.LogNorm):
        subs = (1, 2, 5) if norm.vmax < 1e4 * norm.vmin else (1,)
        levels = ticker.LogLocator(subs=subs, numticks=20).tick_values(norm.vmin, norm.vmax)
    else:
        levels = ticker.MaxNLocator(9, steps=[1, 2, 2.5, 5, 10]).tick_values(norm.vmin, norm.vmax)
    return levels[max(np.searchsorted(levels, norm.vmin, "right") - 1, 0) : np.searchsorted(levels, norm.vmax) + 1]


def lines(ax, view, values, levels, mesh, width=1.1):
    """Iso-lines with their value written in the line. A plateau at a level is no line: rounding noise is put aside."""
    for level in levels:
        values = np.where(np.abs(values - level) < 1e-9 * max(abs(level), 1e-3), level, values)
    finite = values[np.isfinite(values)]
    levels = [level for level in levels if finite.size and finite.min() < level < finite.max()]
    if not levels or min(values.shape) < 2:
        return None
    ink = [_ink(mesh.cmap(mesh.norm(level))) for level in levels]
    drawn = ax.contour(view.x.values, view.y.values, np.ma.masked_invalid(values), levels=levels,
                       colors=ink, linewidths=width, zorder=3)
    ax.clabel(drawn, inline=True, inline_spacing=3, fontsize=7.5, fmt=lambda value: f"{value:g}")
    return drawn


def _ink(background):
    """Dark on light and light on dark, by the relative luminance."""
    return "#222222" if np.dot(background[:3], (0.2126, 0.7152, 0.0722)) > 0.5 else "#F4F4F4"


def regime_map(ax, view, index, classes):
    """Each class of games a colour, points without a regime a hatch. `index` (y, x) points into `classes`."""
    x, y = cells(view)
    cmap = colors.ListedColormap([c.fill for c in classes])
    norm = colors.BoundaryNorm(np.arange(len(classes) + 1) - 0.5, len(classes))
    mesh = ax.pcolormesh(x, y, index, cmap=cmap, norm=norm, rasterized=True, zorder=1)
    for i, c in enumerate(classes):
        if c.blank:
            region(ax, view, index == i, c)
    _frame(ax, view)
    return mesh


def region(ax, view, where, c):
    """Fills and hatches the cells `where` (y, x) as one patch: a row's run of cells is one rectangle.

    A failure gets a white border all round, so that a single dark cell is seen on a dark map.
    """
    x, y = cells(view)
    corners = []
    for j, row in enumerate(where):
        for begin, end in runs(row):
            left, right, low, high = x[begin], x[end], y[j], y[j + 1]
            corners.append([(left, low), (right, low), (right, high), (left, high), (left, low)])
    if not corners:
        return None
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(corners)
    outline = Path(np.concatenate(corners), codes)
    if c.halo:
        ax.add_patch(PathPatch(outline, facecolor="white", edgecolor="white", linewidth=1.6, zorder=3.5, gid="halo"))
    patch = PathPatch(outline, facecolor=c.fill, edgecolor=c.ink, hatch=c.hatch, linewidth=0,
                      zorder=3.6 if c.halo else 2, gid=c.name)
    ax.add_patch(patch)
    return patch


def line_plot(ax, view, values, paint, blanks):
    """One line an entry of y, `values` (y, x), which breaks where there is no value.

    `blanks` as from `regimes.blanks`: a shade where no line has a value, but a cross at the foot for each lone failure.
    """
    scales.dress(ax, "x", view.x, view.x.edges if view.x.categorical else None)
    x = view.x.positions
    marker = "o" if view.x.categorical or len(x) <= 12 else None
    for i, row in enumerate(values):
        ax.plot(x, row, color=paint[i], linestyle=line_style(view, i), marker=marker, markersize=3.5, zorder=3)
    for where, c in blanks:
        everywhere = where.all(axis=0) & (not _lone(c))
        for begin, end in runs(everywhere):
            ax.axvspan(*view.x.edges[[begin, end]], facecolor=c.fill, edgecolor=c.ink, hatch=c.hatch, linewidth=0,
                       zorder=0, gid=c.name)
        if c.halo:
            for i, row in enumerate(where & ~everywhere):
                ax.plot(x[row], np.full(row.sum(), 0.02), color=paint[i], linestyle="none", marker="x", markersize=4,
                        transform=ax.get_xaxis_transform(), gid=c.name, zorder=4)
    ax.spines[["top", "right"]].set_visible(False)


def _lone(c):
    """Failures without a hatch come singly; those with one fill regions."""
    return c.halo and not c.hatch


def runs(row):
    """[(begin, end)] of the stretches of a boolean row that are true."""
    change = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
    return list(zip(change[::2], change[1::2]))


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


def handles(classes):
    """Legend entries for classes of points."""
    return [Patch(facecolor=c.fill, edgecolor=c.ink if c.hatch else "#888888", hatch=c.hatch, linewidth=0.4,
                  label=c.name) for c in classes]


def line_handles(view, paint, blanks):
    """(legend entries for a family of lines and for the `blanks` (facets, y, x) in it, why some lines break off)."""
    entries = []
    if view.y is not None:
        entries = [Line2D([], [], color=paint[i], linestyle=line_style(view, i), label=text)
                   for i, text in enumerate(view.y.texts)]
    whole = [c for where, c in blanks if where.all(axis=1).any() and not _lone(c)]
    part = [(where & (_lone(c) | ~where.all(axis=1, keepdims=True)), c) for where, c in blanks]
    entries += handles(whole)
    entries += [Line2D([], [], color="#444444", linestyle="none", marker="x", markersize=4, label=c.name)
                for where, c in part if c.halo and where.any()]
    missing = [c.name for where, c in part if not c.halo and where.any()]
    return entries, "where a line is missing: " + ", ".join(missing) if missing else ""


def _frame(ax, view, limits=None):
    x, y = limits if limits is not None else cells(view)
    scales.dress(ax, "x", view.x, x)
    if view.y is not None:
        scales.dress(ax, "y", view.y, y)
    else:
        ax.set_yticks([])
