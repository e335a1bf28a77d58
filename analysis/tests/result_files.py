# SPDX-License-Identifier: MIT
"""Result files as the engine lays them out, of games whose solution is known in closed form."""

import h5py
import numpy as np

STATUS = ["pending", "solved", "excluded", "no_deal", "unbounded", "out_of_domain", "not_converged", "overflow"]
CODES = {
    "status": ("What became of the game", STATUS),
    "generalist_regime": ("What the generalist does", ["unsolved", "invests", "idle", "abstains"]),
    "specialist_regime": ("What the specialist does", ["unsolved", "contributor", "free_rider", "abstainer"]),
}
REALS = {
    "share": "Generalist's revenue share",
    "performance": "Performance brought to market",
    "generalist_utility": "Generalist's utility",
    "specialist_utility": "Specialist's utility",
}
ON_REQUEST = {
    "pareto_components": "Components of the Pareto set",
    "pareto_share_low": "Lower end of a component",
    "pareto_share_high": "Upper end of a component",
    "frontier_share": "Generalist's revenue share on the Pareto frontier",
    "frontier_generalist_utility": "Generalist's utility on the Pareto frontier",
    "frontier_specialist_utility": "Specialist's utility on the Pareto frontier",
}
OWN = ("performance", "specialist_utility", "specialist_regime")  # one value for each specialist
MEANING = {
    "specialist": "Specialist",
    "c0": "the generalist's cost coefficient, φ₀(α₀) = c₀ α₀^k₀",
    "c1": "the specialist's cost coefficient, φ₁(x) = c₁ x^k₁",
    "weight": "the generalist's bargaining weight; the specialist has the rest",
    "solution": "how the revenue share is bargained",
    "generalist_outside_option": "what the generalist has without a deal",
}
SYMBOLS = {"c0": "c₀", "c1": "c₁", "weight": "w_G", "generalist_outside_option": "d_G"}


def utilities(share, c0, c1):
    """Linear revenue, quadratic costs, one specialist: the generalist's and the specialist's utility."""
    generalist = share**2 / (4 * c0) + share * (1 - share) / (2 * c1)
    specialist = share * (1 - share) / (2 * c0) + (1 - share) ** 2 / (4 * c1)
    return generalist, specialist


def bargain(solution, c0, c1, weight):
    """The share of each bargain, by a golden-section search for nash and in closed form for the others."""
    with np.errstate(divide="ignore", invalid="ignore"):
        best_for_generalist = np.where(c1 <= c0, c0 / (2 * c0 - c1), 1.0)
        best_for_specialist = np.where(c1 >= c0, (c1 - c0) / (2 * c1 - c0), 0.0)
    if solution == "powerful_generalist":
        return best_for_generalist
    if solution == "powerful_specialist":
        return best_for_specialist
    if solution == "utilitarian":
        return c1 / (c0 + c1)

    def product(share):
        generalist, specialist = utilities(share, c0, c1)
        with np.errstate(divide="ignore"):
            return weight * np.log(generalist) + (1 - weight) * np.log(specialist)

    low, high = best_for_specialist + 0 * weight, best_for_generalist + 0 * weight
    for _ in range(80):
        left, right = high - 0.6180339887498949 * (high - low), low + 0.6180339887498949 * (high - low)
        better = product(left) > product(right)
        low, high = np.where(better, low, left), np.where(better, right, high)
    return (low + high) / 2


def solve(axes, where=None):
    """All outputs over the grid of `axes` (name → values), c0 = c1 = 1, weight = 0.5, nash where an axis is silent."""
    grid = dict(zip(axes, np.meshgrid(*axes.values(), indexing="ij")))
    shape = next(iter(grid.values())).shape
    number = lambda name, default: np.asarray(grid.get(name, np.full(shape, default)), dtype=float)  # noqa: E731
    c0, c1, weight = number("c0", 1.0), number("c1", 1.0), number("weight", 0.5)
    solution = grid.get("solution", np.full(shape, "nash", dtype=object))
    share = np.empty(shape)
    for one in np.unique(solution.astype(str)):
        share[solution == one] = bargain(one, c0, c1, weight)[solution == one]
    generalist, specialist = utilities(share, c0, c1)
    out = {
        "status": np.full(shape, STATUS.index("solved"), np.int8),
        "share": share,
        "performance": share / (2 * c0) + (1 - share) / (2 * c1),
        "generalist_utility": generalist,
        "specialist_utility": specialist,
        "generalist_regime": np.where(share > 0, 1, 2).astype(np.int8),
        "specialist_regime": np.where(share < 1, 1, 2).astype(np.int8),
    }
    outside = number("generalist_outside_option", 0.0)
    mark(out, outside > generalist, "no_deal")
    if where is not None:
        mark(out, ~where(grid), "excluded")
    return out


def mark(out, points, status):
    """Gives `points` that status and, as the engine does, no numbers; no deal leaves both their outside options."""
    out["status"][points] = STATUS.index(status)
    for name in (REALS | ON_REQUEST).keys() & out.keys():
        out[name][points] = np.nan
    out["generalist_regime"][points] = 3 if status == "no_deal" else 0
    out["specialist_regime"][points] = 3 if status == "no_deal" else 0


