# SPDX-License-Identifier: MIT
import h5py
import haggle_analysis as haggle
import numpy as np
import pytest
import result_files as files
import xarray as xr


@pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])
def test_the_files_of_these_tests_are_netcdf_to_both_engines(sweep, engine):
    with xr.open_dataset(sweep, engine=engine) as dataset:
        assert dict(dataset.sizes) == {"solution": 4, "weight": 3, "c0": 11, "c1": 15}
        assert list(dataset.solution.values) == ["nash", "utilitarian", "powerful_generalist", "powerful_specialist"]


def test_a_loaded_sweep_is_selected_by_the_names_and_values_of_its_axes(sweep):
    with haggle.load(sweep) as dataset:
        share = dataset.share.sel(solution="nash", weight=0.5).sel(c0=1, c1=1, method="nearest")
        assert float(share) == pytest.approx(0.5, abs=1e-7)
        assert dataset.attrs["title"] == "Who adapts as adaptation gets dearer"


def test_the_published_bargains_come_back():
    for c0, c1, nash, together in ((1, 1, 0.5, 0.5), (2, 1, 0.37716, 1 / 3), (1, 2, 0.62284, 2 / 3)):
        costs = np.array([float(c0)]), np.array([float(c1)]), np.array([0.5])
        assert files.bargain("nash", *costs)[0] == pytest.approx(nash, abs=1e-5)
        assert files.bargain("utilitarian", *costs)[0] == pytest.approx(together)


def test_codes_carry_their_names(sweep):
    with haggle.load(sweep) as dataset:
        regimes = {0: "unsolved", 1: "contributor", 2: "free_rider", 3: "abstainer"}
        assert haggle.codes(dataset.specialist_regime) == regimes
        assert haggle.codes(dataset.share) == {}
        at = dict(solution="powerful_generalist", weight=0.5)
        named = haggle.names(dataset.specialist_regime.sel(at))
        assert named.dims == ("c0", "c1")
        assert named.values[0, -1] == "free_rider" and named.values[-1, 0] == "contributor"
        assert dataset.status.dtype == np.int8


def test_numbers_of_points_that_are_not_solved_are_masked_even_where_the_file_has_some(tmp_path):
    axes = {"c1": np.geomspace(0.1, 10, 8)}
    out = files.solve(axes)
    out["status"][:] = range(8)
    path = files.write(tmp_path / "all.h5", axes, out)
    with haggle.load(path) as dataset:
        kept = [files.STATUS[i] for i in np.flatnonzero(np.isfinite(dataset.share.values))]
        assert kept == ["solved", "no_deal"]
        assert list(dataset.status.values) == list(range(8))
        assert np.isnan(dataset.share.isel(c1=slice(4, 6)).values).all()


def test_zipped_axes_are_coordinates_of_their_dimension(zipped):
    with haggle.load(zipped) as dataset:
        assert dataset.c0.dims == ("market",) and "c0" in dataset.coords
        assert haggle.outputs(dataset)[:2] == ["status", "share"]


def test_zipped_axes_are_found_without_the_coordinates_attribute(tmp_path):
    cost = np.array([1.0, 2.0])
    axes = {"market": np.arange(2), "c1": np.array([1.0, 2.0, 3.0])}
    out = files.solve({"c0": cost, "c1": axes["c1"]})
    path = files.write(tmp_path / "z.h5", axes, out, {"market": {"c0": cost}}, name_auxiliary=False)
    with haggle.load(path) as dataset:
        assert "c0" in dataset.coords and "c0" not in haggle.outputs(dataset)


@pytest.fixture
def huge(tmp_path):
    """10^12 points, 16 TB if read: only one chunk was ever written, all else is fill."""
    shape, chunk = (1000,) * 4, (1, 1, 250, 250)
    with h5py.File(tmp_path / "huge.h5", "w", track_order=True) as file:
        for name in ("a", "b", "c0", "c1"):
            file[name] = np.geomspace(1, 1000, 1000)
            file[name].make_scale(name)
        for name, fill in (("status", np.int8(0)), ("share", np.nan)):
            file.create_dataset(name, shape, type(fill), chunks=chunk, fillvalue=fill)
            files.describe(file[name], name)
            for place, dimension in enumerate(("a", "b", "c0", "c1")):
                file[name].dims[place].attach_scale(file[dimension])
        file["status"][500, 500, :250, :250] = 1
        file["share"][500, 500, :250, :250] = 0.75
    return tmp_path / "huge.h5"


def test_only_the_slab_that_is_wanted_is_read(huge):
    with haggle.load(huge) as dataset:
        assert float(dataset.share[500, 500, 3, 4]) == 0.75
        assert np.isnan(dataset.share[0, 0, :3, :3].values).all()
        figure = haggle.phase_diagram(dataset, x="c1", y="c0")
    mesh = next(ax for ax in figure.axes if ax.get_gid() == "panel").collections[0]
    drawn = mesh.get_array()
    assert drawn.size == 800 * 720 and drawn.count() == drawn.size // 16  # the panel's pixels, a quarter of each axis


def test_a_bad_file_is_told_in_one_line_that_names_it(tmp_path):
    (tmp_path / "text.h5").write_text("not a file of this kind")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = np.arange(3)
    bad = {"absent.h5": "no such file", "text.h5": "not an HDF5 file", "other.h5": "haggle result", "": "not a file"}
    for name, reason in bad.items():
        with pytest.raises(haggle.BadFile, match=reason) as caught:
            haggle.load(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value) and "\n" not in str(caught.value)


def test_a_truncated_file_is_told_in_one_line(sweep):
    sweep.write_bytes(sweep.read_bytes()[:3000])
    with pytest.raises(haggle.BadFile, match="sweep.h5") as caught:
        haggle.load(sweep)
    assert "\n" not in str(caught.value)


def test_codes_without_a_name_each_are_an_error_not_a_guess(sweep):
    with h5py.File(sweep, "a") as file:
        file["status"].attrs["flag_meanings"] = "pending solved"
    with pytest.raises(haggle.BadFile, match="8 flag_values but 2 flag_meanings"):
        haggle.load(sweep)
