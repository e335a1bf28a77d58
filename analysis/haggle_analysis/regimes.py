# SPDX-License-Identifier: MIT
"""Codes and combined regimes as classes with a name and a colour, and the points that have no value at all."""

from dataclasses import dataclass

import numpy as np

from . import style
from .load import MEANINGFUL, codes


@dataclass(frozen=True)
class Class:
    """One colour of a map. `blank`: its points have no value, perhaps a hatch; `halo`: they failed and must show."""

    name: str
    fill: str
    hatch: str = None
    ink: str = "#FFFFFF"
    blank: bool = False
    halo: bool = False


def classes(dataset, view):
    """(index array of the view's shape, list of Class) of a regime map: only classes that occur, in a fixed order.

    Combined, a solved game is its pair of regimes; any other is its status. Of one output, each code is a class.
    """
    status = _names(dataset, "status", view)
    if view.output:
        own = codes(dataset[view.output])
        found = _names(dataset, view.output, view)
        if view.output != "status":  # an unsolved game has no regime: show why instead
            found = np.where(np.isin(status, MEANINGFUL), found, status)
        order = list(dict.fromkeys(list(own.values()) + list(codes(dataset["status"]).values())))
        every = [_single(name, i) for i, name in enumerate(order)]
        return _compact(found, order, every)
    pairs = [name for name in ("generalist_regime", "specialist_regime") if name in view.data]
    if not pairs:
        order = list(codes(dataset["status"]).values())
        return _compact(status, order, [_single(name, i) for i, name in enumerate(order)])
    found = status.copy()
    solved = status == "solved"
    joined = _names(dataset, pairs[0], view)
    order, every = [], []
    first = list(codes(dataset[pairs[0]]).values())
    if len(pairs) == 2:
        second = list(codes(dataset[pairs[1]]).values())
        joined = np.char.add(np.char.add(joined.astype(str), "|"), _names(dataset, pairs[1], view).astype(str))
        for g in first:
            for s in second:
                order.append(f"{g}|{s}")
                colour = style.REGIME_COLOURS.get((g, s), "#DDDDDD")
                every.append(Class(f"generalist {style.words(g)}, specialist {_does(s)}", colour))
    else:
        order = list(first)
        every = [_single(name, i) for i, name in enumerate(first)]
    found[solved] = joined[solved]
    for i, name in enumerate(codes(dataset["status"]).values()):
        if name != "solved":
            order.append(name)
            every.append(_single(name, i))
    return _compact(found, order, every)


def blanks(dataset, view, values):
    """[(boolean array, Class)] of the points of `values` without a number, by the reason that `status` gives."""
    status, missing = _names(dataset, "status", view), ~np.isfinite(values)
    found = [(missing & (status == name), _blank(name)) for name in style.BLANKS]
    found.append((missing & (status == "solved"), _blank("")))
    return [(where, c) for where, c in found if np.any(where)]


def _names(dataset, name, view):
    of = codes(dataset[name])
    found = np.empty(view.data[name].shape, dtype=object)
    for code in np.unique(view.data[name]):
        found[view.data[name] == code] = of.get(int(code), f"code {int(code)}")
    return found


def _does(regime):
    return {"contributor": "contributes", "free_rider": "free-rides", "abstainer": "abstains"}.get(
        regime, style.words(regime))


def _blank(status):
    name = style.words(status) or "no value"
    return Class(name, *style.BLANKS[status], blank=True, halo=status in style.FAILURES)


def _single(name, place):
    """The class of one code standing alone; statuses look as they do in every other picture."""
    if name in style.BLANKS:
        return _blank(name)
    if name == "unsolved":
        return Class(name, *style.BLANKS["pending"], blank=True)
    return Class(style.words(name), style.CODE_COLOURS.get(name, style.OKABE_ITO[place % len(style.OKABE_ITO)]))


def _compact(found, order, every):
    """Leaves out the classes that do not occur; a code without a name gets a class of its own at the end."""
    present = set(found.ravel())
    strays = sorted(name for name in present if name not in order)
    order = order + strays
    every = every + [Class(name, "#DDDDDD") for name in strays]
    kept = [i for i, name in enumerate(order) if name in present]
    index = np.empty(found.shape, dtype=int)
    for new, old in enumerate(kept):
        index[found == order[old]] = new
    return index, [every[i] for i in kept]
