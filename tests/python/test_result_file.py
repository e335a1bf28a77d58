# SPDX-License-Identifier: MIT
"""The result file as others see it: h5py, xarray on both of its engines, ncdump and h5dump, by dimension name.

All games have linear revenue and quadratic costs; under a fixed share δ they invest α₀ = δ/(2c₀) and
α₁ = α₀ + (1-δ)/(2c₁) (Laufer, Kleinberg, Heidari, arXiv 2308.04399, section 3)."""

import fcntl
import json
import os
import struct
import subprocess

import h5py
import numpy as np
import pytest
import xarray as xr

from conftest import ENGINE

GRID = """\
haggle: 1
title: Shares and costs, δ × c₀
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.25, 64, 9]}}}
specialists:
  - revenue: {elasticity: 1}
    cost: {coefficient: {axis: c1, values: [0.5, 1, 3]}}
bargaining: {solution: fixed, share: {axis: delta, linspace: [0, 1, 11]}}
"""
WHERE = GRID + "where: c1 > 0.75\n"
CHOICES = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: 2}}
specialists: [{revenue: {elasticity: 1}, cost: {coefficient: {axis: c1, values: [1, 2, 4]}}}]
bargaining: {solution: {axis: solution, values: [powerful_generalist, nash, utilitarian]}}
"""
ZIP = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, values: [1, 2, 4, 8]}}}
specialists: [{revenue: {elasticity: 1}, cost: {coefficient: {axis: c1, values: [8, 4, 2, 1]}}}]
bargaining: {solution: fixed, share: {axis: delta, values: [0.25, 0.75]}}
zip: {pair: [c0, c1]}
"""
ONE = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: 2}}
specialists: [{revenue: {elasticity: 1}, cost: {coefficient: 1}}]
bargaining: {solution: fixed, share: 0.5}
"""
# Certified bargains, scanned ones, outside options and two peaks side by side.
HARD = """\
haggle: 1
game: fine_tuning
generalist:
  cost: {coefficient: {axis: c0, geomspace: [0.05, 20, 41]}}
  outside_option: {axis: d, values: [0, 0.01]}
specialists:
  - revenue: {elasticity: 0.6}
    cost: {coefficient: {axis: c1, geomspace: [0.05, 20, 41]}, exponent: {axis: k1, values: [1.05, 2]}}
bargaining: {solution: {axis: solution, values: [nash, kalai_smorodinsky, utilitarian, powerful_generalist]}}
"""
# 301 × 157 × 3 games: several blocks, the last of them clipped, and chunks of more than one stored deflate block.
LARGE = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.01, 100, 301]}}}
specialists:
  - revenue: {elasticity: 1}
    cost: {coefficient: {axis: c1, geomspace: [0.02, 50, 157]}}
bargaining: {solution: fixed, share: {axis: delta, values: [0.25, 0.5, 0.875]}}
outputs: [base_performance, performance, specialist_regime]
"""

both_engines = pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])


def closed_form(data):
    base = data.delta / (2 * data.c0)
    return base, base + (1 - data.delta) / (2 * data.c1)


def assert_agree(computed, known):
    known = known.broadcast_like(computed).transpose(*computed.dims)
    np.testing.assert_allclose(computed.values, known.values, rtol=1e-9)


def dump(program, *arguments):
    answer = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


# --- numbers stand where their names say --------------------------------------------------------------------------------


@both_engines
def test_every_game_stands_at_its_coordinates(sweep, engine):
    with xr.open_dataset(sweep(GRID), engine=engine) as data:
        assert dict(data.sizes) == {"c0": 9, "c1": 3, "delta": 11}
        base, performance = closed_form(data)
        assert_agree(data.base_performance, base)
        assert_agree(data.performance, performance)
        assert_agree(data.share, data.delta)


@both_engines
@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_clipped_and_compressed_blocks_hold_the_same_numbers_at_any_level(sweep, engine, level):
    path = sweep(LARGE + f"output: {{compression: {level}}}\n")
    with xr.open_dataset(path, engine=engine) as data:
        for computed, known in zip((data.base_performance, data.performance), closed_form(data)):
            assert_agree(computed, known)
        assert (data.specialist_regime == 1).all()


def test_threads_change_no_bit_of_bargains_easy_or_hard(sweep):
    files = [sweep(HARD, "-j", threads, name=f"{threads}.h5") for threads in (1, 2, 5)]
    first, *others = (h5py.File(path) for path in files)
    assert first["share"].size > 4 * np.prod(first["share"].chunks), "one block alone would prove nothing"
    for other in others:
        for name in first:
            if isinstance(first[name], h5py.Dataset) and name != "solution":
                assert first[name][()].tobytes() == other[name][()].tobytes(), name


