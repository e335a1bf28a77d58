# SPDX-License-Identifier: MIT
"""One function a kind of fault. Each makes faults in a sweep until it is done, and looks after every one at what is left."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from engine import RESULT
from power_loss import FAILED, Disk, read_folder, records, write_folder
from trial import CALLS, LOOK, PUBLISHED

IO_ERROR, STOPPED = 4, 75


def kills(trial):
    """SIGKILL again and again, at random moments and at random calls, until a run gets through; whole or in shards."""
    count = trial.chance.choice([1, 1, 1, 1, 2, 3])
    for shard in range(count):
        if count > 1:
            trial.shard = (shard, count)
        chain_of_kills(trial)
    if count > 1:
        merge_under_kills(trial, count)


def chain_of_kills(trial):
    for _ in range(trial.chance.randint(1, 8)):
        at_call = trial.chance.random() < 0.3
        run = trial.start(fail=trial.call() + ":kill" if at_call else None)
        code = run.end() if at_call else run.signal_after(trial.moment(), signal.SIGKILL)
        trial.expect(code, (-signal.SIGKILL, *trial.good), run)
        trial.check_what_is_left(run.durable)
        if code != -signal.SIGKILL:
            return
        trial.faults += 1
    trial.finish()


def merge_under_kills(trial, count):
    parts = []
    for shard in range(count):
        trial.shard = (shard, count)
        parts.append(trial.checkpoint)
    trial.chance.shuffle(parts)
    while trial.chance.random() < 0.5:
        code = trial.run("merge", *parts, "-o", RESULT, fail=trial.call() + ":kill").end()
        trial.faults += code == -signal.SIGKILL
        if (trial.folder / RESULT).exists():
            trial.check_whole()
    run = trial.run("merge", *parts, "-o", RESULT)
    trial.expect(run.end(), trial.good, run)
    trial.check_whole()


def errors(trial):
    """One call fails, in a new run, a resumed one, or while a stopped one is published."""
    if trial.chance.random() < 0.5:
        trial.start().signal_after(trial.moment(), signal.SIGKILL)
    publishing = (trial.folder / trial.checkpoint).exists() and trial.chance.random() < 0.3
    how = trial.chance.choice(["ENOSPC", "EIO", "EIO", "full", "short"])
    kinds = ("write",) if how in ("full", "short") else ("write", *CALLS)
    if publishing:
        at = trial.call(kinds).split(":")[0] + f":{trial.chance.randint(1, 20)}"
        run = trial.run("publish", trial.checkpoint, "-o", LOOK, fail=f"{at}:{how}")
        good = PUBLISHED
    else:
        run = trial.start(fail=f"{trial.call(kinds)}:{how}")
        good = trial.good
    code = run.end()
    hit = [data.decode() for event, *_, data in records(trial.log) if event == FAILED]
    if hit:
        trial.faults += 1
    trial.expect(code, (IO_ERROR, *good) if hit else good, run)
    if code == IO_ERROR:
        trial.check_message(run)
    elif hit and hit[0].startswith("sync ") and code in good:
        trial.problem("swallowed", f"{hit[0]}: exit code {code}")
    elif hit and code in good:
        trial.note("survived: " + hit[0])
    look = trial.folder / LOOK
    if look.exists():
        trial.check_part(look)
        look.unlink()
    trial.check_what_is_left(run.durable)
    trial.finish()


def power_losses(trial):
    """The power goes, up to four times: at a random moment or call, when a run was stopped, when it was done; and once while
    a part is published or just after."""
    reported = 0
    for _ in range(trial.chance.randint(1, 4)):
        how = trial.chance.choice(["moment", "moment", "call", "call", "stopped", "done"])
        before = read_folder(trial.folder)
        run = trial.start(log=True, fail=trial.call() + ":kill" if how == "call" else None)
        if how in ("moment", "stopped"):
            code = run.signal_after(trial.moment(), signal.SIGKILL if how == "moment" else signal.SIGTERM)
        else:
            code = run.end()
        lose_power(trial, before, code)
        reported = max(reported, run.durable)
        trial.check_what_is_left(reported)
        if code in trial.good and not (trial.folder / RESULT).exists():
            trial.problem("lost", "the run had ended well and the result is gone")
        if (trial.folder / RESULT).exists():
            break
    if (trial.folder / trial.checkpoint).exists() and trial.chance.random() < 0.5:
        before = read_folder(trial.folder)
        kill = trial.call(("write", "sync", "rename")) + ":kill" if trial.chance.random() < 0.5 else None
        code = trial.run("publish", trial.checkpoint, "-o", LOOK, log=True, fail=kill).end()
        lose_power(trial, before, code)
        if (trial.folder / LOOK).exists():
            trial.check_part(trial.folder / LOOK)
        elif code in PUBLISHED:
            trial.problem("lost", "what had been published is gone")
        for left in trial.folder.glob(LOOK + "*"):
            left.unlink()
    trial.finish()


def lose_power(trial, before, code):
    """Puts in the folder's place what a disk may hold of it."""
    disk = Disk(before)
    disk.play(trial.log, trial.folder)
    if code >= 0 and disk.contents() != read_folder(trial.folder):
        trial.problem("instrument", "the log does not explain the folder")
    shutil.rmtree(trial.folder)
    write_folder(trial.folder, disk.after_power_loss(trial.chance))
    trial.faults += 1


