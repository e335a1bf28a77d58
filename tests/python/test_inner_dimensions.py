# SPDX-License-Identifier: MIT
"""Outputs with dimensions beside the grid's, as others read them: a toy sweep whose every value is known.

each[x, y, who] = 10 x + y + 1000 who; side says whether x > y + who; path[x, y, step, who] = each + 1e5 step."""

import json
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from command import HAGGLE, haggle

TOY = Path(HAGGLE).parent / "tests/toy_file"
PEOPLE = ["Ann", "Bob", "Zoë"]


def write(path, *shape_block_level):
    answer = subprocess.run([TOY, path, *map(str, shape_block_level)], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    return path


@pytest.fixture
def wide(tmp_path):
    """41 × 53 points in clipped blocks, compressed."""
    return write(tmp_path / "wide.h5", 41, 53, 300, 4)


def each(x, y, who):
    return 10 * x + y + 1000.0 * who


def expected(nx, ny):
    """each (x, y, who) and path (x, y, step, who)."""
    x, y, step, who = np.meshgrid(np.arange(nx), np.arange(ny), np.arange(4), np.arange(3), indexing="ij")
    return each(x, y, who)[:, :, 0, :], each(x, y, who) + 1e5 * step


@pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])
def test_inner_dimensions_come_last_with_their_names_and_labels(wide, engine):
    with xr.open_dataset(wide, engine=engine) as data:
        assert dict(data.sizes) == {"x": 41, "y": 53, "who": 3, "step": 4}
        assert data["value"].dims == ("x", "y") and data["status"].dims == ("x", "y")
        assert data["each"].dims == ("x", "y", "who")
        assert data["path"].dims == ("x", "y", "step", "who")
        assert list(data["who"].values) == PEOPLE
        assert list(data["step"].values) == [0, 1, 2, 3] and data["step"].dtype.kind == "i"
        assert data["who"].attrs == {"long_name": "Who is asked", "units": "1"}
        assert data["step"].attrs == {"long_name": "How far one went", "units": "1"}
        wanted, way = expected(41, 53)
        np.testing.assert_array_equal(data["each"], wanted)
        np.testing.assert_array_equal(data["path"], way)
        np.testing.assert_array_equal(data["path"].sel(who="Zoë", step=2).values, way[:, :, 2, 2])
        x, y, who = np.meshgrid(np.arange(41), np.arange(53), np.arange(3), indexing="ij")
        np.testing.assert_array_equal(data["side"], np.where(x > y + who, 1, 2))


def test_scales_say_who_uses_them_and_chunks_hold_whole_rows(wide):
    with h5py.File(wide) as file:
        assert set(file) == {"x", "y", "who", "step", "status", "each", "value", "side", "path", "provenance"}
        assert h5py.check_string_dtype(file["who"].dtype).encoding == "utf-8"
        for name, dims in (("each", ["x", "y", "who"]), ("path", ["x", "y", "step", "who"]), ("value", ["x", "y"])):
            assert [d[0].name.strip("/") for d in file[name].dims] == dims
            block = file["status"].chunks
            assert file[name].chunks[:2] == block and file[name].chunks[2:] == file[name].shape[2:]
        users = {(file[ref].name, int(place)) for ref, place in file["who"].attrs["REFERENCE_LIST"]}
        assert users == {("/each", 2), ("/side", 2), ("/path", 3)}


def test_ncdump_and_h5dump_read_it(wide):
    header = subprocess.run(["ncdump", "-h", wide], capture_output=True, text=True, check=True).stdout
    for line in ("double path(x, y, step, who) ;", "string who(who) ;", "byte side(x, y, who) ;"):
        assert line in header
    subprocess.run(["h5dump", "-d", "/path", "-o", "/dev/null", wide], capture_output=True, check=True)


def test_a_single_game_keeps_its_inner_dimensions(tmp_path):
    with xr.open_dataset(write(tmp_path / "one.h5"), engine="h5netcdf") as data:
        assert dict(data.sizes) == {"who": 3, "step": 4} and data["status"].dims == ()
        assert list(data["each"].sel(who=PEOPLE)) == [each(2, 3, who) for who in range(3)]


def test_inspect_counts_codes_at_each_place(wide):
    answer = haggle("inspect", wide, "--json", cwd=wide.parent)
    summary = json.loads(answer.stdout)
    assert summary["dimensions"] == {"x": 41, "y": 53, "who": 3, "step": 4}
    assert summary["variables"]["path"]["dimensions"] == ["x", "y", "step", "who"]
    with h5py.File(wide) as file:
        side = file["side"][...]
    counted = summary["variables"]["side"]
    assert counted["counts"] == {"unsolved": 0, "above": int((side == 1).sum()), "below": int((side == 2).sum())}
    for who, name in enumerate(PEOPLE):
        assert counted["counts_by_place"][name]["above"] == int((side[..., who] == 1).sum())
    assert "counts_by_place" not in summary["variables"]["status"]
    assert "side[Zoë]" in haggle("inspect", wide, cwd=wide.parent).stdout
