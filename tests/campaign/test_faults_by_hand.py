# SPDX-License-Identifier: MIT
"""Faults that the campaign once found something with, made on purpose."""

import json
import signal
import sqlite3
import sys

import pytest

import sweeps
from engine import RESULT, Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faulty_io stands before Linux' C library")

SPEC = """\
haggle: 1
game: fine_tuning
generalist: {outside_option: 0.01, cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 40]}}}
specialists:
  - revenue: {elasticity: 0.8}
    cost: {coefficient: {axis: c1, geomspace: [0.1, 10, 400]}}
bargaining: {solution: {axis: solution, values: [nash, egalitarian]}}
"""
CHECKPOINT = RESULT + ".checkpoint"

# Every game allocates: with shares of their own; with one share a game takes the room that its first neighbour left.
GENERAL = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 4]}}}
specialists:
  - revenue: {family: hill, steepness: 4}
    cost: {coefficient: 1, linear: 0.1, fixed: 0.05}
  - revenue: {family: logarithmic}
    cost: {coefficient: {axis: c1, geomspace: [0.1, 10, 4]}, linear: 0.2}
bargaining: {contract: per_domain}
"""


@pytest.fixture
def run(tmp_path):
    """run(fail=None) begins the sweep or goes on with it; returns the exit code and the run."""
    (tmp_path / "sweep.yaml").write_text(SPEC)
    (tmp_path / "work").mkdir()

    def begin(*arguments, fail=None, threads=1):
        arguments = arguments or ("run", "../sweep.yaml", "-o", RESULT, "-j", threads, "--checkpoint", "on", "--resume")
        made = Run(tmp_path / "work", *arguments, fail=fail)
        return made.end(), made

    begin.folder = tmp_path / "work"
    return begin


@pytest.fixture
def whole(run, tmp_path):
    assert run("run", "../sweep.yaml", "-o", "../whole.h5", "--checkpoint", "off")[0] == 0
    return sweeps.arrays_of(tmp_path / "whole.h5")


def finished_as(whole, run):
    result = run.folder / RESULT
    return run()[0] == 0 and sweeps.same(sweeps.arrays_of(result), whole) and [*run.folder.iterdir()] == [result]


def test_a_commit_that_a_kill_cut_short_is_taken_back(run, whole):
    # The first journal is the new checkpoint's, the second that of the first commit.
    assert run(fail="unlink:2:kill")[0] == -signal.SIGKILL
    assert (run.folder / f"{CHECKPOINT}-journal").exists()
    code, inspected = run("inspect", CHECKPOINT, "--json")
    assert code == 0, inspected.said
    assert json.loads(inspected.out)["blocks_done"] == 0
    assert finished_as(whole, run)


@pytest.mark.parametrize("fail", ["rename:2:EIO", "truncate:4:EIO"])
def test_an_error_in_the_last_steps_is_said_and_nothing_is_lost(run, whole, fail):
    code, failed = run(fail=fail)
    assert code == 4
    assert RESULT in failed.said and "--resume" in failed.said
    assert json.loads(run("inspect", CHECKPOINT, "--json")[1].out)["gaps"] == []
    assert finished_as(whole, run)


def test_a_folder_that_cannot_be_synced_is_an_error(run, whole):
    # SQLite syncs the folder twice for the new checkpoint; the third is ours, after its rename.
    code, failed = run(fail="sync_folder:3:EIO")
    assert code == 4
    assert CHECKPOINT in failed.said
    assert finished_as(whole, run)


def test_a_checkpoint_that_says_nothing_is_damaged_and_not_of_another_sweep(run, whole):
    assert run(fail="rename:2:EIO")[0] == 4
    with sqlite3.connect(run.folder / CHECKPOINT) as database:
        database.execute("DELETE FROM meta")
    database.close()
    code, refused = run()
    assert code == 4
    assert "damaged" in refused.said and "--force" in refused.said
    assert run("run", "../sweep.yaml", "-o", RESULT, "--checkpoint", "on", "--force")[0] == 0
    assert finished_as(whole, run)


def test_what_a_finished_sweep_could_not_remove_is_removed_by_the_next_run(run, whole):
    assert run()[0] == 0
    (run.folder / f"{RESULT}.part").write_bytes(b"left")
    assert finished_as(whole, run)


@pytest.mark.parametrize("allocation", [2**k for k in (13, 15, 17)])
def test_a_general_game_that_gets_no_memory_ends_the_run_and_not_the_process(run, tmp_path, allocation):
    (tmp_path / "sweep.yaml").write_text(GENERAL)
    code, failed = run(fail=f"any_new:{allocation}:throw", threads=2)
    assert code == 4
    assert "out of memory" in failed.said
    assert json.loads(run("inspect", CHECKPOINT, "--json")[1].out)["points_done"] < 4 * 4
    assert run("run", "../sweep.yaml", "-o", "../whole.h5", "--checkpoint", "off")[0] == 0
    assert finished_as(sweeps.arrays_of(tmp_path / "whole.h5"), run)
