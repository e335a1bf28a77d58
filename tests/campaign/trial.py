# SPDX-License-Identifier: MIT
"""One sweep that faults are made in, and the look at what each of them left."""

import json
import os
import random
from pathlib import Path

import sweeps
from engine import RESULT, Run, sweep_arguments

CALLS = ("write", "sync", "sync_folder", "truncate", "rename", "unlink", "open")
LOOK = "look.h5"  # what is published of a sweep that is not done
PUBLISHED = (0, 3)  # 3: with games that failed


class Trial:
    """One sweep in a folder of its own, and what was found wrong with it."""

    def __init__(self, sweep, place, seed):
        self.sweep, self.place, self.chance = sweep, Path(place), random.Random(seed)
        self.folder, self.log, self.runs = self.place / "work", None, 0
        self.folder.mkdir(parents=True)
        self.shard = None  # (i, n)
        self.faults = 0
        self.problems = []  # (kind, text)
        self.notes = {}

    def problem(self, kind, text):
        self.problems.append((kind, text))

    def note(self, what):
        self.notes[what] = self.notes.get(what, 0) + 1

    @property
    def checkpoint(self):
        part = "" if self.shard is None else ".shard-{:04}-of-{:04}".format(*self.shard)
        return RESULT + part + ".checkpoint"

    @property
    def good(self):
        """How a run may end that came to its end; of the failed games a shard may have none."""
        return (self.sweep.final,) if self.shard is None else (0, self.sweep.final)

    def start(self, log=False, fail=None):
        """Begins the sweep or the shard, or goes on with it."""
        part = [] if self.shard is None else ["--shard", "{}/{}".format(*self.shard)]
        return self.run(*sweep_arguments(self.sweep, "--checkpoint", "on", "--resume", *part), log=log, fail=fail)

    def run(self, *arguments, log=False, fail=None):
        logged = log or fail is not None
        self.runs += 1
        self.log = self.place / f"log-{self.runs}"
        return Run(self.folder, *arguments, log=self.log if logged else None, fail=fail)

    def command(self, *arguments):
        run = Run(self.folder, *arguments)
        return run.end(), run

    def moment(self):
        """Seconds into a run: at any time of it, and more often than by chance near its start."""
        return self.chance.random() * self.sweep.seconds * self.chance.choice([0.2, 0.6, 1.1])

    def call(self, kinds=CALLS):
        """A random call of a whole run: KIND:K."""
        kind = self.chance.choice([kind for kind in kinds if self.sweep.calls.get(kind)])
        return f"{kind}:{self.chance.randint(1, self.sweep.calls[kind])}"

    def check_what_is_left(self, reported):
        """At least `reported` blocks are there, each of them right; a result is whole or absent."""
        if (self.folder / RESULT).exists():
            self.check_whole()
        elif (self.folder / self.checkpoint).exists():
            self.check_checkpoint(reported)
        elif reported:
            self.problem("lost", f"{reported} blocks were reported durable and there is no checkpoint")

    def check_whole(self):
        path = self.folder / RESULT
        if not path.exists():
            return self.problem("lost", "the sweep is done and has no result")
        try:
            arrays = sweeps.arrays_of(path)
        except OSError as error:
            return self.problem("unreadable", str(error))
        if not sweeps.same(arrays, self.sweep.arrays):
            self.problem("arrays differ", f"{path}: {sweeps.wrong_points(arrays, self.sweep.arrays)}")

    def check_checkpoint(self, reported):
        code, inspected = self.command("inspect", self.checkpoint, "--json")
        if code != 0:
            return self.problem("unreadable", f"inspect: {code}: {inspected.said}")
        counted = json.loads(inspected.out)
        if counted["blocks_done"] < reported:
            self.problem("lost", f"{reported} blocks were reported durable, {counted['blocks_done']} are there")
        look = self.place / LOOK
        code, published = self.command("publish", self.checkpoint, "-o", look, "--force")
        if code not in PUBLISHED:
            return self.problem("unreadable", f"publish: {code}: {published.said}")
        there = self.check_part(look)
        if there is not None and there != counted["points_done"]:
            self.problem("wrong points", f"inspect counts {counted['points_done']}, the published file has {there}")

    def check_part(self, path):
        """A published file, whole or in part; returns how many of its points are not pending."""
        try:
            wrong, there = sweeps.wrong_points(sweeps.arrays_of(path), self.sweep.arrays)
        except OSError as error:
            return self.problem("unreadable", str(error))
        if wrong:
            self.problem("wrong points", f"{path}: {wrong} of {there}")
        return there

    def finish(self):
        """Resumes without faults to the end and compares."""
        run = self.start()
        code = run.end()
        if code not in self.good:
            self.problem("not resumed", f"exit code {code}: {run.said}")
        elif self.shard is None:
            self.check_whole()
            left = sorted(os.listdir(self.folder))
            if left != [RESULT]:
                self.problem("litter", str(left))
        else:
            self.check_what_is_left(run.durable)

    def expect(self, code, allowed, run):
        if code not in allowed:
            self.problem("exit code", f"{code}, not one of {allowed}: {run.said}")

    def check_message(self, run):
        """An error names the file that had it."""
        if RESULT not in run.said and LOOK not in run.said:
            self.problem("message", run.said or "(nothing)")
