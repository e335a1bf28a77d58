# SPDX-License-Identifier: MIT
"""From the file to what a picture's pixels can show, in bands, so that memory does not grow with the sweep."""

import itertools

import numpy as np

from . import style
from .load import codes, inner_dims

BAND = 1 << 21  #: games read at a time: 16 MiB a number


def read(dataset, view, most_x, most_y):
    """Fills `view.data` with arrays (facets, y, x) and `view.counts` with the number of games drawn, by status.

    An axis with more entries than `most_x`, `most_y` is thinned to them. Each cell then shows the game in its middle:
    a true value at its true place, so that contours stay where they are and no code is made up. But where a game of the
    cell failed, the cell shows that one: a failure is never thinned away. What is held fixed or left out is not read.
    """
    drawn = {"facet": view.facet, "y": view.y, "x": view.x}
    drawn = {role: axis for role, axis in drawn.items() if axis is not None}
    most = {"x": most_x, "y": most_y}
    few = {role: axis.thinned(most.get(role, len(axis.values))) for role, axis in drawn.items()}
    of = {axis.dim: role for role, axis in drawn.items()}
    dims = [dim for dim in [*dataset["status"].dims, *inner_dims(dataset, view.names)] if dim in of]
    along = [_Entries(dataset.sizes[dim], drawn[of[dim]].order, *few[of[dim]]) for dim in dims]
    view.thinned = thin = any(len(axis.values) < len(cells) for axis, cells in few.values())

    named = codes(dataset["status"])
    failures = [value for value, name in named.items() if name in style.FAILURES]
    shape = [len(few[of[dim]][0].values) for dim in dims]
    data = {name: np.empty(shape, dataset[name].dtype) for name in view.names}
    spoilt, counts = np.zeros(shape, bool), np.zeros(256, int)
    for band in _bands([a.wanted for a in along]):
        slab = dataset[view.names].isel({**view.held, **{dim: _index(part) for dim, part in zip(dims, band)}})
        arrays = {name: _along(slab[name], dims, [len(part) for part in band]) for name in view.names}
        counts += np.bincount(arrays["status"].ravel().view(np.uint8), minlength=256)
        middle = [a.stands[part] for a, part in zip(along, band)]
        here = np.ix_(*[np.flatnonzero(m) for m in middle])
        there = np.ix_(*[a.cell[part][m] for a, part, m in zip(along, band, middle)])
        for name, array in arrays.items():
            data[name][there] = np.where(spoilt[there], data[name][there], array[here])
        if thin:
            failed = np.nonzero(np.isin(arrays["status"], failures))
            onto = tuple(a.cell[part][at] for a, part, at in zip(along, band, failed))
            spoilt[onto] = True
            for name, array in arrays.items():
                data[name][onto] = array[failed]

    # A game's status was counted once for each of its values.
    values = np.prod([len(a.wanted) for a, dim in zip(along, dims) if dim not in dataset["status"].dims], dtype=int)
    view.counts = {name: int(counts[value % 256] // values) for value, name in named.items() if counts[value % 256]}
    order = [dims.index(axis.dim) for axis in drawn.values()]
    sizes = [len(few[role][0].values) if role in few else 1 for role in ("facet", "y", "x")]
    view.data = {name: array.transpose(order).reshape(sizes) for name, array in data.items()}
    view.x, view.y = few["x"][0], few["y"][0] if "y" in few else None


def _along(variable, dims, shape):
    """The values with these dimensions in this order; the same all along those that the variable does not have."""
    own = [dim for dim in dims if dim in variable.dims]
    values = variable.transpose(*own).values
    return np.broadcast_to(values[tuple(slice(None) if dim in own else None for dim in dims)], shape)


class _Entries:
    """Of one dimension, by the file's entries: those wanted, the cell of each, whether it stands for its cell."""

    def __init__(self, size, order, axis, cells):
        self.wanted = np.sort(order)
        self.cell = np.full(size, -1)
        self.cell[order] = cells
        self.stands = np.zeros(size, bool)
        self.stands[axis.order] = True


def _bands(wanted):
    """Splits the wanted entries of each dimension into bands of at most BAND games, the fastest dimensions whole."""
    room, parts = BAND, []
    for entries in reversed(wanted):
        step = max(1, min(len(entries), room))
        room //= step
        parts.append([entries[i : i + step] for i in range(0, len(entries), step)])
    return itertools.product(*reversed(parts))


def _index(entries):
    """A slice where the entries follow each other: the file is read much faster by those."""
    first, last = int(entries[0]), int(entries[-1])
    return slice(first, last + 1) if last - first + 1 == len(entries) else entries
