# SPDX-License-Identifier: MIT
"""Pareto sets: the shares in them along an axis, and the utilities on their frontier."""

from dataclasses import replace

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from . import lines, regimes, scales, style
from .draw import handles

SET, BORDER, BARGAIN = "#A9D6F2", "#0072B2", "#D55E00"
LOW, HIGH = "pareto_share_low", "pareto_share_high"
GENERALIST, SPECIALIST, SHARE = "frontier_generalist_utility", "frontier_specialist_utility", "frontier_share"
STEP = 1.6  # of the usual distance between two points of the frontier: beyond that lies no component's inside


def intervals(dataset, view, panels):
    """Over each entry of x the components of its Pareto set, and the bargain as a dot; returns (entries, values, blanks).

    A component of a single share is a line as thin as its border.
    """
    low, high = view.data[LOW], view.data[HIGH]  # (facets, components, x)
    one = _first_row(view)
    share = one.data["share"] if "share" in view.data else None
    blanks = regimes.blanks(dataset, one, low[:, :1])
    view.labels = view.x.label, style.label("share", dataset["share"].attrs if "share" in dataset else {})
    for i, ax in enumerate(panels):
        scales.dress(ax, "x", view.x, view.x.edges)
        ax.set_ylim(0, 1)
        _components(ax, view.x.edges, low[i], high[i])
        if share is not None:
            ax.plot(view.x.positions, share[i, 0], linestyle="none", marker=".", markersize=2.4, color=BARGAIN, zorder=3,
                    gid="bargain")
        lines.shades(ax, one, [(where[i], c) for where, c in blanks])
    entries = [Patch(facecolor=SET, edgecolor=BORDER, linewidth=0.8, label="Pareto set")] if np.isfinite(low).any() else []
    if share is not None and np.isfinite(share).any():
        entries.append(Line2D([], [], linestyle="none", marker=".", color=BARGAIN, label="the bargain"))
    return entries + handles([c for _, c in blanks if c.fill]), low, blanks


def _components(ax, edges, low, high):
    left, right = np.broadcast_to(edges[:-1], low.shape), np.broadcast_to(edges[1:], low.shape)
    there = np.isfinite(low) & np.isfinite(high)
    a, b, bottom, top = left[there], right[there], low[there], high[there]
    boxes = np.stack([np.stack([a, a, b, b], -1), np.stack([bottom, top, top, bottom], -1)], -1)
    ax.add_collection(PolyCollection(boxes, facecolors=SET, linewidths=0, antialiaseds=False, rasterized=True, zorder=1,
                                     gid="component"), autolim=False)
    for level in (bottom, top):
        sides = np.stack([np.stack([a, b], -1), np.stack([level, level], -1)], -1)
        ax.add_collection(LineCollection(sides, colors=BORDER, linewidths=0.9, zorder=2, gid="end"), autolim=False)


def frontiers(dataset, view, panels):
    """A specialist's utility over the generalist's: a line for each entry of y, broken where the set is disconnected.

    Where all entries have one frontier, as the solutions of one game have, it is drawn once. The bargain is a marker.
    A frontier that was sampled, of shares of one's own, is a cloud of points. Returns (entries, values, blanks).
    """
    along, against = view.data[GENERALIST], view.data[SPECIALIST]  # (facets, y, points)
    blanks = regimes.blanks(dataset, view, against)
    view.labels = tuple(style.label(name, dataset[name].attrs if name in dataset else {})
                        for name in ("generalist_utility", "specialist_utility"))
    sampled = "specialist" in dataset[SHARE].dims
    one = view.y is None or all(_same(values, j) for values in (along, against) for j in range(values.shape[1]))
    looks = _looks(view, one, sampled)
    marked = {"generalist_utility", "specialist_utility"} <= view.data.keys()
    for i, ax in enumerate(panels):
        for j, (line, marker) in enumerate(looks):
            if j == 0 or not one:
                x, y = _broken(view.data[SHARE][i, j], along[i, j], against[i, j])
                ax.plot(x, y, zorder=2, gid="frontier", **line)
            if marked:
                ax.plot(view.data["generalist_utility"][i, j, :1], view.data["specialist_utility"][i, j, :1], zorder=3,
                        gid="bargain", **marker)
        ax.grid(color="#E4E4E4", linewidth=0.6, zorder=0)
        ax.margins(0.06)
        ax.spines[["top", "right"]].set_visible(False)
    return _frontier_entries(view, looks, one, marked), against, blanks


def _same(values, j):
    return np.array_equal(values[:, 0], values[:, j], equal_nan=True)


def _looks(view, one, sampled):
    """Of each entry of y: (how its frontier looks, how its bargain looks)."""
    paint = lines.line_colours(view) if view.y is not None else [BARGAIN]
    looks = []
    for j, colour in enumerate(paint):
        line = {"color": BORDER if view.y is None else "#555555" if one else colour, "linewidth": 1.2, "marker": "o",
                "markersize": 1.8, "linestyle": "none" if sampled else "-"}
        looks.append((line, {"color": colour, "linestyle": "none", "marker": lines.MARKERS[j % len(lines.MARKERS)],
                             "markersize": 7, "markeredgecolor": "white"}))
    return looks


def _frontier_entries(view, looks, one, marked):
    entries = [Line2D([], [], label="Pareto frontier", **looks[0][0])] if one else []
    for j, (line, marker) in enumerate(looks):
        text = view.y.texts[j] if view.y is not None else "the bargain"
        if marked:
            entries.append(Line2D([], [], label=text, **{**marker, "linestyle": "none" if one else line["linestyle"]}))
        elif not one:
            entries.append(Line2D([], [], label=text, **line))
    return entries


def _broken(share, *values):
    """The values in the order of the shares, with a gap where the next share lies in another component."""
    order = np.argsort(share)
    steps = np.diff(share[order])
    usual = np.median(steps[steps > 0]) if (steps > 0).any() else np.inf
    gaps = np.flatnonzero(steps > STEP * usual) + 1
    return [np.insert(np.asarray(v[order], dtype=float), gaps, np.nan) for v in values]


def _first_row(view):
    """The view without its components: one row of games."""
    return replace(view, y=None, data={name: array[:, :1] for name, array in view.data.items()})
