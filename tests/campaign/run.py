#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The fault campaign: faults in running sweeps, and a look at what each of them left.

    HAGGLE=build/release/haggle /usr/bin/python3 tests/campaign/run.py [--kills 500 --errors 100 …] [--seed 1] [--jobs 2]

Without numbers a short one. The folders of what failed are kept and named. The engine decides nothing by chance, and the
campaign all of it by --seed, but for when a signal arrives.
"""

import argparse
import collections
import concurrent.futures
import os
import random
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path

import faults
import sweeps
from engine import RESULT, Run, sweep_arguments, timed
from faulty import HAGGLE, LIBRARY
from power_loss import GROWN, OPENED, RENAMED, SYNCED, SYNCED_FOLDER, TRUNCATED, UNLINKED, WROTE, records
from trial import Trial

KINDS = {  # option: (function, how many faults a short campaign makes, what a fault is called)
    "kills": (faults.kills, 25, "SIGKILLs"),
    "errors": (faults.errors, 12, "failed calls"),
    "power-losses": (faults.power_losses, 12, "power losses"),
    "full-disks": (faults.full_disks, 2, "full disks"),
    "torn-tails": (faults.torn_tails, 3, "torn files"),
    "signals": (faults.signals, 3, "signals to stop, or two"),
    "exceptions": (faults.exceptions, 3, "exceptions in a thread"),
}
CALLS = {WROTE: "write", SYNCED: "sync", SYNCED_FOLDER: "sync_folder", TRUNCATED: "truncate", GROWN: "truncate",
         RENAMED: "rename", UNLINKED: "unlink"}  # fmt: skip
HARM = {  # kind of problem: its name in the sum
    "unreadable": "files unreadable",
    "wrong points": "wrong points",
    "lost": "reported blocks lost",
    "arrays differ": "resumed arrays different",
}


def prepared(number, chance, place):
    """A random sweep, solved without interruption and without a checkpoint, and the calls of one with a checkpoint."""
    folder = place / f"sweep-{number}"
    folder.mkdir()
    spec = folder / "sweep.yaml"
    spec.write_text(sweeps.random_spec(chance))
    sweep = sweeps.Sweep(spec, chance.choice([1, 1, 2]))
    code, run, sweep.seconds = timed(folder, *sweep_arguments(sweep, "--checkpoint", "off"))
    if code not in (0, 3):
        sys.exit(f"{spec}: exit code {code}: {run.said}")
    sweep.final = code
    sweep.arrays = sweeps.arrays_of(folder / RESULT)
    sweep.bytes = (folder / RESULT).stat().st_size
    (folder / RESULT).unlink()
    run = Run(folder, *sweep_arguments(sweep, "--checkpoint", "on"), log=place / "log")
    if run.end() != code:
        sys.exit(f"{spec}: with a checkpoint: {run.said}")
    sweep.calls = collections.Counter()
    for event, _, _, created, _ in records(place / "log"):
        if event in CALLS:
            sweep.calls[CALLS[event]] += 1
        elif event == OPENED and created:
            sweep.calls["open"] += 1
    if not sweeps.same(sweeps.arrays_of(folder / RESULT), sweep.arrays):
        sys.exit(f"{spec}: the arrays differ with a checkpoint and without")
    (folder / RESULT).unlink()
    (place / "log").unlink()
    return sweep


class Campaign:
    def __init__(self, place, seed, jobs, count):
        self.place, self.seed, self.jobs = place, seed, jobs
        self.problems = collections.Counter()
        self.notes = collections.Counter()
        self.faults, self.failed = 0, 0
        self.sweeps = [prepared(i, random.Random(f"{seed}/{i}"), place) for i in range(count)]
        for sweep in self.sweeps:
            calls = ", ".join(f"{n} {kind}" for kind, n in sorted(sweep.calls.items()))
            size = f"{sweep.points} points, {sweep.seconds:.1f} s, {sweep.bytes} bytes"
            print(f"{sweep.spec.parent.name}: {size}; {calls}", flush=True)

    def one(self, option, number):
        make, *_ = KINDS[option]
        name = f"{option}-{number}"
        chance = random.Random(f"{self.seed}/{name}")
        trial = Trial(chance.choice(self.sweeps), self.place / name, f"{self.seed}/{name}/trial")
        try:
            make(trial)
        except Exception:
            trial.problem("campaign", traceback.format_exc())
        if not trial.problems:
            shutil.rmtree(trial.place)
        return name, trial

    def all(self, option, wanted):
        """Trials of a kind until there were as many faults as wanted."""
        done, bad, number = 0, 0, 0
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            running = set()
            while done < wanted or running:
                while done + len(running) < wanted and len(running) < self.jobs and number < 10 * wanted + 10:
                    running.add(pool.submit(self.one, option, number))
                    number += 1
                if not running:
                    break
                ended, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
                for name, trial in (future.result() for future in ended):
                    done += trial.faults
                    self.notes.update(trial.notes)
                    if trial.problems:
                        bad += 1
                        print(f"{name}, {trial.sweep.spec.parent.name}: FAILED, see {trial.place}")
                        for kind, text in trial.problems:
                            self.problems[kind] += 1
                            print(f"  {kind}: {text}", flush=True)
        print(f"{done} {KINDS[option][2]} in {number} sweeps, {bad} of them failed", flush=True)
        if done < wanted:
            bad += 1
            print(f"{option}: only {done} of {wanted} faults could be made")
        self.faults += done
        self.failed += bad


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # else sweeps of a campaign in the background ignored it
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option, (_, short, meaning) in KINDS.items():
        parser.add_argument("--" + option, type=int, default=short, metavar="N", help=f"{meaning} (default {short})")
    parser.add_argument("--sweeps", type=int, default=4, metavar="N", help="different sweeps (default 4)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="trials at a time")
    arguments = parser.parse_args()
    for needed in (HAGGLE, LIBRARY):
        if not needed.is_file():
            sys.exit(f"{needed} is missing: build with HAGGLE_DEVELOPER=ON, or name the engine in HAGGLE")

    place = Path(tempfile.mkdtemp(prefix="haggle-campaign-"))
    campaign = Campaign(place, arguments.seed, arguments.jobs, arguments.sweeps)
    for option in KINDS:
        wanted = getattr(arguments, option.replace("-", "_"))
        if option == "full-disks" and wanted and not faults.mount_allowed(place / "mount"):
            print("full disks: SKIPPED, a tmpfs may not be mounted here")
            continue
        if wanted:
            campaign.all(option, wanted)
    for what, number in sorted(campaign.notes.items()):
        print(f"  {what}: {number}")
    found = campaign.problems
    counts = [f"{name} {found[kind]}" for kind, name in HARM.items()]
    counts.append(f"other {sum(found.values()) - sum(found[kind] for kind in HARM)}")
    print(f"{campaign.faults} faults (seed {arguments.seed}): {', '.join(counts)}")
    print(f"{campaign.faults - campaign.failed} passed, {campaign.failed} failed")
    if not campaign.failed:
        shutil.rmtree(place)
    return 1 if campaign.failed else 0


if __name__ == "__main__":
    sys.exit(main())
