# SPDX-License-Identifier: MIT
"""One panel: a heat map, a contour plot or a regime map."""

import numpy as np
from matplotlib import colormaps, colors, patheffects, ticker
from matplotlib.collections import QuadMesh
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from . import lettering, scales

MANY_RUNS = 5000


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
    if min(values.shape) >= 2 and np.isfinite(values).any():
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
    own = [mesh.cmap(mesh.norm(level)) for level in levels]
    ink = [_ink(colour) for colour in own]
    # Where the values jump over a level, its line lies on other colours than its own.
    outlines = [[patheffects.withStroke(linewidth=width + 1.2, foreground=colour)] for colour in own]
    drawn = ax.contour(view.x.values, view.y.values, np.ma.masked_invalid(values), levels=levels,
                       colors=ink, linewidths=width, zorder=3)
    for line, outline in zip(drawn.collections, outlines):
        line.set_path_effects(outline)
    lettering.label_lines(ax, drawn, 7.5, outlines)
    return drawn


def _ink(background):
    """Dark on light and light on dark, by the relative luminance."""
    return "#222222" if np.dot(background[:3], (0.2126, 0.7152, 0.0722)) > 0.5 else "#F4F4F4"


def ink_over(ax, where):
    """An ink that is seen on most of the cells `where` (y, x) of the panel's map."""
    mesh = next(c for c in ax.collections if isinstance(c, QuadMesh))
    colours = mesh.to_rgba(np.ma.reshape(mesh.get_array(), where.shape))[where]
    return _ink(np.median(colours, axis=0)) if len(colours) else "#222222"


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

    A failure gets a white border all round, so that a single dark cell is seen on a dark map. Very many small pieces
    have no room for it, and become coloured cells where they need no hatch.
    """
    x, y = cells(view)
    corners = []
    for j, row in enumerate(where):
        for begin, end in runs(row):
            left, right, low, high = x[begin], x[end], y[j], y[j + 1]
            corners.append([(left, low), (right, low), (right, high), (left, high), (left, low)])
    if not corners:
        return None
    fine = len(corners) > MANY_RUNS
    if fine and not c.hatch:
        return ax.pcolormesh(x, y, np.ma.masked_equal(where.astype(float), 0), cmap=colors.ListedColormap([c.fill]),
                             rasterized=True, zorder=3.6 if c.halo else 2, gid=c.name)
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(corners)
    outline = Path(np.concatenate(corners), codes)
    if c.halo and not fine:
        ax.add_patch(PathPatch(outline, facecolor="white", edgecolor="white", linewidth=1.6, zorder=3.5, gid="halo"))
    patch = PathPatch(outline, facecolor=c.fill or "none", edgecolor=c.ink, hatch=c.hatch, linewidth=0,
                      zorder=3.6 if c.halo else 2, gid=c.name)
    ax.add_patch(patch)
    return patch


def empty(ax, text):
    """Says in the middle of a panel without a value why it is empty."""
    note = ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", fontsize=9, color="#333333",
                   zorder=5, gid="empty")
    note.set_bbox({"facecolor": "white", "edgecolor": "none", "alpha": 0.9, "pad": 3})


def runs(row):
    """[(begin, end)] of the stretches of a boolean row that are true."""
    change = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
    return list(zip(change[::2], change[1::2]))


def handles(classes):
    """Legend entries for classes of points."""
    return [Patch(facecolor=c.fill or "#666666", edgecolor=c.ink if c.hatch else "#888888", hatch=c.hatch,
                  linewidth=0.4, label=c.name) for c in classes]


def _frame(ax, view, limits=None):
    x, y = limits if limits is not None else cells(view)
    scales.dress(ax, "x", view.x, x)
    if view.y is not None:
        scales.dress(ax, "y", view.y, y)
    else:
        ax.set_yticks([])