def test_levels_and_threads_change_no_bit(sweep):
    files = [sweep(LARGE, "-j", 1, name="1.h5"), sweep(LARGE, "-j", 4, name="4.h5"),
             sweep(LARGE + "output: {compression: 0}\n", "-j", 3, name="0.h5")]
    first, *others = (h5py.File(path) for path in files)
    for other in others:
        assert list(first) == list(other)
        for name in first:
            if isinstance(first[name], h5py.Dataset):
                assert first[name][()].tobytes() == other[name][()].tobytes(), name


def test_float32_outputs_are_the_rounded_float64_ones(sweep):
    with h5py.File(sweep(GRID, name="64.h5")) as wide, h5py.File(
            sweep(GRID + "output: {dtype: float32}\n", name="32.h5")) as narrow:
        assert narrow["performance"].dtype == np.float32
        assert narrow["performance"].attrs["_FillValue"].dtype == np.float32
        assert narrow["status"].dtype == np.int8 and narrow["c0"].dtype == np.float64
        assert np.array_equal(narrow["performance"][()], wide["performance"][()].astype(np.float32))


def test_excluded_games_are_marked_and_have_no_numbers(sweep):
    with h5py.File(sweep(WHERE)) as file:
        status, regime = file["status"][()], file["specialist_regime"][()]
        assert (status[:, 0, :] == 2).all() and not (status[:, 1:, :] == 2).any()
        assert np.isnan(file["share"][:, 0, :]).all() and not np.isnan(file["share"][:, 1:, :]).any()
        assert (regime[:, 0, :] == 0).all() and not (regime[:, 1:, :] == 0).any()


@both_engines
def test_an_axis_of_words_is_read_as_words(sweep, engine):
    with xr.open_dataset(sweep(CHOICES), engine=engine) as data:
        assert list(data.solution.values) == ["powerful_generalist", "nash", "utilitarian"]
        share = data.share.sel(c1=1.0)
        assert float(share.sel(solution="powerful_generalist")) == pytest.approx(2 / 3)
        assert float(share.sel(solution="nash")) == pytest.approx(0.37716, abs=5e-6)
        assert float(share.sel(solution="utilitarian")) == pytest.approx(1 / 3)


@both_engines
def test_a_zip_is_one_dimension_with_its_axes_along_it(sweep, engine):
    with xr.open_dataset(sweep(ZIP), engine=engine) as data:
        assert dict(data.sizes) == {"pair": 4, "delta": 2}
        assert set(data.coords) == {"pair", "c0", "c1", "delta"}
        assert data.pair.dtype == np.int64 and list(data.pair.values) == [0, 1, 2, 3]
        assert data.c0.dims == data.c1.dims == ("pair",)
        base, performance = closed_form(data)
        assert_agree(data.base_performance, base)
        assert_agree(data.performance, performance)
        assert data.swap_dims(pair="c0").sel(c0=4).c1 == 2


@both_engines
def test_a_single_game_is_a_file_of_scalars(sweep, engine):
    with xr.open_dataset(sweep(ONE), engine=engine) as data:
        assert dict(data.sizes) == {}
        assert float(data.base_performance) == pytest.approx(0.125)
        assert int(data.status) == 1


# --- the form of the file -------------------------------------------------------------------------------------------------


def walk(spec_file):
    with h5py.File(spec_file) as file:
        for name, variable in file.items():
            if isinstance(variable, h5py.Dataset):
                yield name, variable


@pytest.mark.parametrize("spec", [GRID, CHOICES, ZIP], ids=["grid", "choices", "zip"])
def test_every_dimension_of_every_variable_has_its_scale(sweep, spec):
    for name, variable in walk(sweep(spec)):
        if h5py.h5ds.is_scale(variable.id):
            assert variable.name == "/" + name and variable.ndim == 1
            continue
        for dimension in variable.dims:
            assert len(dimension) == 1
            assert dimension[0].shape == (variable.shape[list(variable.dims).index(dimension)],)


def test_variables_have_plain_types_and_say_what_they_are(sweep):
    for name, variable in walk(sweep(CHOICES)):
        assert variable.attrs["units"] and variable.attrs["long_name"], name
        string = h5py.check_string_dtype(variable.dtype)
        if name == "solution":
            assert string.encoding == "utf-8" and string.length is None
        elif "flag_values" in variable.attrs:
            assert variable.dtype == np.int8 and variable.attrs["flag_values"].dtype == np.int8
            assert len(variable.attrs["flag_meanings"].split()) == len(variable.attrs["flag_values"])
            assert variable.fillvalue == 0 and "_FillValue" not in variable.attrs
        else:
            assert variable.dtype == np.float64
            if not h5py.h5ds.is_scale(variable.id):
                assert np.isnan(variable.fillvalue) and np.isnan(variable.attrs["_FillValue"]).all()


