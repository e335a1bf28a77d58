# SPDX-License-Identifier: MIT
"""The axes of a sweep by name: dimensions, and the coordinates zipped onto them."""

import difflib
from dataclasses import dataclass

import numpy as np
import xarray as xr

from . import scales, style
from .load import inner_dims


class BadRequest(ValueError):
    """What was asked for is not in the file; the message says what is."""


@dataclass
class Axis:
    """One coordinate, ascending. `order` puts the dimension's entries in that order.

    `borders`: the cells' edges where they are not half-way between the entries, as on a thinned axis. `inner`: no axis
    of the sweep but a dimension of its outputs, whose words are names and stay as they are.
    """

    name: str
    dim: str
    values: np.ndarray
    order: np.ndarray
    label: str
    short: str
    categorical: bool
    log: bool = False
    borders: np.ndarray = None
    inner: bool = False

    @property
    def positions(self):
        """Where the entries are drawn: their values, or 0, 1, … for a categorical axis."""
        return np.arange(len(self.values), dtype=float) if self.categorical else self.values

    @property
    def edges(self):
        return scales.edges(self.positions, self.log) if self.borders is None else self.borders

    def text(self, index) -> str:
        value = self.values[index]
        if not self.categorical:
            return style.number(value)
        return str(value).replace("$", r"\$") if self.inner else style.words(value)

    @property
    def texts(self):
        return [self.text(i) for i in range(len(self.values))]

    def take(self, indices) -> "Axis":
        return Axis(self.name, self.dim, self.values[indices], self.order[indices], self.label, self.short,
                    self.categorical, self.log, inner=self.inner)

    def thinned(self, most):
        """(an axis with at most `most` cells of equal width as drawn, the cell of each entry of this one).

        A cell is drawn with the borders of all the entries in it, and stands at its middle one; the first and the last
        cell stand at the axis' ends, so that contours reach as far as the sweep.
        """
        n = len(self.values)
        if self.categorical or n <= most:
            return self, np.arange(n)
        edges = self.edges
        place, ends = (np.log(self.values), np.log(edges[[0, -1]])) if self.log else (self.values, edges[[0, -1]])
        cell = np.unique(np.floor((place - ends[0]) / (ends[1] - ends[0]) * most), return_inverse=True)[1]
        begins = np.flatnonzero(np.diff(cell, prepend=-1))
        kept = (begins + np.append(begins[1:], n) - 1) // 2
        kept[[0, -1]] = 0, n - 1
        few = self.take(kept)
        few.borders = edges[np.append(begins, n)]
        return few, cell


def unknown(kind: str, name: str, known) -> BadRequest:
    """`no axis "wieght"; did you mean "weight"? There are: c0, weight`"""
    near = difflib.get_close_matches(str(name), [str(k) for k in known], n=1, cutoff=0.5)
    hint = f'; did you mean "{near[0]}"?' if near else "."
    return BadRequest(f'no {kind} "{name}"{hint} There are: {", ".join(str(k) for k in known) or "none"}')


def coordinates(dataset: xr.Dataset) -> list:
    """Names that can be an axis: every dimension, the outputs' own last, then the coordinates zipped onto one."""
    dims = [*dataset["status"].dims, *inner_dims(dataset)]
    return dims + [name for name, c in dataset.coords.items() if c.ndim == 1 and name not in dims]


def zipped(dataset: xr.Dataset, dim: str) -> list:
    """Coordinates other than its own that lie on `dim`."""
    return [name for name, c in dataset.coords.items() if c.dims == (dim,) and name != dim]


def axis(dataset: xr.Dataset, name: str, repeats=False) -> Axis:
    """The axis of that name, sorted if numeric. Raises BadRequest when there is none.

    A zipped coordinate that repeats a value can't order a picture: that too is a BadRequest, unless `repeats`.
    """
    known = coordinates(dataset)
    if name not in known:
        raise unknown("axis", name, known)
    dim = name if name in dataset.dims else dataset[name].dims[0]
    if name in dataset.coords:
        values, attrs = np.asarray(dataset[name].values), dataset[name].attrs
    else:
        values, attrs = np.arange(dataset.sizes[dim]), {}
    short = style.symbol(name, attrs) or style.words(name)
    text = style.label(name, attrs)
    inner = dim not in dataset["status"].dims
    if values.dtype.kind not in "iuf":
        return Axis(name, dim, values.astype(str), np.arange(len(values)), text, short, True, inner=inner)
    order = np.argsort(values, kind="stable")
    values = values[order].astype(float)
    if not repeats and name != dim and np.any(np.diff(values) == 0):
        raise BadRequest(f'"{name}" repeats a value along "{dim}", so it cannot order a picture; use "{dim}"')
    return Axis(name, dim, values, order, text, short, False, scales.geometric(values), inner=inner)


def position(ax: Axis, wanted) -> int:
    """Index into `ax.values` of the entry nearest to `wanted`; BadRequest when it lies outside.

    `wanted` may be text, and "#3" is the entry 3 of the file, counted from 0, as for `haggle solve --at`.
    """
    if str(wanted).startswith("#") and str(wanted) not in ax.values.astype(str):
        return _counted(ax, str(wanted))
    if ax.categorical:
        if str(wanted) not in ax.values:
            raise unknown(f"{ax.name}", str(wanted), list(ax.values))
        return int(np.flatnonzero(ax.values == str(wanted))[0])
    try:
        value = float(wanted)
    except (TypeError, ValueError):
        raise BadRequest(f"{ax.name}={wanted}: a number is needed") from None
    first, last = ax.values[0], ax.values[-1]
    slack = 1e-9 * max(abs(first), abs(last))
    if not first - slack <= value <= last + slack:
        raise BadRequest(f"{ax.name}={wanted} lies outside the sweep, {style.number(first)} … {style.number(last)}")
    return int(np.argmin(np.abs(ax.values - value)))


def _counted(ax, wanted):
    n = len(ax.order)
    if not wanted[1:].isdecimal():
        raise BadRequest(f"{ax.name}={wanted}: after # comes an entry's number, 0 … {n - 1}")
    if int(wanted[1:]) >= n:
        raise BadRequest(f"{ax.name}={wanted} lies outside the sweep, #0 … #{n - 1}")
    return int(np.flatnonzero(ax.order == int(wanted[1:]))[0])
