# SPDX-License-Identifier: MIT
"""Memory does not grow with the grid: what README states, with half as much again for another allocator."""

import os
import subprocess

from command import ENDLESS, HAGGLE

MILLION = ENDLESS.replace("1000]", "100]")
ALL = ENDLESS.replace("outputs: [share]\n", "")


def peak_megabytes(*arguments, cwd):
    """The exit code and the resident memory's peak, in MB."""
    process = subprocess.Popen([HAGGLE, *arguments], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss / 1000


def test_a_plan_of_a_thousand_times_as_many_points_takes_no_more(tmp_path):
    for name, spec in (("million.yaml", MILLION), ("milliard.yaml", ENDLESS)):
        (tmp_path / name).write_text(spec)
    small_code, small = peak_megabytes("plan", "-j", "1", "million.yaml", cwd=tmp_path)
    large_code, large = peak_megabytes("plan", "-j", "1", "milliard.yaml", cwd=tmp_path)
    assert small_code == large_code == 0
    assert large < 1.25 * small + 2 and large < 60


def test_a_run_keeps_to_its_memory_per_thread(tmp_path):
    (tmp_path / "milliard.yaml").write_text(ALL + "output: {compression: 1, checkpoint: on}\n")
    for threads in (1, 2, 4):
        command = ("run", "milliard.yaml", "-j", str(threads), "--force", "--time-limit", "1", "--progress", "none")
        code, megabytes = peak_megabytes(*command, cwd=tmp_path)
        assert code == 75
        assert megabytes < 1.5 * (15 + 22 * threads)
