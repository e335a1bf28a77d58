# SPDX-License-Identifier: MIT
"""Nothing lost: runs that are killed, stopped, starved of disk or cut into shards, and those that go on."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time

import h5py
import numpy as np
import pytest
from command import HAGGLE, haggle

# 62 blocks of a bargain that is slow to solve: some seconds for one thread, so that there is time to interfere.
SLOW = """\
haggle: 1
title: Slow
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 100]}}}
specialists:
  - revenue: {elasticity: {axis: elasticity, linspace: [0.3, 1, 100]}}
    cost: {coefficient: {axis: c1, geomspace: [0.1, 10, 100]}}
bargaining: {solution: utilitarian}
outputs: [share, regime]
"""
SMALL = SLOW.replace("100]", "16]")
# 10^9 games
ENDLESS = SLOW.replace("100]", "1000]").replace("utilitarian", "nash")


def start(*arguments, cwd, **options):
    return subprocess.Popen(
        [HAGGLE, *map(str, arguments)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **options,
    )


def until_durable(process, blocks=1):
    """Reads progress until so many blocks are on the disk."""
    for line in process.stderr:
        seen = json.loads(line)
        if (seen["blocks_durable"] or 0) >= blocks:
            return seen
    raise AssertionError("the run ended first")


def arrays(path):
    with h5py.File(path) as file:
        return {name: file[name][...].tobytes() for name in file if isinstance(file[name], h5py.Dataset) and file[name].dtype.kind in "fi"}


def same(a, b):
    assert arrays(a) == arrays(b)


@pytest.fixture
def slow(tmp_path):
    (tmp_path / "slow.yaml").write_text(SLOW)
    return tmp_path


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    (folder / "slow.yaml").write_text(SLOW)
    assert haggle("run", "slow.yaml", "-o", "whole.h5", cwd=folder).returncode == 0
    return folder / "whole.h5"


# --- killed and resumed ----------------------------------------------------------------------------------------------


def test_a_chain_of_killed_runs_ends_in_the_arrays_of_one_that_was_not(slow, whole):
    chance = random.Random(1)
    command = ["run", "slow.yaml", "-j1", "--checkpoint", "on", "--resume"]
    killed = 0
    for _ in range(12):
        process = start(*command, cwd=slow)
        try:
            process.wait(timeout=0.05 + 0.4 * chance.random())
        except subprocess.TimeoutExpired:
            process.kill()
            killed += 1
        process.communicate()
        if (slow / "slow.h5").exists():  # finished, or killed while it tidied up
            same(slow / "slow.h5", whole)
    assert killed >= 2
    answer = haggle(*command, cwd=slow)
    assert answer.returncode == 0, answer.stderr
    same(slow / "slow.h5", whole)
    assert sorted(os.listdir(slow)) == ["slow.h5", "slow.yaml"]


def test_what_was_reported_durable_survives_a_kill(slow):
    process = start("run", "slow.yaml", "-j1", "--checkpoint", "on", "--progress", "json", cwd=slow)
    reported = until_durable(process, 3)["blocks_durable"]
    process.kill()
    process.communicate()
    seen = json.loads(haggle("inspect", "slow.h5.checkpoint", "--json", cwd=slow).stdout)
    assert seen["blocks_done"] >= reported
    assert seen["running"] is False
    assert seen["points_done"] == seen["statuses"]["solved"] + seen["statuses"]["no_deal"]
    answer = haggle("run", "slow.yaml", "--resume", "--progress", "json", cwd=slow)
    first = json.loads(answer.stderr.splitlines()[0])
    assert first["blocks_done"] > seen["blocks_done"] - 1
    assert f"{seen['points_done']:,} were there before" in answer.stdout


def test_resuming_a_finished_sweep_does_nothing(slow, whole):
    shutil.copy(whole, slow / "slow.h5")
    before = os.stat(slow / "slow.h5").st_mtime_ns
    answer = haggle("run", "slow.yaml", "--resume", cwd=slow)
    assert answer.returncode == 0
    assert "whole already" in answer.stdout
    assert os.stat(slow / "slow.h5").st_mtime_ns == before


# --- signals and limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1])
def test_a_signal_keeps_a_checkpoint_exits_with_75_and_says_how_to_go_on(slow, whole, kind):
    process = start("run", "slow.yaml", "-j1", "--progress", "json", "-o", "it's.h5", cwd=slow)
    for line in process.stderr:
        if json.loads(line)["blocks_done"] > 0:
            break
    process.send_signal(kind)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 75
    assert kind.name in err and "it's.h5.checkpoint" in err
    assert not (slow / "it's.h5").exists()
    command = err.strip().splitlines()[-1].strip()
    assert command.endswith("--resume")
    again = subprocess.run(["sh", "-c", command], cwd=slow, capture_output=True, text=True, timeout=300)
    assert again.returncode == 0, again.stderr
    same(slow / "it's.h5", whole)


def test_a_second_interrupt_ends_at_once_and_the_checkpoint_is_good(tmp_path):
    (tmp_path / "endless.yaml").write_text(ENDLESS)
    process = start("run", "endless.yaml", "-j1", "--checkpoint", "on", "--progress", "json", cwd=tmp_path)
    until_durable(process)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in (-signal.SIGINT, 75)
    assert haggle("publish", "endless.h5.checkpoint", cwd=tmp_path).returncode == 0
    with h5py.File(tmp_path / "endless.partial.h5") as file:
        assert file["status"][0, 0, 0] == 1 and file["status"][-1, -1, -1] == 0


@pytest.mark.parametrize("limit", ["0.4", "1", "00:00:01"])
def test_a_time_limit_is_a_signal_that_one_sends_oneself(tmp_path, limit):
    (tmp_path / "endless.yaml").write_text(ENDLESS)
    began = time.monotonic()
    answer = haggle("run", "endless.yaml", "-j1", "--time-limit", limit, cwd=tmp_path)
    assert answer.returncode == 75, answer.stderr
    assert time.monotonic() - began < 60
    assert "time limit" in answer.stderr and "--resume" in answer.stderr


@pytest.mark.parametrize("limit", ["0", "-1", "soon", "1:30", "nan"])
def test_a_time_limit_that_is_none_is_refused(slow, limit):
    answer = haggle("run", "slow.yaml", "--time-limit", limit, cwd=slow)
    assert answer.returncode == 2
    assert "--time-limit" in answer.stderr


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.fixture
def stopped(slow):
    assert haggle("run", "slow.yaml", "-j1", "--time-limit", "0.2", cwd=slow).returncode == 75
    return slow


def test_a_checkpoint_is_not_passed_over(stopped):
    answer = haggle("run", "slow.yaml", cwd=stopped)
    assert answer.returncode == 2
    assert "--resume" in answer.stderr and "--force" in answer.stderr


def test_force_begins_anew(stopped, whole):
    answer = haggle("run", "slow.yaml", "--force", cwd=stopped)
    assert answer.returncode == 0, answer.stderr
    assert "before" not in answer.stdout
    same(stopped / "slow.h5", whole)
    assert sorted(os.listdir(stopped)) == ["slow.h5", "slow.yaml"]


def test_another_spec_is_not_resumed_and_the_keys_that_differ_are_named(stopped):
    answer = haggle("run", "slow.yaml", "--resume", "--set", "generalist.cost.exponent=3", cwd=stopped)
    assert answer.returncode == 2
    assert "generalist.cost.exponent: 2 there, 3 here" in answer.stderr
    assert "specialists" not in answer.stderr
    assert haggle("run", "slow.yaml", "--resume", "--set", "title=Renamed", cwd=stopped).returncode == 0


def test_another_instruction_set_is_not_mixed_in(slow):
    sets = haggle("run", "slow.yaml", cwd=slow, env={**os.environ, "HAGGLE_ISA": "none"}).stderr
    if "sse2" not in sets:
        pytest.skip("this processor has one instruction set")
    scalar = {**os.environ, "HAGGLE_ISA": "scalar"}
    assert haggle("run", "slow.yaml", "-j1", "--time-limit", "0.2", cwd=slow, env=scalar).returncode == 75
    refused = haggle("run", "slow.yaml", "--resume", cwd=slow, env={**os.environ, "HAGGLE_ISA": "sse2"})
    assert refused.returncode == 2 and "HAGGLE_ISA" in refused.stderr
    plain = {key: value for key, value in os.environ.items() if key != "HAGGLE_ISA"}
    assert haggle("run", "slow.yaml", "--resume", cwd=slow, env=plain).returncode == 0
    assert haggle("run", "slow.yaml", "-o", "scalar.h5", cwd=slow, env=scalar).returncode == 0
    same(slow / "slow.h5", slow / "scalar.h5")


def test_two_runs_of_one_output_are_told_apart(slow):
    first = start("run", "slow.yaml", "-j1", "--checkpoint", "on", "--progress", "json", cwd=slow)
    until_durable(first)
    first.send_signal(signal.SIGSTOP)
    second = haggle("run", "slow.yaml", "--resume", cwd=slow)
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 4
    assert "another run" in second.stderr
    first.communicate(timeout=300)
    assert first.returncode == 0


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_is_an_io_error_with_a_remedy(slow):
    slow.chmod(0o555)
    command = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    try:
        for parent in slow.parents:
            if str(parent).startswith("/tmp/"):
                parent.chmod(0o755)
        answer = subprocess.run([*command, HAGGLE, "run", "slow.yaml"], cwd=slow, capture_output=True, text=True)
    finally:
        slow.chmod(0o755)
    assert answer.returncode == 4
    assert "name a folder that you may write to" in answer.stderr


def test_a_file_system_without_locks_is_an_io_error_with_a_remedy(slow, tmp_path_factory):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler for the library that refuses locks")
    folder = tmp_path_factory.mktemp("nolocks")
    (folder / "nolocks.c").write_text(
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <stdarg.h>
        static int refuse(const char* name, int fd, int command, void* argument) {
          if (command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK) { errno = ENOLCK; return -1; }
          return ((int (*)(int, int, ...))dlsym(RTLD_NEXT, name))(fd, command, argument);
        }
        #define LIKE(name) int name(int fd, int command, ...) { va_list list; va_start(list, command); \\
          void* argument = va_arg(list, void*); va_end(list); return refuse(#name, fd, command, argument); }
        LIKE(fcntl)
        LIKE(fcntl64)
        """
    )
    subprocess.run([compiler, "-shared", "-fPIC", "-o", "nolocks.so", "nolocks.c", "-ldl"], cwd=folder, check=True)
    env = {**os.environ, "LD_PRELOAD": str(folder / "nolocks.so")}
    refused = haggle("run", "slow.yaml", "--checkpoint", "on", cwd=slow, env=env)
    assert refused.returncode == 4
    assert "refuses locks" in refused.stderr and "--checkpoint off" in refused.stderr
    assert haggle("run", "slow.yaml", "--checkpoint", "off", cwd=slow, env=env).returncode == 0


