# SPDX-License-Identifier: MIT
"""The command under test: started, watched, and killed."""

import json
import subprocess
import threading
import time

from faulty import HAGGLE, environment

RESULT = "result.h5"
PATIENCE = 60


class Run:
    """`haggle ARGUMENTS` in `folder`, under faulty_io when a log or a fault is asked for."""

    def __init__(self, folder, *arguments, log=None, fail=None):
        self.durable = 0  # blocks, as its progress said
        self.messages = []
        self.out = ""
        self.process = subprocess.Popen(
            [str(HAGGLE), *map(str, arguments)],
            cwd=folder,
            env=environment(folder, log, fail) if log or fail else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._readers = [threading.Thread(target=self._read_errors), threading.Thread(target=self._read_output)]
        for reader in self._readers:
            reader.start()

    def _read_errors(self):
        for line in self.process.stderr:
            try:
                self.durable = json.loads(line)["blocks_durable"] or 0
            except (ValueError, KeyError, TypeError):
                self.messages.append(line)

    def _read_output(self):
        self.out = self.process.stdout.read()

    def end(self):
        """Its exit code; negative when a signal ended it."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.messages.append("hangs: killed")
            self.process.kill()
            code = self.process.wait() - 1000
        for reader in self._readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def signal_after(self, seconds, *signals, gap=0.0):
        """Sends each of them unless it ends before; returns its exit code."""
        for wait, kind in zip([seconds] + [gap] * (len(signals) - 1), signals):
            try:
                self.process.wait(wait)
                break
            except subprocess.TimeoutExpired:
                self.process.send_signal(kind)
        return self.end()

    @property
    def said(self):
        return "".join(self.messages).strip()


def sweep_arguments(sweep, *more):
    return ["run", sweep.spec, "-o", RESULT, "-j", sweep.threads, "--progress", "json", *more]


def timed(folder, *arguments):
    began = time.monotonic()
    run = Run(folder, *arguments)
    code = run.end()
    return code, run, time.monotonic() - began
