# SPDX-License-Identifier: MIT
"""Sweeps of the general game as wholes: killed, spread over threads, with games that are none, and what `inspect` counts."""

import json
import os

import h5py
import numpy as np
import pytest
from command import haggle
from test_durable import arrays, same, start, until_durable

# Fixed and linear costs: thresholds and free-riders, so that games take their time.
TWO = """\
haggle: 1
title: Two domains, one of them dear to enter
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.2, 5, 30]}, linear: 0.05}}
specialists:
  - name: search
    revenue: {family: logarithmic, scale: 2}
    cost: {coefficient: 0.5, linear: 0.2}
  - name: law
    revenue: {family: hill, steepness: 3}
    cost: {coefficient: 0.3, linear: {axis: l, geomspace: [0.05, 2, 30]}, fixed: 0.1}
bargaining: {solution: egalitarian}
"""
THREE = TWO.replace("30]", "7]").replace("bargaining: ", "  - name: games\n    revenue: {elasticity: 0.7}\n    cost: {coefficient: 1, linear: 0.3}\nbargaining: ")


def test_a_killed_sweep_of_two_specialists_goes_on_to_the_arrays_of_one_that_was_not(tmp_path):
    (tmp_path / "two.yaml").write_text(TWO)
    command = ["run", "two.yaml", "-j1", "--checkpoint", "on", "--resume", "--progress", "json"]
    durable = []
    for wanted in (1, 4, 8):
        process = start(*command, cwd=tmp_path)
        durable.append(until_durable(process, wanted)["blocks_durable"])
        process.kill()
        process.communicate()
        assert process.returncode == -9 and not (tmp_path / "two.h5").exists()
        seen = json.loads(haggle("inspect", "two.h5.checkpoint", "--json", cwd=tmp_path).stdout)
        assert durable[-1] <= seen["blocks_done"] < seen["blocks_total"]
    answer = haggle(*command, cwd=tmp_path)
    whole = haggle("run", "two.yaml", "-j2", "-o", "whole.h5", cwd=tmp_path)
    assert answer.returncode == whole.returncode in (0, 3), answer.stderr  # 3: with a game that did not converge
    same(tmp_path / "two.h5", tmp_path / "whole.h5")
    assert sorted(os.listdir(tmp_path)) == ["two.h5", "two.yaml", "whole.h5"]


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    folder = tmp_path_factory.mktemp("three")
    (folder / "three.yaml").write_text(THREE)
    assert haggle("run", "three.yaml", "-j1", cwd=folder).returncode in (0, 3)
    return folder


@pytest.mark.parametrize("threads", [2, 5])
def test_three_specialists_are_the_same_to_the_bit_for_any_number_of_threads(three, threads):
    assert haggle("run", "three.yaml", "-j", threads, "-o", f"{threads}.h5", cwd=three).returncode in (0, 3)
    same(three / "three.h5", three / f"{threads}.h5")


def test_inspect_counts_what_each_specialist_does(three):
    counted = json.loads(haggle("inspect", "three.h5", "--json", cwd=three).stdout)["variables"]["specialist_regime"]["counts_by_place"]
    with h5py.File(three / "three.h5") as file:
        codes = file["specialist_regime"][...]
        names = file["specialist_regime"].attrs["flag_meanings"]
        names = (names if isinstance(names, str) else names.decode()).split()
        values = file["specialist_regime"].attrs["flag_values"]
    assert list(counted) == ["search", "law", "games"]
    for who, counts in enumerate(counted.values()):
        for name, value in zip(names, values):
            assert counts.get(name, 0) == int((codes[..., who] == value).sum())
    assert len(np.unique(codes[..., 1])) == 3, "a test of one regime counts little"
    text = haggle("inspect", "three.h5", cwd=three).stdout
    assert all(name in text for name in counted)


# `b` makes the first market what no market is: it falls beyond 1/b. At 0 it is one.
NONE = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.5, 8, 2]}}}
specialists:
  - name: odd
    revenue: {family: expression, expression: "performance*exp(-b*performance)", numbers: {b: {axis: b, values: [0, 20]}}}
    cost: {coefficient: 1, linear: 0.1}
  - name: even
    revenue: {family: logarithmic}
    cost: {coefficient: 1}
bargaining: {solution: {axis: solution, values: [nash, utilitarian]}}
"""


def test_a_game_whose_expression_falls_is_out_of_domain_and_harms_no_other(sweep):
    mixed, pure = sweep(NONE), sweep(NONE.replace("[0, 20]", "[0]"), name="pure.h5")
    with h5py.File(mixed) as some, h5py.File(pure) as all_right:
        names = {int(v): n for v, n in zip(some["status"].attrs["flag_values"], some["status"].attrs["flag_meanings"].split())}
        assert [names[int(code)] for code in np.unique(some["status"][:, 1])] == ["out_of_domain"]
        assert [names[int(code)] for code in np.unique(some["status"][:, 0])] == ["solved"]
        compared = 0
        for name, array in all_right.items():
            if isinstance(array, h5py.Dataset) and array.ndim >= 3:
                assert some[name][:, :1].tobytes() == array[...].tobytes(), name
                lost = some[name][:, 1]
                assert name == "status" or (np.isnan(lost).all() if lost.dtype.kind == "f" else (lost == 0).all()), name
                compared += 1
        assert compared > 8
    assert arrays(mixed).keys() == arrays(pure).keys()


def test_why_an_expression_is_none_is_said_of_its_game_and_verify_agrees(sweep):
    file = sweep(NONE)
    falls = "specialists[0].revenue.expression: revenue falls, from 0.0183939 at performance 0.0501187 to 0.0182623 at 0.0562341"
    for where in (["spec.yaml"], ["--from", file.name]):
        told = haggle("solve", *where, "--at", "b=20", "--at", "c0=#0", "--at", "solution=nash", cwd=file.parent)
        assert told.returncode == 3
        assert "out_of_domain" in told.stdout and falls in told.stdout
        answer = haggle("solve", *where, "--at", "b=20", "--at", "c0=#0", "--at", "solution=nash", "--json", cwd=file.parent)
        assert json.loads(answer.stdout)["flaws"] == [falls]
    sound = haggle("verify", file.name, "--sample", 2, "--json", cwd=file.parent)
    assert sound.returncode == 0, sound.stdout


# Beyond the points at which expressions are tried, 1e6, revenue has a value only up to `b`.
FAR = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: 1e-13}}
specialists:
  - revenue: {family: expression, expression: "performance + 0*sqrt(b - performance)", numbers: {b: {axis: b, values: [2e6, 1e30]}}}
    cost: {coefficient: 1e-13}
"""


def test_verify_blames_no_file_for_a_game_that_turned_out_undefined_as_it_was_solved(sweep):
    file = sweep(FAR)
    with h5py.File(file) as f:
        names = {int(v): n for v, n in zip(f["status"].attrs["flag_values"], f["status"].attrs["flag_meanings"].split())}
        assert [names[int(code)] for code in f["status"][:]] == ["out_of_domain", "solved"]
    told = haggle("verify", file.name, cwd=file.parent)
    assert told.returncode == 0, told.stdout