# --- a look at what is there -----------------------------------------------------------------------------------------


def test_a_running_sweep_can_be_looked_at_and_goes_on(slow, whole):
    process = start("run", "slow.yaml", "-j1", "--checkpoint", "on", "--progress", "json", cwd=slow)
    until_durable(process, 2)
    looked = haggle("publish", "slow.h5.checkpoint", cwd=slow)
    inspected = haggle("inspect", "slow.h5.checkpoint", cwd=slow)
    process.communicate(timeout=300)
    assert process.returncode == 0
    assert looked.returncode == 0, looked.stderr
    assert "missing" in looked.stderr
    assert "blocks" in inspected.stdout and "a run is at work" in inspected.stdout
    same(slow / "slow.h5", whole)
    with h5py.File(slow / "slow.partial.h5") as part, h5py.File(whole) as all_of_it:
        done = part["status"][...] != 0
        assert 0 < done.sum() < done.size
        assert (part["share"][...][done] == all_of_it["share"][...][done]).all()
        assert np.isnan(part["share"][...][~done]).all()
        assert part["provenance"].attrs["pending_points"] == str((~done).sum())


# --- a full disk -----------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", folder], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_names_the_file_and_the_sweep_goes_on_when_there_is_room(small_disk, whole):
    (small_disk.parent / "slow.yaml").write_text(SLOW)
    command = ["run", "../slow.yaml", "-o", "slow.h5", "--checkpoint", "on", "--set", "output.compression=1"]
    answer = haggle(*command, cwd=small_disk)
    assert answer.returncode == 4, answer.stderr
    assert "slow.h5" in answer.stderr and "No space left" in answer.stderr and "--resume" in answer.stderr
    subprocess.run(["mount", "-o", "remount,size=200m", small_disk], check=True)
    again = haggle(*command, "--resume", cwd=small_disk)
    assert again.returncode == 0, again.stderr
    assert "were there before" in again.stdout
    same(small_disk / "slow.h5", whole)