def full_disks(trial):
    """A tmpfs too small for the sweep; then it grows."""
    need = int(trial.sweep.bytes * trial.chance.uniform(0.05, 1.3)) // 4096 * 4096 + 65536
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={need}", "none", trial.folder], check=True)
    try:
        run = trial.start()
        code = run.end()
        trial.expect(code, (IO_ERROR, *trial.good), run)
        if code == IO_ERROR:
            trial.faults += 1
            trial.check_message(run)
            trial.check_what_is_left(run.durable)
        subprocess.run(["mount", "-o", "remount,size=1g", trial.folder], check=True)
        trial.finish()
    finally:
        subprocess.run(["umount", trial.folder], check=True)


def torn_tails(trial):
    """After a kill the end of a file is gone, or is not what was written. What that destroys may be lost, never wrong."""
    trial.start().signal_after(trial.moment() + 0.2 * trial.sweep.seconds, signal.SIGKILL)
    victims = [path for path in trial.folder.iterdir() if path.stat().st_size > 0 and path.name != RESULT]
    if not victims:
        return trial.finish()
    victim = trial.chance.choice(victims)
    size = victim.stat().st_size
    cut = min(size, int(trial.chance.choice([64, 4096, 65536, size]) * trial.chance.random()) + 1)
    os.truncate(victim, size - cut)
    if trial.chance.random() < 0.5:
        with victim.open("ab") as file:
            file.write(trial.chance.randbytes(cut))
    trial.faults += 1
    refused = False
    if (trial.folder / trial.checkpoint).exists():
        look = trial.place / LOOK
        code, run = trial.command("publish", trial.checkpoint, "-o", look, "--force")
        trial.expect(code, (IO_ERROR, *PUBLISHED), run)
        if code in PUBLISHED:
            trial.check_part(look)
        else:
            trial.check_message(run)
    run = trial.start()
    code = run.end()
    trial.expect(code, (IO_ERROR, *trial.good), run)
    if code == IO_ERROR:
        refused = True
        trial.check_message(run)
        for path in trial.folder.iterdir():
            path.unlink()
        trial.finish()
    else:
        trial.check_whole()
    trial.note(f"torn {'checkpoints' if 'checkpoint' in victim.name else 'data'} {'refused' if refused else 'mended'}")


def signals(trial):
    """SIGINT, SIGTERM, SIGUSR1, or SIGINT twice."""
    twice = trial.chance.random() < 0.6
    kind = signal.SIGINT if twice else trial.chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGUSR1])
    run = trial.start()
    code = run.signal_after(trial.moment(), *[kind] * (1 + twice), gap=trial.chance.choice([0, 0.001, 0.02]))
    trial.faults += 1
    # Ended by the signal itself: the second one, or one that came before there was anything to stop.
    early = (-kind,) if twice or not run.durable else ()
    trial.expect(code, (STOPPED, *trial.good, *early), run)
    trial.check_what_is_left(run.durable)
    trial.finish() if code not in trial.good else trial.check_whole()


def exceptions(trial):
    """Memory runs out: one `operator new` throws, in whatever thread it is."""
    run = trial.start(fail=f"new:{int(2 ** trial.chance.uniform(0, 10))}:throw")
    code = run.end()
    hit = any(event == FAILED for event, *_ in records(trial.log))
    trial.faults += hit
    if code < 0 or (code in trial.good) == hit:
        trial.problem("exit code", f"{code} when memory {'ran' if hit else 'did not run'} out: {run.said}")
    elif hit and not run.said:
        trial.problem("message", "(nothing)")
    trial.check_what_is_left(run.durable)
    trial.finish()


def mount_allowed(folder):
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "none", folder], capture_output=True).returncode != 0:
        return False
    subprocess.run(["umount", folder], check=True)
    return True
