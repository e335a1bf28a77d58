# SPDX-License-Identifier: MIT
"""Pictures of sweeps with more games than pixels."""

import tracemalloc

import h5py
import haggle_analysis as haggle
import numpy as np
import pytest
import result_files as files
from haggle_analysis import axes, read, select
from matplotlib.collections import QuadMesh


def axis(values, log=False):
    values = np.asarray(values, dtype=float)
    return axes.Axis("c", "c", values, np.arange(len(values)), "c", "c", False, log)


@pytest.mark.parametrize("whole", [axis(np.linspace(0, 1, 1000)), axis(np.geomspace(1e-3, 1e3, 1000), log=True),
                                   axis(np.concatenate([np.linspace(0, 1, 900), np.linspace(2, 50, 7)]))])
def test_a_thinned_axis_keeps_its_ends_its_outline_and_true_values(whole):
    few, cell = whole.thinned(60)
    assert len(few.values) <= 60 and list(few.values[[0, -1]]) == list(whole.values[[0, -1]])
    assert set(few.values) <= set(whole.values) and list(few.edges[[0, -1]]) == list(whole.edges[[0, -1]])
    assert np.all((few.edges[cell] <= whole.values) & (whole.values <= few.edges[cell + 1]))
    assert np.all((few.edges[:-1] < few.values) & (few.values < few.edges[1:]))


def test_where_entries_are_sparse_each_keeps_a_cell_of_its_own():
    few, _ = axis(np.concatenate([np.linspace(0, 1, 900), np.linspace(2, 50, 7)])).thinned(60)
    assert set(np.linspace(2, 50, 7)) <= set(few.values)


def test_a_short_axis_is_left_alone():
    whole = axis([1, 2, 4])
    assert whole.thinned(3)[0] is whole


@pytest.fixture
def fine(tmp_path):
    """c0 out of order × c1, 90 × 110, in the middle a lone failure and a lone game without a deal."""
    grid = {"c0": np.random.default_rng(1).permutation(np.geomspace(0.1, 10, 90)), "c1": np.geomspace(0.1, 10, 110)}
    out = files.solve(grid)
    lone = np.zeros(out["status"].shape, bool)
    lone[40, 61] = True
    files.mark(out, lone, "not_converged")
    return files.write(tmp_path / "fine.h5", grid, out)


def thin(path, most_x, most_y, **wanted):
    with haggle.load(path) as dataset:
        view = select.view(dataset, x="c1", y="c0", **wanted)
        read.read(dataset, view, most_x, most_y)
    return view


@pytest.mark.parametrize("band", [50, 1000, 1 << 21])
def test_every_thinned_cell_shows_a_true_game_at_its_true_place_however_it_is_read(fine, band, monkeypatch):
    monkeypatch.setattr(read, "BAND", band)
    view = thin(fine, 20, 30)
    shown = view.data["share"][0]
    assert shown.shape == (len(view.y.values), len(view.x.values)) and shown.shape <= (30, 20)
    c0, c1 = np.meshgrid(view.y.values, view.x.values, indexing="ij")
    expected = files.bargain("nash", c0, c1, np.full(shown.shape, 0.5))
    solved = np.isfinite(shown)
    assert np.count_nonzero(~solved) == 1
    np.testing.assert_allclose(shown[solved], expected[solved])


@pytest.mark.parametrize("band", [50, 1 << 21])
def test_a_lone_failure_is_never_thinned_away(fine, band, monkeypatch):
    monkeypatch.setattr(read, "BAND", band)
    view = thin(fine, 9, 7)
    with haggle.load(fine) as dataset:
        c0, c1 = float(dataset.c0[40]), float(dataset.c1[61])
    failed = np.argwhere(view.data["status"][0] == files.STATUS.index("not_converged"))
    row, column = np.searchsorted(view.y.edges, c0) - 1, np.searchsorted(view.x.edges, c1) - 1
    assert failed.tolist() == [[row, column]]


def test_games_are_counted_by_status_before_they_are_thinned(fine):
    assert thin(fine, 9, 7).counts == {"solved": 90 * 110 - 1, "not_converged": 1}


def test_a_thinned_picture_says_how_many_games_failed(tmp_path):
    grid = {"c1": np.geomspace(0.1, 10, 1000), "c0": np.geomspace(0.1, 10, 10)}
    out = {"status": np.ones((1000, 10), np.int8), "share": np.full((1000, 10), 0.25)}
    out["status"][500:503, 4] = files.STATUS.index("unbounded")
    path = files.write(tmp_path / "t.h5", grid, out)
    assert haggle.phase_diagram(path)._suptitle.get_text().endswith("3 of 10,000 games failed")
    with haggle.load(path) as dataset:
        whole = haggle.phase_diagram(dataset.isel(c1=slice(450, 550)))
    assert "failed" not in whole._suptitle.get_text()


def test_a_picture_holds_no_more_cells_than_pixels_and_its_contour_stays_where_it_is(tmp_path):
    grid = {"c0": np.geomspace(0.1, 10, 1500), "c1": np.geomspace(0.1, 10, 1600)}
    c0, c1 = np.meshgrid(*grid.values(), indexing="ij")
    out = {"status": np.ones(c0.shape, np.int8), "share": c1 / (c0 + c1)}  # utilitarian: one half on the diagonal
    figure = haggle.phase_diagram(files.write(tmp_path / "fine.h5", grid, out))
    ax = next(ax for ax in figure.axes if ax.get_gid() == "panel")
    mesh = next(c for c in ax.collections if isinstance(c, QuadMesh))
    assert mesh.get_array().size <= 800 * 720
    outline = mesh.get_coordinates()[[0, -1], [0, -1]]
    ratio = 100 ** (0.5 / np.array([1599, 1499]))  # half a cell
    np.testing.assert_allclose(outline, [0.1 / ratio, 10 * ratio])
    line = np.concatenate([path.vertices for c in ax.collections if c is not mesh for path in c.get_paths()])
    np.testing.assert_allclose(line[:, 0], line[:, 1], rtol=1e-4)


def test_memory_does_not_grow_with_the_sweep(tmp_path):
    names = ("c0", "c1", "solution")
    shape = (2000, 2000, 6)
    with h5py.File(tmp_path / "large.h5", "w", track_order=True) as file:
        for name, n in zip(names, shape):
            file[name] = np.geomspace(1, 1000, n)
            file[name].make_scale(name)
        for name, fill in (("status", np.int8(1)), ("share", 0.5)):  # nothing but fill values, so no bytes on the disk
            file.create_dataset(name, shape, type(fill), chunks=(4, 2000, 6), fillvalue=fill)
            files.describe(file[name], name)
            for place, dimension in enumerate(names):
                file[name].dims[place].attach_scale(file[dimension])
    with haggle.load(tmp_path / "large.h5") as dataset:
        view = select.view(dataset, x="c0", y="c1", facet="solution")
        tracemalloc.start()
        read.read(dataset, view, 500, 470)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert view.counts == {"solved": 24_000_000}
    assert peak < 150e6  # the shares alone are 192 MB