# --- shards ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 3, 8])
def test_shards_merged_in_any_order_are_the_whole_sweep_to_the_bit(slow, whole, n):
    shards = []
    for i in range(n):
        answer = haggle("run", "slow.yaml", "--shard", f"{i}/{n}", cwd=slow)
        assert answer.returncode == 0, answer.stderr
        shards.append(f"slow.h5.shard-{i:04}-of-{n:04}.checkpoint")
    assert not (slow / "slow.h5").exists()
    random.Random(n).shuffle(shards)
    if n > 1:
        partial = haggle("merge", *shards[1:], "-o", "slow.h5", cwd=slow)
        assert partial.returncode == 75
        assert "missing" in partial.stderr
    for _ in range(2):
        answer = haggle("merge", *shards, "-o", "slow.h5", cwd=slow)
        assert answer.returncode == 0, answer.stderr
        same(slow / "slow.h5", whole)
    assert "already" in answer.stdout


def test_a_shard_that_was_stopped_is_resumed_like_a_sweep(slow, whole):
    for i in range(2):
        command = ["run", "slow.yaml", "-j1", "--shard", f"{i}/2"]
        assert haggle(*command, "--time-limit", "0.1", cwd=slow).returncode == 75
        assert haggle(*command, cwd=slow).returncode == 2
        assert haggle(*command, "--resume", cwd=slow).returncode == 0
        assert haggle(*command, "--resume", cwd=slow).returncode == 0
    shards = sorted(slow.glob("*.checkpoint"))
    assert haggle("merge", *shards, "-o", "slow.h5", cwd=slow).returncode == 0
    same(slow / "slow.h5", whole)


