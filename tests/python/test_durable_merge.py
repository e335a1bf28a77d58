# SPDX-License-Identifier: MIT
"""What a merge must not destroy, and what the scripts and limits around a shard must say."""

import os
import subprocess

import pytest
from command import ENDLESS, ROOT, SPEC, haggle


@pytest.fixture
def shards(tmp_path):
    """Four checkpoints of 11 blocks together."""
    spec = SPEC.replace("[0.5, 8, 5]", "[0.5, 8, 480]")
    (tmp_path / "s.yaml").write_text(spec)
    names = [f"s.h5.shard-{i:04}-of-0004.checkpoint" for i in range(4)]
    for i in range(4):
        haggle("run", "s.yaml", "--shard", f"{i}/4", cwd=tmp_path).check_returncode()
    return tmp_path, names


def test_a_merge_refuses_to_lose_blocks_of_the_file_that_is_there(shards):
    folder, names = shards
    assert haggle("merge", names[0], "-o", "s.h5", cwd=folder).returncode == 75
    before, listed = (folder / "s.h5").read_bytes(), sorted(os.listdir(folder))
    answer = haggle("merge", names[1], "-o", "s.h5", cwd=folder)
    assert answer.returncode == 2
    assert "would be lost" in answer.stderr and "--force" in answer.stderr
    assert (folder / "s.h5").read_bytes() == before and sorted(os.listdir(folder)) == listed
    assert haggle("merge", *names[:2], "-o", "s.h5", cwd=folder).returncode == 75
    assert haggle("merge", names[1], "-o", "s.h5", "--force", cwd=folder).returncode == 75


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_merge_of_nothing_that_can_be_read_exits_with_4_and_writes_nothing(shards, force):
    folder, names = shards
    assert haggle("merge", *names[:2], "-o", "s.h5", cwd=folder).returncode == 75
    before = (folder / "s.h5").read_bytes()
    for data in folder.glob("*.part"):
        data.unlink()
    listed = sorted(os.listdir(folder))
    for command in (["merge", *names[:2], "-o", "s.h5"], ["merge", *names, "-o", "new.h5"], ["publish", names[0]]):
        answer = haggle(*command, *force, cwd=folder)
        assert answer.returncode == 4, answer.stderr
        assert "can be read" in answer.stderr and "--resume" in answer.stderr
    assert (folder / "s.h5").read_bytes() == before and sorted(os.listdir(folder)) == listed


def test_a_look_at_a_shard_is_named_as_the_result_file_that_it_is(shards):
    folder, names = shards
    assert haggle("publish", names[0], cwd=folder).returncode == 0
    assert (folder / "s.shard-0000-of-0004.partial.h5").exists()


@pytest.mark.parametrize("code", [0, 2, 3, 4])
def test_a_task_of_a_job_array_fails_when_its_shard_is_not_done(tmp_path, code):
    (tmp_path / "haggle").write_text(f"#!/bin/sh\nexit {code}\n")
    (tmp_path / "haggle").chmod(0o755)
    script = [ROOT / "sweeps/slurm/array.sbatch", "s.yaml", "s.h5"]
    assert subprocess.run(["bash", *script], env={**os.environ, "HAGGLE": str(tmp_path / "haggle")}).returncode == code


@pytest.mark.parametrize(
    "limit, reason",
    [
        ("1e-7", "at least 0.001"),
        ("0", "at least 0.001"),
        ("nan", "at least 0.001"),
        ("inf", "at most 1e8"),
        ("1e9", "at most 1e8"),
        ("99999:00:00", "at most 1e8"),
        ("00:99:00", "00 … 59"),
        ("00:00:60", "00 … 59"),
        ("1:2:3:4", "HH:MM:SS"),
    ],
)
def test_a_time_limit_out_of_range_is_refused_for_what_it_is(tmp_path, limit, reason):
    (tmp_path / "s.yaml").write_text(SPEC)
    answer = haggle("run", "s.yaml", "--time-limit", limit, cwd=tmp_path)
    assert answer.returncode == 2
    assert f"--time-limit {limit}: " in answer.stderr and reason in answer.stderr
    assert os.listdir(tmp_path) == ["s.yaml"]


def test_the_shortest_time_limit_is_one(tmp_path):
    (tmp_path / "s.yaml").write_text(ENDLESS)
    answer = haggle("run", "s.yaml", "--time-limit", "0.001", cwd=tmp_path)
    assert answer.returncode == 75, answer.stderr