def test_status_names_its_codes_and_zero_is_pending(sweep):
    with h5py.File(sweep(ONE)) as file:
        assert file["status"].attrs["flag_meanings"].split()[:3] == ["pending", "solved", "excluded"]
        assert list(file["status"].attrs["flag_values"][:3]) == [0, 1, 2]


def test_text_is_variable_length_utf8(sweep):
    with h5py.File(sweep(GRID)) as file:
        assert file.attrs["title"] == "Shares and costs, δ × c₀"
        objects = [file, file["provenance"], *(v for v in file.values())]
        for thing in objects:
            for name in thing.attrs:
                kind = thing.attrs.get_id(name).get_type()
                if isinstance(kind, h5py.h5t.TypeStringID) and name not in ("CLASS", "NAME"):
                    assert kind.is_variable_str() and kind.get_cset() == h5py.h5t.CSET_UTF8, name


def test_only_filters_that_every_reader_has_are_used(sweep):
    for name, variable in walk(sweep(GRID)):
        properties = variable.id.get_create_plist()
        filters = {properties.get_filter(i)[0] for i in range(properties.get_nfilters())}
        assert filters <= {h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_DEFLATE}, name


def test_variables_and_attributes_keep_their_order(sweep):
    path = sweep(ZIP)
    header = dump("ncdump", "-h", path)
    variables = [" pair(pair)", " c0(pair)", " c1(pair)", " delta(delta)", " status(", " share("]
    attributes = [":Conventions", ":title", ":history", ":source", ":spec_name", ":spec ", ":spec_resolved", ":command_line"]
    for names in (variables, attributes):
        places = [header.index(name) for name in names]
        assert places == sorted(places)


def test_the_root_is_the_same_from_run_to_run_and_the_rest_is_provenance(sweep):
    with h5py.File(sweep(GRID, "-j", 1, name="a.h5")) as a, h5py.File(sweep(GRID, "-j", 3, name="b.h5")) as b:
        assert dict(a.attrs) == dict(b.attrs)
        assert a.attrs["Conventions"] == "CF-1.10"
        assert a.attrs["history"].endswith(": run spec.yaml")
        for name in ("title", "source", "references", "game", "engine_version", "commit", "spec_hash"):
            assert a.attrs[name], name
        provenance = a["provenance"].attrs
        assert provenance["spec"] == GRID
        for name in ("spec_resolved", "compiler", "instruction_set", "host", "threads", "solve_seconds"):
            assert provenance[name], name


# --- other programs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", [GRID, CHOICES, ZIP, ONE, WHERE], ids=["grid", "choices", "zip", "one", "where"])
def test_ncdump_and_h5dump_read_the_whole_file(sweep, spec):
    path = sweep(spec)
    assert "group: provenance" in dump("ncdump", "-h", path)
    assert "share" in dump("ncdump", path)
    assert 'DATASET "status"' in dump("h5dump", "-H", path)
    assert "DATA {" in dump("h5dump", path)


def test_ncdump_shows_dimensions_units_and_codes(sweep):
    header = dump("ncdump", "-h", sweep(CHOICES))
    assert "c1 = 3 ;" in header and "solution = 3 ;" in header
    assert "string solution(solution) ;" in header
    assert "byte status(c1, solution) ;" in header
    assert "double share(c1, solution) ;" in header
    assert "status:flag_values = 0b, 1b, 2b, 3b, 4b, 5b, 6b, 7b ;" in header
    assert "share:_FillValue = NaN ;" in header


def test_the_engine_counts_as_h5py_does(sweep):
    path = sweep(WHERE)
    summary = json.loads(dump(ENGINE, "inspect", path, "--json"))
    with h5py.File(path) as file:
        for name in ("status", "specialist_regime"):
            values = file[name].attrs["flag_values"]
            for code, meaning in zip(values, file[name].attrs["flag_meanings"].split()):
                assert summary["variables"][name]["counts"][meaning] == int((file[name][()] == code).sum())


def test_the_engine_says_that_a_foreign_file_is_foreign(tmp_path):
    path = tmp_path / "other.h5"
    with h5py.File(path, "w") as file:
        file["numbers"] = np.arange(3)
    answer = subprocess.run([ENGINE, "inspect", path], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 4
    assert "not a result of haggle" in answer.stderr


def test_a_temporary_file_is_refused_while_a_run_writes_it_and_replaced_after(sweep, tmp_path):
    part = tmp_path / "result.h5.part"
    with open(part, "wb") as held:
        held.write(b"\x89HDF\r\n\x1a\n and half a file")
        held.flush()
        fcntl.fcntl(held, getattr(fcntl, "F_OFD_SETLK", 37), struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
        with pytest.raises(AssertionError, match="another run"):
            sweep(ONE)
        assert part.read_bytes() == b"\x89HDF\r\n\x1a\n and half a file"
    assert sweep(ONE).exists() and not part.exists()
