# SPDX-License-Identifier: MIT
"""From a sweep of any number of dimensions to the one slab a picture shows."""

from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from . import axes, style
from .axes import Axis, BadRequest
from .load import codes, inner_dims, outputs

KINDS = ("auto", "heatmap", "contour", "regimes", "line", "pareto", "frontier")
SETS = {  # the outputs that a kind needs, those that it shows beside them, and its own dimension
    "pareto": (("pareto_share_low", "pareto_share_high"), ("share",), "component"),
    "frontier": (("frontier_specialist_utility", "frontier_generalist_utility", "frontier_share"),
                 ("generalist_utility", "specialist_utility"), "frontier"),
}
MAX_FACETS, MAX_LINES = 20, 12  # of a categorical axis: each entry counts, so more is an error
FEW = 12  # entries of a numeric axis, all shown; a longer one is thinned
NUMERIC_FACETS, NUMERIC_LINES = 6, 7  # to this many, ends included


@dataclass
class View:
    """What is drawn. `read.read` fills in the rest: each array in `data` has the shape (facets, y, x), 1 where an axis
    is absent.
    """

    kind: str
    output: str  # "" when `kind` is "regimes" and the regimes are combined
    x: Axis
    y: Axis  # None for a single line or strip; for kind "line" the family
    facet: Axis  # None for one panel
    fixed: list  # (name, value) texts of the axes held fixed
    held: dict  # {dimension: entry of the file}
    names: list  # of the variables that are needed
    left_out: list  # texts about the entries of a long facet or family that are not shown
    data: dict = field(default_factory=dict)
    counts: dict = field(default_factory=dict)  # {status: games drawn}
    thinned: bool = False  # there are more games than cells
    mark: tuple = None  # (output, code, its value) of the games to hatch
    labels: tuple = None  # of the x and the y axis, where they are not the axes' own