def of_two(axes, **options):
    """`solve` as if two specialists, D1 and D2 whose costs are four times D1's, each played alone with the generalist.

    What is one's own is an array more: of [..., specialist].
    """
    alone = [solve({**axes, "c1": factor * axes["c1"]}, **options) for factor in (1, 4)]
    both = dict(alone[0])
    for name in OWN:
        both[name] = np.stack([out[name] for out in alone], axis=-1)
    return both


def with_pareto_sets(axes, points=12):
    """Of two specialists over an axis `fixed`: one component below 1, from 1 on two and a lone share, and none above 2."""
    out = of_two({"c0": np.ones(len(axes["fixed"])), "c1": np.ones(1)})
    out = {name: values[:, 0] for name, values in out.items()}
    ends = [[(0.1, 0.4)], [(0.1, 0.3), (0.5, 0.6), (0.8, 0.8)], []]
    low, high = np.full((2, len(axes["fixed"]), 4), np.nan)
    share = np.full((len(axes["fixed"]), points), np.nan)
    for i, fixed in enumerate(axes["fixed"]):
        kept = ends[0 if fixed < 1 else 1 if fixed <= 2 else 2]
        for k, (a, b) in enumerate(kept):
            low[i, k], high[i, k] = a, b
        along = np.linspace(0, 1, points)
        starts, lengths = np.array(kept).T[0] if kept else [], np.diff(kept)[:, 0] if kept else []
        if kept:
            reached = np.concatenate([[0], np.cumsum(lengths)])
            piece = np.clip(np.searchsorted(reached, along * reached[-1], "right") - 1, 0, len(kept) - 1)
            share[i] = starts[piece] + along * reached[-1] - reached[piece]
        else:
            mark(out, np.arange(len(axes["fixed"])) == i, "no_deal")
    generalist, first = utilities(share, 1.0, 1.0)
    second = utilities(share, 1.0, 4.0)[1]
    out.update(pareto_components=np.isfinite(low).sum(-1).astype(float), pareto_share_low=low, pareto_share_high=high,
               frontier_share=share, frontier_generalist_utility=generalist,
               frontier_specialist_utility=np.stack([first, second], axis=-1))
    return out


SETS = {"pareto_share_low": ["component"], "pareto_share_high": ["component"], "frontier_share": ["frontier"],
        "frontier_generalist_utility": ["frontier"], "frontier_specialist_utility": ["frontier", "specialist"],
        **{name: ["specialist"] for name in OWN}}


def write(path, axes, out, auxiliary=None, title="Who adapts as adaptation gets dearer", name_auxiliary=True,
          inner=None, own=None):
    """The file of architecture.md: scales on every dimension, int8 codes, UTF-8 strings, provenance apart.

    `auxiliary`: {dimension: {coordinate: values}} of zipped axes. `inner`: {dimension: values} of those that outputs
    have beside the axes, all of them or none, or those that `own` names by output.
    """
    text = h5py.string_dtype("utf-8")
    auxiliary = auxiliary or {}
    dimensions = {**axes, **(inner or {})}
    with h5py.File(path, "w", track_order=True) as file:
        file.attrs.update({"Conventions": "CF-1.8", "title": title, "history": "haggle run", "spec_hash": "0" * 64})
        for name, values in dimensions.items():
            values = np.asarray(values)
            scale = file.create_dataset(name, data=values.astype(object) if values.dtype.kind in "OU" else values,
                                        dtype=text if values.dtype.kind in "OU" else None, track_order=True)
            _describe_axis(scale, name)
            scale.make_scale(name)
        for dimension, coordinates in auxiliary.items():
            for name, values in coordinates.items():
                variable = file.create_dataset(name, data=np.asarray(values), track_order=True)
                _describe_axis(variable, name)
                variable.dims[0].attach_scale(file[dimension])
        for name, values in out.items():
            variable = file.create_dataset(name, data=values, chunks=values.shape or None, track_order=True,
                                           compression="gzip" if values.shape else None)
            describe(variable, name, [c for some in auxiliary.values() for c in some] if name_auxiliary else [])
            has = dimensions if own is None else [*axes, *own.get(name, [])]
            for place, dimension in zip(range(values.ndim), has):
                variable.dims[place].attach_scale(file[dimension])
        file.create_group("provenance").attrs["host"] = "somewhere"
    return path


def _describe_axis(variable, name):
    variable.attrs.update({"long_name": MEANING.get(name, name), "units": "1"})
    if name in SYMBOLS:
        variable.attrs["symbol"] = SYMBOLS[name]


def describe(variable, name, coordinates=()):
    """Attributes of an output."""
    variable.attrs["units"] = "1"
    if name in CODES:
        long_name, meanings = CODES[name]
        variable.attrs["flag_values"] = np.arange(len(meanings), dtype=np.int8)
        variable.attrs["flag_meanings"] = " ".join(meanings)
    else:
        long_name = (REALS | ON_REQUEST)[name]
        variable.attrs["_FillValue"] = np.array([np.nan], variable.dtype)
    variable.attrs["long_name"] = long_name
    if coordinates:
        variable.attrs["coordinates"] = " ".join(coordinates)


def labels(*words):
    return np.array(words, dtype=object)
