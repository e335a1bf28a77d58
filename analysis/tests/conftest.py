# SPDX-License-Identifier: MIT
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import result_files as files  # noqa: E402


@pytest.fixture
def sweep(tmp_path):
    """Four bargains, three weights, two geometric costs: everything solved."""
    axes = {
        "solution": files.labels("nash", "utilitarian", "powerful_generalist", "powerful_specialist"),
        "weight": np.array([0.25, 0.5, 0.75]),
        "c0": np.geomspace(0.1, 10, 11),
        "c1": np.geomspace(0.1, 10, 15),
    }
    return files.write(tmp_path / "sweep.h5", axes, files.solve(axes))


@pytest.fixture
def gaps(tmp_path):
    """c1 × c0 with every kind of point that has no number: each kind a block of its own."""
    axes = {"c0": np.geomspace(0.1, 10, 12), "c1": np.geomspace(0.1, 10, 14)}
    out = files.solve(axes, where=lambda grid: grid["c1"] > 0.15)  # the first two columns
    for status, rows in (("no_deal", 0), ("unbounded", 1), ("out_of_domain", 2), ("not_converged", 3), ("pending", 4)):
        points = np.zeros(out["status"].shape, bool)
        points[rows, 5:] = True
        files.mark(out, points, status)
    return files.write(tmp_path / "gaps.h5", axes, out)


@pytest.fixture
def zipped(tmp_path):
    """A zipped dimension `market` whose costs are out of order, and an uneven axis c1."""
    cost, size = np.array([4.0, 1.0, 0.25, 2.0, 0.5]), np.array([1.0, 1.0, 2.0, 2.0, 3.0])
    uneven = np.array([0.1, 0.2, 0.3, 1.0, 2.0, 5.0, 6.0])
    out = files.solve({"c0": cost, "c1": uneven})
    axes = {"market": np.arange(5), "c1": uneven}
    return files.write(tmp_path / "zipped.h5", axes, out, {"market": {"c0": cost, "market_size": size}})
