# SPDX-License-Identifier: MIT
"""The campaign's instruments, tried on programs whose faults are known: what they cannot see, the campaign cannot find."""

import os
import random
import signal
import sqlite3
import subprocess
import sys

import pytest

from faulty import environment
from power_loss import Disk, read_folder, write_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faulty_io stands before Linux' C library")


@pytest.fixture
def program(tmp_path):
    """program(text, fail=None) runs Python text in a watched folder; returns how it ended, the folder and the log."""
    folder, log = tmp_path / "watched", tmp_path / "log"
    folder.mkdir()

    def run(text, fail=None):
        return subprocess.run(
            [sys.executable, "-c", text], cwd=folder, env=environment(folder, log, fail), capture_output=True, text=True
        )

    run.folder, run.log = folder, log
    return run


def played(program, before=None):
    disk = Disk(before or {})
    disk.play(program.log, program.folder)
    return disk


def outcomes(disk, times=200):
    return [disk.after_power_loss(random.Random(seed)) for seed in range(times)]


EVERYTHING = """
import os
with open("plain", "wb", buffering=0) as f:
    f.write(b"a" * 10000); f.seek(5000); f.write(b"b" * 300); f.truncate(9000)
fd = os.open("data", os.O_RDWR | os.O_CREAT)
os.pwrite(fd, b"x" * 9000, 5000); os.writev(fd, [b"y" * 10, b"z" * 10]); os.lseek(fd, 0, 0); os.posix_fallocate(fd, 0, 20000)
os.ftruncate(fd, 15000); os.write(fd, b"start"); os.close(fd)
os.rename("plain", "moved"); open("gone", "wb").close(); os.remove("gone")
with open("moved", "ab", buffering=0) as f: f.write(b"tail")
open("data2", "w").close(); os.replace("data", "data2"); open("moved", "r+b").close()
"""


def test_the_log_explains_the_folder(program):
    answer = program(EVERYTHING)
    assert answer.returncode == 0, answer.stderr
    assert played(program).contents() == read_folder(program.folder)


def test_what_was_not_synced_may_be_lost_in_pages(program):
    program("f = open('f', 'wb', buffering=0); f.write(b'a' * 3 * 4096)")
    seen = {content.get("f") for content in outcomes(played(program))}
    assert None in seen and b"" in seen and b"a" * 12288 in seen
    assert b"\0" * 4096 + b"a" * 8192 in seen


def test_what_was_synced_with_its_folder_is_never_lost(program):
    program(
        "import os; f = open('f', 'wb', buffering=0); f.write(b'a' * 9000); os.fsync(f.fileno())\n"
        "os.fsync(os.open('.', os.O_RDONLY)); f.seek(4096); f.write(b'b' * 4096)"
    )
    assert {content["f"][:4096] + content["f"][8192:] for content in outcomes(played(program))} == {b"a" * 4904}


def test_a_file_that_follows_a_folder_under_its_number_is_a_file(program):
    program(
        "import os; d = os.open('.', os.O_RDONLY); os.closerange(d, d + 1); f = os.open('f', os.O_RDWR | os.O_CREAT)\n"
        "os.write(f, b'a' * 9000); os.fsync(f); assert f == d"
    )
    assert {content.get("f") for content in outcomes(played(program))} == {None, b"a" * 9000}


@pytest.mark.parametrize("synced, whole", [("os.fsync(f.fileno())", True), ("", False)])
def test_a_rename_without_a_sync_before_it_may_show_a_torn_file(program, synced, whole):
    (program.folder / "result").write_bytes(b"old")
    program(f"import os; f = open('part', 'wb', buffering=0); f.write(b'new' * 4096); {synced}; os.rename('part', 'result')")
    seen = {content["result"] for content in outcomes(played(program, {"result": b"old"}))}
    assert (seen == {b"old", b"new" * 4096}) == whole


COMMITS = """
import sqlite3
db = sqlite3.connect("db", isolation_level=None)
db.execute("pragma synchronous={}"); db.execute("create table t (i, b)")
for i in range(6):
    db.execute("begin"); db.execute("insert into t values (?, ?)", (i, bytes([i]) * 9000)); db.execute("commit")
    print(i, flush=True)
"""


@pytest.mark.parametrize("level, safe", [("extra", True), ("full", False), ("off", False)])
def test_a_store_known_to_be_safe_loses_nothing_and_one_known_to_be_unsafe_does(program, tmp_path, level, safe):
    answer = program(COMMITS.format(level), fail="open:6:kill")
    assert answer.returncode == -signal.SIGKILL
    reported = len(answer.stdout.split())
    assert 0 < reported < 6
    lost = 0
    for number, content in enumerate(outcomes(played(program), 40)):
        write_folder(tmp_path / str(number), content)
        try:
            rows = sqlite3.connect(tmp_path / str(number) / "db").execute("select i, b from t order by i").fetchall()
        except sqlite3.Error:
            rows = []
        lost += rows[:reported] != [(i, bytes([i]) * 9000) for i in range(reported)]
    assert (lost == 0) == safe


@pytest.mark.parametrize(
    "fail, what", [("write:2:EIO", "Input/output error"), ("sync:1:ENOSPC", "No space left"), ("rename:1:EIO", "Input/output")]
)
def test_the_call_that_was_asked_for_fails(program, fail, what):
    answer = program(
        "import os; fd = os.open('f', os.O_RDWR | os.O_CREAT); os.write(fd, b'a' * 10); os.pwrite(fd, b'b' * 10, 10)\n"
        "os.fsync(fd); os.rename('f', 'g')",
        fail,
    )
    assert what in answer.stderr
    assert len(next(iter(read_folder(program.folder).values()))) == (10 if fail.startswith("write") else 20)


def test_a_full_disk_takes_half_a_write_and_then_nothing(program):
    text = "import os; fd = os.open('f', os.O_RDWR | os.O_CREAT); print(os.write(fd, b'a' * 10)); os.write(fd, b'b')"
    answer = program(text, "write:1:full")
    assert answer.stdout == "5\n" and "No space left" in answer.stderr


def test_a_kill_at_a_write_leaves_half_of_it(program):
    answer = program("import os; fd = os.open('f', os.O_RDWR | os.O_CREAT); os.write(fd, b'a' * 10)", "write:1:kill")
    assert answer.returncode == -signal.SIGKILL
    assert read_folder(program.folder) == {"f": b"a" * 5} == played(program).contents()


def test_other_folders_are_left_alone(program, tmp_path):
    answer = program(f"open({os.fspath(tmp_path / 'elsewhere')!r}, 'wb', buffering=0).write(b'a')", "write:1:EIO")
    assert answer.returncode == 0
    assert not program.log.exists() or program.log.stat().st_size == 0
