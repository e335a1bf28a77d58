# SPDX-License-Identifier: MIT
"""What a run must not do to files that are there: --retry-failed on unfinished ones, names in the way, a full disk."""

import h5py
import numpy as np
import pytest

from command import haggle

# Every other elasticity outgrows the costs: failed games in every block.
SPEC = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 400]}}}
specialists:
  - revenue: {elasticity: {axis: e, linspace: [0.5, 3, 21]}}
    cost: {coefficient: {axis: c1, values: [0.5, 1, 2, 3]}}
bargaining: {solution: {axis: solution, values: [fixed, nash]}, share: 0.5}
outputs: [share]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "s.yaml").write_text(SPEC)
    return tmp_path


def test_a_part_of_a_result_is_refused_and_stays_one(folder):
    for shard in range(2):
        assert haggle("run", "s.yaml", "--shard", f"{shard}/3", cwd=folder).returncode == 0
    checkpoints = sorted(path.name for path in folder.glob("*.checkpoint"))
    assert haggle("merge", *checkpoints, "-o", "s.h5", cwd=folder).returncode == 75
    before = (folder / "s.h5").read_bytes()
    answer = haggle("run", "s.yaml", "--retry-failed", cwd=folder)
    assert answer.returncode == 2 and "pending" in answer.stderr
    assert (folder / "s.h5").read_bytes() == before
    assert haggle("run", "s.yaml", "--shard", "2/3", cwd=folder).returncode == 0
    assert haggle("merge", *sorted(path.name for path in folder.glob("*.checkpoint")), "-o", "s.h5",
                  cwd=folder).returncode in (0, 3)
    with h5py.File(folder / "s.h5") as file:
        assert np.all(file["status"][()] != 0)


def test_a_link_to_an_unfinished_sweep_is_refused_like_the_sweep(folder):
    assert haggle("run", "s.yaml", "-o", "r.h5", cwd=folder).returncode == 3
    begun = haggle("run", "s.yaml", "-o", "r.h5", "--force", "--checkpoint", "on", "--time-limit", "0.001", cwd=folder)
    assert begun.returncode == 75 and (folder / "r.h5.checkpoint").exists()
    (folder / "l.h5").symlink_to("r.h5")
    for name in ("r.h5", "l.h5"):
        answer = haggle("run", "s.yaml", "--retry-failed", "-o", name, cwd=folder)
        assert answer.returncode == 2 and "--resume first" in answer.stderr
        assert (folder / "r.h5.checkpoint").exists()


@pytest.mark.parametrize("name", ["x.h5.part", "x.h5.part-2", "x.checkpoint"])
def test_names_of_work_in_progress_are_not_for_results(folder, name):
    answer = haggle("run", "s.yaml", "-o", name, cwd=folder)
    assert answer.returncode == 2 and "work in progress" in answer.stderr
    assert not (folder / name).exists()


def test_somebody_elses_file_in_the_way_is_left_alone(folder):
    (folder / "s.h5.part").write_text("precious")
    answer = haggle("run", "s.yaml", cwd=folder)
    assert answer.returncode == 2 and "in the way" in answer.stderr
    assert (folder / "s.h5.part").read_text() == "precious"
    assert haggle("run", "s.yaml", "--force", cwd=folder).returncode == 3


def test_an_axis_larger_than_the_disk_is_refused_at_once(folder):
    (folder / "huge.yaml").write_text(SPEC.replace("values: [0.5, 1, 2, 3]", "linspace: [1, 2, 1000000000000]")
                                      + "output: {compression: 1}\n")
    answer = haggle("run", "huge.yaml", cwd=folder)
    assert answer.returncode == 4 and "GB left" in answer.stderr
    assert not list(folder.glob("huge.h5*"))
