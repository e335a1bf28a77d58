# SPDX-License-Identifier: MIT
"""Shards under a real scheduler, with the job scripts that users copy, and under mpirun."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import h5py
import pytest

from slurm import Slurm, Unavailable, until

ROOT = Path(__file__).resolve().parents[2]
HAGGLE = Path(os.environ.get("HAGGLE", ROOT / "build/release/haggle")).resolve()
SCRIPTS = ROOT / "sweeps" / "slurm"
SHARDS = 4

SPEC = """\
haggle: 1
title: Some seconds of work
game: fine_tuning
generalist: {outside_option: 0.01, cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 301]}}}
specialists:
  - revenue: {elasticity: 0.8}
    cost: {coefficient: {axis: c1, geomspace: [0.1, 10, 501]}}
bargaining: {solution: {axis: solution, values: [nash, egalitarian, utilitarian]}}
output: {compression: 1}
"""


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    try:
        with Slurm(tmp_path_factory.mktemp("slurm")) as cluster:
            yield cluster
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The arrays of one process that solved everything."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "sweep.yaml").write_text(SPEC)
    subprocess.run([HAGGLE, "run", "sweep.yaml", "-o", "result.h5"], cwd=folder, check=True, capture_output=True)
    return arrays(folder / "result.h5")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sweep.yaml").write_text(SPEC)
    return tmp_path


def arrays(path):
    with h5py.File(path) as file:
        return {name: item[...].tolist() if item.dtype == object else item[...].tobytes()
                for name, item in file.items() if isinstance(item, h5py.Dataset)}  # fmt: skip


def checkpoint(folder, shard):
    return folder / f"result.h5.shard-{shard:04}-of-{SHARDS:04}.checkpoint"


def logs(folder):
    return "\n".join(f"{path.name}: {path.read_text()}" for path in sorted(folder.glob("*.log")))


def submit_shards(slurm, folder, *more, tasks=f"0-{SHARDS - 1}"):
    options = [f"--array={tasks}", "--cpus-per-task=1", "--time=00:10:00"]
    script = [SCRIPTS / "array.sbatch", "sweep.yaml", "result.h5"]
    return slurm.submit(*options, *script, *more, cwd=folder, HAGGLE=str(HAGGLE))


def submit_merge(slurm, folder, job):
    return slurm.submit(f"--dependency=afterok:{job}", SCRIPTS / "merge.sbatch", "result.h5", cwd=folder, HAGGLE=str(HAGGLE))


def wait_for(slurm, job, state, seconds=120):
    until(lambda: slurm.states(job).get(job) == state, f"job {job} to be {state}", seconds)


def test_a_job_array_and_its_merge_make_the_file_of_one_process_whatever_is_stopped_and_queued_again(slurm, folder, whole):
    job = submit_shards(slurm, folder)
    merge = submit_merge(slurm, folder, job)
    until(lambda: checkpoint(folder, 0).exists() and checkpoint(folder, 1).exists(), "two shards at work")
    slurm.answer("scontrol", "requeue", f"{job}_1")  # as when a node goes down or another job goes first
    os.kill(slurm.batch_shell(f"{job}_0"), signal.SIGUSR1)  # as Slurm does ahead of the time limit
    try:
        wait_for(slurm, merge, "COMPLETED")
    except TimeoutError as error:
        pytest.fail(f"{error}: {slurm.states(job)}, {slurm.states(merge)}\n{logs(folder)}")
    assert arrays(folder / "result.h5") == whole
    restarts = [slurm.answer("scontrol", "show", "job", f"{job}_{task}").split("Restarts=")[1].split()[0] for task in (0, 1)]
    assert restarts == ["1", "1"], logs(folder)
    assert "were there before" in (folder / f"haggle-{job}_1.log").read_text()
    assert "SIGUSR1" in (folder / f"haggle-{job}_0.log").read_text()


def test_what_a_cancelled_task_leaves_out_is_named_and_can_be_made_up_for(slurm, folder, whole):
    job = submit_shards(slurm, folder)
    merge = submit_merge(slurm, folder, job)
    until(lambda: checkpoint(folder, 1).exists(), "the shard at work")
    slurm.answer("scancel", f"{job}_1")
    until(lambda: set(slurm.states(job).values()) == {"COMPLETED", "CANCELLED"}, "the other shards", 120)
    wait_for(slurm, merge, "CANCELLED")  # it would have waited for ever
    assert not (folder / "result.h5").exists()

    parts = [checkpoint(folder, shard) for shard in range(SHARDS)]
    partial = subprocess.run([HAGGLE, "merge", *parts, "-o", "partial.h5"], cwd=folder, capture_output=True, text=True)
    assert partial.returncode == 75 and "blocks are missing" in partial.stderr
    merge = submit_merge(slurm, folder, submit_shards(slurm, folder, str(SHARDS), tasks="1"))
    wait_for(slurm, merge, "COMPLETED")
    assert arrays(folder / "result.h5") == whole


def test_the_processes_of_mpirun_share_a_sweep(folder, whole):
    if not shutil.which("mpirun"):
        pytest.skip("mpirun is not installed: ./dev setup cluster")
    loopback = {"OMPI_MCA_btl": "self,vader", "OMPI_MCA_oob_tcp_if_include": "lo", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
    root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    command = ["mpirun", "-n", str(SHARDS), HAGGLE, "run", "sweep.yaml", "-o", "result.h5", "--shard", "auto", "-j", "1"]
    subprocess.run(command, cwd=folder, env={**os.environ, **loopback, **root}, check=True, timeout=120)
    parts = [checkpoint(folder, shard) for shard in range(SHARDS)]
    subprocess.run([HAGGLE, "merge", *parts, "-o", "result.h5"], cwd=folder, check=True)
    assert arrays(folder / "result.h5") == whole