def test_more_shards_than_open_files_are_merged(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL)
    for i in range(200):
        haggle("run", "small.yaml", "--shard", f"{i}/200", cwd=tmp_path).check_returncode()

    def few_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    shards = sorted(tmp_path.glob("*.checkpoint"))
    assert len(shards) == 200
    answer = haggle("merge", *shards, "-o", "small.h5", cwd=tmp_path, preexec_fn=few_files)
    assert answer.returncode == 0, answer.stderr
    assert haggle("run", "small.yaml", "-o", "one.h5", cwd=tmp_path).returncode == 0
    same(tmp_path / "small.h5", tmp_path / "one.h5")


def test_a_foreign_shard_is_refused_and_what_differs_is_named(slow):
    assert haggle("run", "slow.yaml", "--shard", "0/2", cwd=slow).returncode == 0
    (slow / "other.yaml").write_text(SLOW.replace("utilitarian", "nash"))
    assert haggle("run", "other.yaml", "--shard", "1/2", cwd=slow).returncode == 0
    shards = sorted(slow.glob("*.checkpoint"))
    answer = haggle("merge", *shards, "-o", "slow.h5", cwd=slow)
    assert answer.returncode == 2
    assert "bargaining.solution" in answer.stderr and "utilitarian" in answer.stderr and "nash" in answer.stderr
    assert not (slow / "slow.h5").exists()


