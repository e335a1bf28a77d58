# SPDX-License-Identifier: MIT
"""Codes and combined regimes as classes with a name and a colour, and the points that have no value at all."""

from dataclasses import dataclass

import numpy as np

from . import style
from .load import MEANINGFUL, codes


@dataclass(frozen=True)
class Class:
    """One colour of a map. `blank`: its points have no value, perhaps a hatch; `halo`: they failed and must show.

    Without a `fill` only the hatch is drawn, over what is there.
    """

    name: str
    fill: str
    hatch: str = None
    ink: str = "#FFFFFF"
    blank: bool = False
    halo: bool = False


#: Of games without a deal that have a number all the same.
OUTSIDE_OPTION = Class("no deal (outside option, or 0)", None, "....", blank=True)


def classes(dataset, view):
    """(index array of the view's shape, list of Class) of a regime map: only classes that occur, in a fixed order.

    Combined, a solved game is its pair of regimes; any other is its status. Of one output, each code is a class.
    """
    index, kept = np.full(view.data["status"].shape, -1, np.int16), []
    for where, c in _candidates(dataset, view):
        where &= index < 0
        if where.any():
            index[where] = len(kept)
            kept.append(c)
    if (index < 0).any():
        index[index < 0] = len(kept)
        kept.append(Class("a code without a name", "#DDDDDD"))
    return index, kept


def blanks(dataset, view, values):
    """[(boolean array, Class)] of the points of `values` without a number, by the reason that `status` gives.

    Games without a deal that have a number, an outside option, are among them, too: only hatched.
    """
    missing = ~np.isfinite(values)
    found = [(missing & _is(dataset, view, name), _blank(name)) for name in style.BLANKS if name]
    found.append((missing & _is(dataset, view, "solved"), _blank("")))
    found.append((~missing & _is(dataset, view, "no_deal"), OUTSIDE_OPTION))
    return [(where, c) for where, c in found if np.any(where)]


def _candidates(dataset, view):
    """(boolean array, Class) of every class there can be, in the legend's order."""
    statuses = codes(dataset["status"])
    if view.output and view.output != "status":
        meaningful = np.logical_or.reduce([_is(dataset, view, name) for name in MEANINGFUL])
        for i, (value, name) in enumerate(codes(dataset[view.output]).items()):
            yield meaningful & (view.data[view.output] == value), _single(name, i)
    elif not view.output:
        yield from _pairs(dataset, view, _is(dataset, view, "solved"))
    for i, (value, name) in enumerate(statuses.items()):
        if view.output == "status" or name not in (MEANINGFUL if view.output else ("solved",)):
            yield view.data["status"] == value, _single(name, i)


def _pairs(dataset, view, solved):
    """The solved games by the players' regimes: the generalist's and the specialist's, or the one that the file has."""
    present = [name for name in ("generalist_regime", "specialist_regime") if name in view.data]
    if len(present) == 2:
        for g, generalist in codes(dataset[present[0]]).items():
            own = solved & (view.data[present[0]] == g)
            for s, specialist in codes(dataset[present[1]]).items():
                colour = style.REGIME_COLOURS.get((generalist, specialist), "#DDDDDD")
                name = f"generalist {style.words(generalist)}, specialist {_does(specialist)}"
                yield own & (view.data[present[1]] == s), Class(name, colour)
    elif present:
        for i, (value, name) in enumerate(codes(dataset[present[0]]).items()):
            yield solved & (view.data[present[0]] == value), _single(name, i)
    else:
        yield solved, _single("solved", 0)


def _is(dataset, view, status):
    values = [value for value, name in codes(dataset["status"]).items() if name == status]
    return np.isin(view.data["status"], values)


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
