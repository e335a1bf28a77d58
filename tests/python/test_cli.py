# SPDX-License-Identifier: MIT
"""The command line as a shell sees it, where it solves sweeps: files, streams and exit codes."""

import json
import os
import pty
import signal
import subprocess

import h5py
import numpy as np
import pytest
from command import ENDLESS, HAGGLE, SPEC, haggle


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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum", "two_costs.yaml"], "no command `rum`; did you mean `run`?"),
        ([], "name a command: run, plan, solve, "),
        (["run", "two_costs.yaml", "-j", "x"], "`x` is no number of threads"),
        (["run", "two_costs.yaml", "-o", ""], "the name is empty"),
    ],
)
def test_bad_usage_is_told_what_is_wrong_and_what_to_do(spec, arguments, said):
    answer = haggle(*arguments, cwd=spec.parent)
    assert answer.returncode == 2
    assert said in answer.stderr


@pytest.mark.parametrize("command", ["run", "plan", "solve"])
def test_a_name_that_the_file_keeps_for_itself_is_refused_where_it_stands(spec, command):
    spec.write_text(SPEC.replace("axis: c0", "axis: provenance"))
    answer = haggle(command, spec.name, cwd=spec.parent)
    assert answer.returncode == 2
    assert answer.stderr.startswith("two_costs.yaml:4:41: an axis cannot be named `provenance`")


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
def test_without_a_checkpoint_a_signal_publishes_what_was_solved_and_exits_with_75(tmp_path, kind):
    (tmp_path / "endless.yaml").write_text(ENDLESS)
    process = subprocess.Popen(
        [HAGGLE, "run", "endless.yaml", "-j", "1", "--progress", "json", "--checkpoint", "off"],
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