@pytest.mark.parametrize(
    "variables, name",
    [
        ({"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_STEP": "2"}, "0003-of-0004"),
        ({"SLURM_PROCID": "1", "SLURM_NTASKS": "3"}, "0001-of-0003"),
        ({"SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_PROCID": "0", "SLURM_NTASKS": "1"}, "0001-of-0002"),
        (
            {"SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_PROCID": "2", "SLURM_STEP_NUM_TASKS": "3"},
            "0005-of-0006",
        ),
        ({"OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "4", "SLURM_PROCID": "0", "SLURM_NTASKS": "1"}, "0002-of-0004"),
        ({"JOB_COMPLETION_INDEX": "0", "HAGGLE_SHARDS": "5"}, "0000-of-0005"),
    ],
)
def test_the_scheduler_says_which_shard(tmp_path, variables, name):
    (tmp_path / "small.yaml").write_text(SMALL)
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM", "OMPI", "PMI", "JOB_"))}
    answer = haggle("run", "small.yaml", "--shard", "auto", cwd=tmp_path, env={**plain, **variables})
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / f"small.h5.shard-{name}.checkpoint").exists()


@pytest.mark.parametrize("shard", ["auto", "3", "3/3", "-1/3", "1/0", "a/b"])
def test_a_shard_that_is_none_is_refused(slow, shard):
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM", "OMPI", "PMI", "JOB_"))}
    answer = haggle("run", "slow.yaml", "--shard", shard, cwd=slow, env=plain)
    assert answer.returncode == 2
    assert "--shard" in answer.stderr
    assert os.listdir(slow) == ["slow.yaml"]


# --- failed games ----------------------------------------------------------------------------------------------------

# Where the elasticity reaches the cost exponents no equilibrium is bounded: those games fail.
FAILING = SMALL.replace("[0.3, 1, 16]", "[0.3, 2.5, 16]").replace("utilitarian", "nash")


@pytest.fixture
def failing(tmp_path):
    (tmp_path / "failing.yaml").write_text(FAILING)
    return tmp_path


def test_failed_games_are_recorded_and_the_sweep_goes_on(failing):
    answer = haggle("run", "failing.yaml", cwd=failing)
    assert answer.returncode == 3
    with h5py.File(failing / "failing.h5") as file:
        status = file["status"][...]
    assert set(np.unique(status)) == {1, 4}


def test_on_failure_abort_names_the_first_failed_game_and_its_replay(failing):
    answer = haggle("run", "failing.yaml", "--set", "on_failure=abort", "--checkpoint", "on", cwd=failing)
    assert answer.returncode == 3
    assert "unbounded" in answer.stderr and "elasticity = " in answer.stderr
    assert not (failing / "failing.h5").exists()
    replay = answer.stderr.split("replay it with: ")[1].strip().replace("haggle", HAGGLE, 1)
    replayed = subprocess.run(replay, shell=True, cwd=failing, capture_output=True, text=True)
    assert replayed.returncode == 3
    assert "its solution: unbounded" in replayed.stdout
    number = int(replay.split()[-1])
    assert haggle("run", "failing.yaml", "--resume", cwd=failing).returncode == 3
    with h5py.File(failing / "failing.h5") as file:
        status = file["status"][...].ravel()
    assert status[number] == 4 and (status[: number] != 4).all()


def test_a_game_of_a_result_is_replayed_step_by_step(slow, whole):
    by_number = haggle("solve", "--from", whole, "--at", "4711", cwd=slow)
    assert by_number.returncode == 0, by_number.stderr
    for word in ("game 4711 of 1000000", "axis c0", "constant", "in the file", "the same", "with the share given"):
        assert word in by_number.stdout
    assert "different" not in by_number.stdout
    i, j, k = np.unravel_index(4711, (100, 100, 100))
    by_place = haggle("solve", "--from", whole, "--at", f"c0=#{i}", "--at", f"elasticity=#{j}", "--at", f"c1=#{k}", cwd=slow)
    assert by_place.stdout == by_number.stdout
    assert haggle("solve", "--from", whole, "--at", 100**3, cwd=slow).returncode == 2


def test_retrying_solves_failed_games_again_and_leaves_the_others_as_they_are(failing):
    assert haggle("run", "failing.yaml", cwd=failing).returncode == 3
    result = failing / "failing.h5"
    before = arrays(result)
    with h5py.File(result, "r+") as file:
        status, share = file["status"][...], file["share"][...]
        solved = np.argwhere(status == 1)
        lost, kept = tuple(solved[0]), tuple(solved[1])
        file["status"][lost] = 6  # as if an older engine had given up
        file["share"][lost] = np.nan
        file["share"][kept] = 0.125  # must not be touched
    answer = haggle("run", "failing.yaml", "--retry-failed", cwd=failing)
    assert answer.returncode == 3, answer.stderr
    assert "solved again" in answer.stdout
    with h5py.File(result, "r+") as file:
        assert file["share"][kept] == 0.125
        assert file["provenance"].attrs["retried_points"] == str((status == 4).sum() + 1)
        file["share"][kept] = share[kept]
    assert arrays(result) == before


def test_retrying_refuses_another_sweep_and_an_unfinished_one(failing):
    assert haggle("run", "failing.yaml", cwd=failing).returncode == 3
    other = haggle("run", "failing.yaml", "--retry-failed", "--set", "generalist.cost.exponent=3", cwd=failing)
    assert other.returncode == 2 and "generalist.cost.exponent" in other.stderr
    assert haggle("run", "failing.yaml", "--retry-failed", "-o", "none.h5", cwd=failing).returncode == 4
    assert haggle("run", "failing.yaml", "--retry-failed", "--resume", cwd=failing).returncode == 2
