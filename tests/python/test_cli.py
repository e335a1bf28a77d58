# SPDX-License-Identifier: MIT
"""The command line as a shell sees it: files, streams and exit codes."""

import json
import os
import pty
import resource
import signal
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
HAGGLE = os.environ.get("HAGGLE", str(ROOT / "build/release/haggle"))

SPEC = """\
haggle: 1
title: Two costs
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.5, 8, 5]}}}
specialists:
  - name: D
    revenue: {elasticity: 1}
    cost: {coefficient: {axis: c1, geomspace: [0.5, 8, 5]}}
bargaining: {solution: {axis: solution, values: [nash, egalitarian, utilitarian]}}
"""

# 10^9 games: more than any machine solves before it is told to stop.
ENDLESS = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 1000]}}}
specialists:
  - revenue: {elasticity: {axis: elasticity, linspace: [0.3, 1, 1000]}}
    cost: {coefficient: {axis: c1, geomspace: [0.1, 10, 1000]}}
outputs: [share]
"""


def haggle(*arguments, cwd, **options):
    return subprocess.run([HAGGLE, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=300, **options)


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "two_costs.yaml"
    path.write_text(SPEC)
    return path


# --- usage -----------------------------------------------------------------------------------------------------------


def test_the_version_is_printed_and_is_no_error(tmp_path):
    answer = haggle("--version", cwd=tmp_path)
    assert answer.returncode == 0
    assert answer.stdout.startswith("haggle 0.")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["sweep"],
        ["run"],
        ["run", "two_costs.yaml", "--fast"],
        ["run", "two_costs.yaml", "-j", "-1"],
        ["run", "two_costs.yaml", "--progress", "dots"],
        ["run", "two_costs.yaml", "--set", "c0"],
        ["solve", "two_costs.yaml", "--at", "c0"],
        ["games", "chess"],
    ],
)
def test_bad_usage_exits_with_2_says_why_and_writes_nothing(spec, arguments):
    answer = haggle(*arguments, cwd=spec.parent)
    assert answer.returncode == 2
    assert answer.stderr
    assert os.listdir(spec.parent) == ["two_costs.yaml"]


def test_a_spec_that_is_not_there_is_an_io_error(tmp_path):
    answer = haggle("run", "missing.yaml", cwd=tmp_path)
    assert answer.returncode == 4
    assert "missing.yaml" in answer.stderr


def test_every_error_of_a_spec_is_reported_with_its_place(spec):
    spec.write_text(SPEC.replace("elasticity: 1", "elasticity: -1").replace("title:", "titel:"))
    answer = haggle("run", spec.name, cwd=spec.parent)
    assert answer.returncode == 2
    assert "two_costs.yaml:2:1: " in answer.stderr
    assert "two_costs.yaml:7:" in answer.stderr
    assert not (spec.parent / "two_costs.h5").exists()


# --- run -------------------------------------------------------------------------------------------------------------


def test_a_run_names_its_file_after_the_spec_and_says_what_became_of_the_games(spec, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    answer = haggle("run", spec, cwd=elsewhere)
    assert answer.returncode == 0, answer.stderr
    assert os.listdir(elsewhere) == ["two_costs.h5"]
    assert "75 games" in answer.stdout and "solved" in answer.stdout and "two_costs.h5" in answer.stdout
    with h5py.File(elsewhere / "two_costs.h5") as file:
        assert file["share"].shape == (5, 5, 3)


def test_an_existing_file_is_replaced_only_by_force(spec):
    result = spec.parent / "r.h5"
    result.write_bytes(b"precious")
    refused = haggle("run", spec, "-o", result, cwd=spec.parent)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert result.read_bytes() == b"precious"
    forced = haggle("run", spec, "-o", result, "--force", cwd=spec.parent)
    assert forced.returncode == 0, forced.stderr
    assert h5py.is_hdf5(result)


def test_the_spec_is_never_its_own_result(spec):
    answer = haggle("run", spec, "-o", spec, "--force", cwd=spec.parent)
    assert answer.returncode == 2
    assert spec.read_text() == SPEC


def test_a_folder_that_is_not_there_is_an_io_error(spec):
    answer = haggle("run", spec, "-o", "nowhere/r.h5", cwd=spec.parent)
    assert answer.returncode == 4
    assert "nowhere" in answer.stderr


def test_games_without_a_bounded_equilibrium_are_counted_and_exit_with_3(spec):
    answer = haggle("run", spec, "--set", "specialists[0].revenue.elasticity=2.5", cwd=spec.parent)
    assert answer.returncode == 3, answer.stderr
    assert "unbounded" in answer.stdout
    with h5py.File(spec.parent / "two_costs.h5") as file:
        assert np.isnan(file["share"][...]).all()


def test_the_number_of_threads_changes_no_value(spec):
    for threads in (1, 3):
        assert haggle("run", spec, "-j", threads, "-o", f"{threads}.h5", cwd=spec.parent).returncode == 0
    with h5py.File(spec.parent / "1.h5") as one, h5py.File(spec.parent / "3.h5") as three:
        for name in ("share", "performance", "status"):
            assert one[name][...].tobytes() == three[name][...].tobytes()


# --- progress --------------------------------------------------------------------------------------------------------


def test_progress_in_json_is_one_object_a_line_and_the_last_one_is_finished(spec):
    answer = haggle("run", spec, "--progress", "json", cwd=spec.parent)
    lines = [json.loads(line) for line in answer.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["progress"] * (len(lines) - 1) + ["finished"]
    last = lines[-1]
    assert last["points_done"] == last["points_total"] == 75
    assert last["statuses"]["solved"] == 75
    assert last["failures"] == 0
    assert last["stopped"] is False
    assert last["file"] == "two_costs.h5"


def test_without_a_terminal_progress_is_silent(spec):
    assert haggle("run", spec, cwd=spec.parent).stderr == ""


def test_on_a_terminal_progress_is_a_bar(spec):
    ours, theirs = pty.openpty()
    with subprocess.Popen([HAGGLE, "run", spec.name], cwd=spec.parent, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # Linux reports the other end's close as an error
                break
            if not piece:
                break
            seen += piece
        process.wait(timeout=300)
    os.close(ours)
    assert process.returncode == 0
    assert b"100.0%" in seen and b"75/75" in seen and b"ETA" in seen


# --- stopping --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_publishes_what_was_solved_and_exits_with_75(tmp_path, kind):
    (tmp_path / "endless.yaml").write_text(ENDLESS)
    process = subprocess.Popen(
        [HAGGLE, "run", "endless.yaml", "-j", "1", "--progress", "json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(kind, signal.SIG_DFL),  # a parent in the background may ignore SIGINT
    )
    for line in process.stderr:
        if json.loads(line)["blocks_done"] > 0:
            break
    process.send_signal(kind)
    out, rest = process.communicate(timeout=300)
    assert process.returncode == 75
    assert kind.name in rest and "pending" in rest
    assert os.listdir(tmp_path).count("endless.h5") == 1 and len(os.listdir(tmp_path)) == 2
    with h5py.File(tmp_path / "endless.h5") as file:
        status, share = file["status"], file["share"]
        assert status[0, 0, 0] == 1 and 0 <= share[0, 0, 0] <= 1
        assert status[-1, -1, -1] == 0 and np.isnan(share[-1, -1, -1])


# --- plan ------------------------------------------------------------------------------------------------------------


def test_a_plan_of_a_million_million_points_is_small_and_writes_nothing(tmp_path):
    (tmp_path / "huge.yaml").write_text(ENDLESS.replace("1000]", "10000]"))

    def little_memory():
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    answer = haggle("plan", "huge.yaml", "--json", "-j", "2", cwd=tmp_path, preexec_fn=little_memory)
    assert answer.returncode == 0, answer.stderr
    plan = json.loads(answer.stdout)
    assert plan["points"] == 10**12
    assert plan["array_bytes"] >= 8e12
    assert plan["estimated_seconds"] > 0
    assert os.listdir(tmp_path) == ["huge.yaml"]


def test_a_plan_shows_the_axes_and_calls_its_time_an_estimate(spec):
    answer = haggle("plan", spec, cwd=spec.parent)
    assert answer.returncode == 0, answer.stderr
    for word in ("fine_tuning", "c0", "0.5 … 8", "geometric", "nash, egalitarian, utilitarian", "75", "estimate"):
        assert word in answer.stdout


# --- solve -----------------------------------------------------------------------------------------------------------


def solved(*arguments, cwd):
    answer = haggle("solve", *arguments, "--json", cwd=cwd)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_one_game_is_solved_from_flags_alone(tmp_path):
    game = ["--set", "generalist.cost.coefficient=2", "--set", "specialists[0].cost.coefficient=1"]
    game += ["--set", "specialists[0].revenue.elasticity=1", "--set", "bargaining.solution=utilitarian"]
    answer = solved(*game, cwd=tmp_path)
    assert answer["status"] == "solved"
    assert answer["outputs"]["share"] == pytest.approx(1 / 3, rel=1e-12)  # c1/(c0+c1)
    assert answer["outputs"]["specialist_regime"] == "contributor"
    assert answer["parameters"]["solution"] == "utilitarian"


def test_a_game_is_picked_from_a_sweep_by_value_by_index_and_by_name(spec):
    by_value = solved(spec, "--at", "c0=2", "--at", "c1=1", "--at", "solution=utilitarian", cwd=spec.parent)
    by_index = solved(spec, "--at", "c0=#2", "--at", "c1=#1", "--at", "solution=#2", cwd=spec.parent)
    assert by_value == by_index
    assert by_value["parameters"]["c0"] == pytest.approx(2)
    assert by_value["outputs"]["share"] == pytest.approx(1 / 3, rel=1e-12)


def test_one_game_and_the_sweep_agree_to_the_bit(spec):
    assert haggle("run", spec, cwd=spec.parent).returncode == 0
    alone = solved(spec, "--at", "c0=#3", "--at", "c1=#0", "--at", "solution=nash", cwd=spec.parent)
    with h5py.File(spec.parent / "two_costs.h5") as file:
        assert file["share"][3, 0, 0] == alone["outputs"]["share"]


def test_axes_that_are_left_are_named(spec):
    answer = haggle("solve", spec, "--at", "c0=2", cwd=spec.parent)
    assert answer.returncode == 2
    assert "--at c1=" in answer.stderr and "--at solution=" in answer.stderr and "--at c0=" not in answer.stderr


@pytest.mark.parametrize("at", ["c0=9", "c0=#5", "c0=much", "solution=toss_a_coin", "c9=1"])
def test_a_place_outside_the_grid_is_refused(spec, at):
    answer = haggle("solve", spec, "--at", at, "--at", "c1=1", cwd=spec.parent)
    assert answer.returncode == 2
    assert at in answer.stderr


def test_a_person_reads_symbols_meanings_and_codes_by_name(spec):
    answer = haggle("solve", spec, "--at", "c0=2", "--at", "c1=1", "--at", "solution=nash", cwd=spec.parent)
    assert answer.returncode == 0, answer.stderr
    for word in ("c₀", "ε", "revenue elasticity", "nash", "solved", "share", "contributor", "invests"):
        assert word in answer.stdout
    assert "δ" not in answer.stdout  # a parameter of the solution `fixed` alone


def test_a_game_outside_where_is_not_solved_and_is_no_failure(spec):
    spec.write_text(SPEC + "where: c1 >= c0\n")
    answer = solved(spec, "--at", "c0=8", "--at", "c1=1", "--at", "solution=nash", cwd=spec.parent)
    assert answer["status"] == "excluded"
    assert answer["outputs"]["share"] is None


# --- inspect ---------------------------------------------------------------------------------------------------------


def test_inspect_counts_every_point_and_knows_where_the_file_came_from(spec):
    assert haggle("run", spec, cwd=spec.parent).returncode == 0
    answer = haggle("inspect", "two_costs.h5", "--json", cwd=spec.parent)
    assert answer.returncode == 0, answer.stderr
    seen = json.loads(answer.stdout)
    assert seen["title"] == "Two costs"
    assert seen["dimensions"] == {"c0": 5, "c1": 5, "solution": 3}
    assert seen["variables"]["status"]["counts"]["solved"] == 75
    assert sum(seen["variables"]["specialist_regime"]["counts"].values()) == 75
    assert seen["commit"] in haggle("--version", cwd=spec.parent).stdout and seen["commit"]
    assert {"compiler", "host", "threads", "instruction_set"} <= set(seen["provenance"])
    text = haggle("inspect", "two_costs.h5", cwd=spec.parent).stdout
    assert "Two costs" in text and "contributor" in text


def test_inspect_refuses_what_is_no_result_file(spec):
    answer = haggle("inspect", spec, cwd=spec.parent)
    assert answer.returncode == 4
    assert "two_costs.yaml" in answer.stderr


# --- streams ---------------------------------------------------------------------------------------------------------


def test_a_reader_that_went_away_does_no_harm(spec):
    read, write = os.pipe()
    os.close(read)
    answer = subprocess.run([HAGGLE, "run", spec.name], cwd=spec.parent, stdout=write, stderr=write, timeout=300)
    os.close(write)
    assert answer.returncode == 0
    assert h5py.is_hdf5(spec.parent / "two_costs.h5")


def test_closed_streams_do_not_leak_messages_into_the_result(spec):
    answer = subprocess.run(
        ["sh", "-c", 'exec "$0" run "$1" --progress json <&- >&- 2>&-', HAGGLE, spec.name], cwd=spec.parent, timeout=300
    )
    assert answer.returncode == 0
    with h5py.File(spec.parent / "two_costs.h5") as file:
        assert (file["status"][...] == 1).all()


def test_a_full_standard_output_is_an_io_error(tmp_path):
    with open("/dev/full", "w") as full:
        answer = subprocess.run([HAGGLE, "games"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, timeout=300)
    assert answer.returncode == 4