def view(dataset: xr.Dataset, output=None, x=None, y=None, facet=None, at=None, kind="auto", mark=None) -> View:
    """Chooses what was not chosen; reads nothing but the axes. Raises BadRequest."""
    if kind not in KINDS:
        raise axes.unknown("kind of picture", kind, KINDS)
    if output is not None and output not in outputs(dataset):
        raise axes.unknown("output", output, outputs(dataset))
    output, kind = _what(dataset, output, kind)
    mark = mark and _mark(dataset, *mark)
    names = list(dict.fromkeys(_needed(dataset, output, kind) + ([mark[0]] if mark else [])))
    free = [*dataset["status"].dims, *inner_dims(dataset, names)]
    if not free:
        raise BadRequest("the file holds a single game: there is no axis to draw along")
    chosen, used = {}, {}
    at = dict(at or {})
    for role, name in [("x", x), ("y", y), ("facet", facet)] + [("at", name) for name in at]:
        if name is None:
            continue
        found = axes.axis(dataset, name)
        if found.inner and found.dim not in inner_dims(dataset, names):
            has = [o for o in outputs(dataset) if found.dim in dataset[o].dims]
            raise BadRequest(f'"{output or "regimes"}" is not one for each {name}; those that are: {", ".join(has)}')
        if found.dim not in free:
            raise BadRequest(f'"{name}" is asked for twice: as {role} and as {used[found.dim]}')
        free.remove(found.dim)
        used[found.dim] = role
        if role == "at":
            at[name] = (found, axes.position(found, at[name]))
        else:
            chosen[role] = found
    kind = _fill_set(dataset, chosen, free, kind) if kind in SETS else _fill(dataset, chosen, free, kind)
    for dim in free:
        middle = axes.axis(dataset, _best_name(dataset, dim))
        at[middle.name] = (middle, 0 if middle.categorical or middle.inner else len(middle.values) // 2)
    left_out = []
    for role, shown, most in (("facet", NUMERIC_FACETS, MAX_FACETS), ("y", NUMERIC_LINES, MAX_LINES)):
        if role in chosen and (role == "facet" or kind in ("line", "frontier")):
            whole, chosen[role] = chosen[role], _thinned(chosen[role], shown, most)
            if len(chosen[role].values) < len(whole.values):
                left_out.append(f"{len(chosen[role].values)} of the {len(whole.values)} entries of {whole.short}")
    fixed = [text for found, index in at.values() for text in _told(dataset, found, index)]
    fixed += [_said(dataset, name, c.values.item()) for name, c in dataset.coords.items() if c.ndim == 0]
    held = {found.dim: int(found.order[index]) for found, index in at.values()}
    if mark and (kind in ("line", *SETS) or chosen.get("y") is None):
        raise BadRequest(f"only the games of a map can be marked, not those of a picture of kind {kind}")
    return View(kind, output, chosen["x"], chosen.get("y"), chosen.get("facet"), fixed, held, names, left_out, mark=mark)


def _mark(dataset, output, code):
    if output not in outputs(dataset):
        raise axes.unknown("output", output, outputs(dataset))
    values = {name: value for value, name in codes(dataset[output]).items()}
    if code not in values:
        raise axes.unknown(output, code, list(values))
    return output, code, values[code]


def default_output(dataset):
    """What is drawn unasked: the share or, where the share is the contract and so an axis, the base performance."""
    real = [name for name in outputs(dataset) if not codes(dataset[name])]
    given = any(coordinate.attrs.get("symbol") == "δ" for coordinate in dataset.coords.values())
    wanted = "base_performance" if given else "share"
    return wanted if wanted in real else (real or [None])[0]


def _what(dataset, output, kind):
    if kind in SETS:
        needed = SETS[kind][0]
        if output is not None:
            raise BadRequest(f'a picture of kind {kind} shows {", ".join(needed)}: leave out "{output}"')
        if not set(needed) <= set(outputs(dataset)):
            raise BadRequest(f"the file has no {', '.join(needed)}; ask for them by `pareto:` in the spec")
        return needed[0], kind
    coded = [name for name in outputs(dataset) if codes(dataset[name])]
    if output is None and kind != "regimes":
        output = default_output(dataset)
        kind = kind if output else "regimes"
    if kind == "regimes" and output and output not in coded:
        raise BadRequest(f'"{output}" has no codes, so no map of regimes; those with codes: {", ".join(coded)}')
    if output in coded:
        if kind not in ("auto", "regimes"):
            raise BadRequest(f'"{output}" holds codes: draw it as regimes, not as {kind}')
        kind = "regimes"
    return output or "", kind


def _fill(dataset, chosen, free, kind):
    """Gives free dimensions to x, y and facet: the two largest numeric ones, a categorical one of 2 to 9 entries.

    The outputs' own dimensions, numbered ones too, count as categorical.
    """

    def largest(categorical):
        fit = []
        for dim in free:
            ax = axes.axis(dataset, _best_name(dataset, dim))
            if dataset.sizes[dim] > 1 and (ax.categorical or ax.inner) == categorical:
                fit.append((dataset.sizes[dim], -free.index(dim), dim))
        return max(fit)[2] if fit else None

    def give(role, dim):
        if dim is None or role in chosen:
            return
        free.remove(dim)
        chosen[role] = axes.axis(dataset, _best_name(dataset, dim))

    give("x", largest(False) or largest(True) or (None if "x" in chosen else free[0] if free else None))
    if "x" not in chosen:
        raise BadRequest("every axis is held fixed: nothing is left to draw along")
    if kind != "line":
        give("y", largest(False))
    if "y" not in chosen:
        few = largest(True)
        if few is not None and (kind != "auto" or dataset.sizes[few] <= 9):
            give("y", few)
        if kind == "contour":
            raise BadRequest("a contour plot needs two numeric axes")
    if kind == "auto":
        kind = "heatmap" if "y" in chosen and not chosen["y"].categorical else "line"
    if kind == "heatmap" and "y" not in chosen:
        raise BadRequest("a heat map needs two axes; draw it as line")
    if kind == "contour" and (chosen["x"].categorical or chosen["y"].categorical):
        raise BadRequest("a contour plot needs two numeric axes; draw it as heatmap or line")
    few = largest(True)
    if few is not None and 2 <= dataset.sizes[few] <= 9:
        give("facet", few)
    return kind


def _fill_set(dataset, chosen, free, kind):
    """The set's own dimension is y of the shares and x of a frontier; then the longest numeric axis is x of the shares,
    a categorical one the family of frontiers, and specialists, or else a categorical axis, are facets.
    """
    own = SETS[kind][2]
    role = "y" if kind == "pareto" else "x"
    if role in chosen or own not in free:
        raise BadRequest(f"in a picture of kind {kind} the {role} axis is taken by what is drawn")
    free.remove(own)
    chosen[role] = axes.axis(dataset, own)

    def give(role, wanted):
        fit = [] if role in chosen else [dim for dim in free if wanted(axes.axis(dataset, _best_name(dataset, dim)))]
        if fit:
            dim = max(fit, key=lambda one: dataset.sizes[one])
            free.remove(dim)
            chosen[role] = axes.axis(dataset, _best_name(dataset, dim))

    few = range(2, 10)
    if kind == "pareto":
        give("x", lambda ax: not (ax.categorical or ax.inner) and len(ax.values) > 1)
        if "x" not in chosen:
            raise BadRequest("a picture of Pareto sets needs a numeric axis for x")
    else:
        give("y", lambda ax: ax.categorical and not ax.inner and len(ax.values) in few)
        give("facet", lambda ax: ax.inner and len(ax.values) in few)
    give("facet", lambda ax: ax.categorical and len(ax.values) in few)
    return kind


def _best_name(dataset, dim):
    """The dimension's own name, or for a zipped one its first coordinate that runs one way."""
    for name in axes.zipped(dataset, dim):
        values = dataset[name].values
        if values.dtype.kind in "iuf" and (np.all(np.diff(values) > 0) or np.all(np.diff(values) < 0)):
            return name
    return dim


def _thinned(axis, shown, most):
    n = len(axis.values)
    if axis.categorical and n > most:
        raise BadRequest(f'"{axis.name}" has {n} entries, too many to show side by side; hold it with at')
    if axis.categorical or n <= FEW:
        return axis
    return axis.take(np.unique(np.round(np.linspace(0, n - 1, shown)).astype(int)))


def _told(dataset, found, index):
    """(name, value) of a held axis, or of the axes zipped on its dimension."""
    entry = int(found.order[index])
    for name in axes.zipped(dataset, found.dim) or [found.dim]:
        yield _said(dataset, name, dataset[name].values[entry] if name in dataset.coords else entry)


def _said(dataset, name, value):
    attrs = dataset[name].attrs if name in dataset.coords else {}
    own = name in inner_dims(dataset)  # its words are names
    text = style.number(value) if not isinstance(value, str) else value if own else style.words(value)
    return style.symbol(name, attrs) or style.words(name), text


def _needed(dataset, output, kind):
    if kind in SETS:
        needed, shown, _ = SETS[kind]
        return [*needed, *(name for name in shown if name in outputs(dataset)), "status"]
    if output:
        return list(dict.fromkeys([output, "status"]))
    return [name for name in ("generalist_regime", "specialist_regime", "status") if name in dataset]
