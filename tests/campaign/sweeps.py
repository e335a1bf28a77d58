# SPDX-License-Identifier: MIT
"""Random small sweeps, and what their arrays are when nothing interrupts them."""

import concurrent.futures
import multiprocessing
import threading
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

OUTPUTS = ["share", "investment", "utility", "surplus", "revenue", "regime", "residual"]
SOLUTIONS = ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"]


@dataclass
class Sweep:
    spec: Path
    threads: int
    final: int = -1  # exit code of a whole run: 0, or 3 when some games fail
    seconds: float = 0.0
    bytes: int = 0
    arrays: dict = None
    calls: dict = None  # how many calls of each kind a whole run makes

    @property
    def points(self):
        return self.arrays["status"].size


def random_spec(chance):
    """A game in some 20 blocks that takes about a second on a core; one in four is faster, in 64, and makes many bytes."""
    wide = chance.random() < 1 / 4
    solutions = chance.sample(SOLUTIONS, chance.randint(1, 3))
    points = 500_000 if wide else chance.randint(40_000, 90_000)
    first = chance.randint(20, 60)
    second = max(points // (first * len(solutions)), 2)
    outside = "0" if wide else chance.choice(["0.01", "0.02", "{from: 0.01*c0}"])
    lines = [
        "haggle: 1",
        "game: fine_tuning",
        f"generalist: {{outside_option: {outside}, cost: {{coefficient: {{axis: c0, geomspace: [0.1, 10, {first}]}}}}}}",
        "specialists:",
        f"  - revenue: {{elasticity: {chance.choice([0.7, 0.9, 1] if wide else [0.7, 0.9, 1, 1.6])}}}",
        f"    cost: {{coefficient: {{axis: c1, geomspace: [0.1, 10, {second}]}}, exponent: {chance.choice([1.5, 2, 2.5])}}}",
        f"bargaining: {{solution: {{axis: solution, values: [{', '.join(solutions)}]}}}}",
        f"output: {{dtype: {chance.choice(['float64', 'float32'])}, compression: {chance.choice([0, 1, 4])}}}",
    ]
    if chance.random() < 0.3:
        lines.append("where: c1 >= c0")
    if chance.random() < 0.6:
        lines.append(f"outputs: [{', '.join(chance.sample(OUTPUTS, chance.randint(1, 4)))}]")
    return "\n".join(lines) + "\n"


_reader = threading.local()


def arrays_of(path):
    """A result file's arrays. Throws OSError when it cannot be read: HDF5 may also crash on a torn file, so that it is another
    process that reads."""
    if not hasattr(_reader, "pool"):
        _reader.pool = concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
    try:
        return _reader.pool.submit(_read, path).result()
    except BrokenProcessPool:
        del _reader.pool
        raise OSError(f"{path}: HDF5 crashes") from None


def _read(path):
    try:
        with h5py.File(path) as file:
            return {name: item[...] for name, item in file.items() if isinstance(item, h5py.Dataset)}
    except Exception as error:  # h5py has many for a file that is no good
        raise OSError(f"{path}: {error}") from None


def same(left, right):
    return left.keys() == right.keys() and all(_same_bits(left[name], right[name]) for name in left)


def wrong_points(part, whole):
    """How many points of a partial file are neither as in the whole one nor pending, and how many are not pending."""
    there = part["status"] != 0
    wrong = np.zeros(there.shape, bool)
    for name, values in whole.items():
        mine = part.get(name)
        if mine is None or mine.shape != values.shape or mine.dtype != values.dtype:
            return there.size, int(there.sum())
        if values.shape != there.shape or values.dtype == object:
            if not _same_bits(mine, values):
                return there.size, int(there.sum())
            continue
        empty = np.isnan(mine) if mine.dtype.kind == "f" else mine == 0
        wrong |= np.where(there, _bits(mine) != _bits(values), ~empty)
    return int(wrong.sum()), int(there.sum())


def _bits(values):
    return values.view(f"u{values.dtype.itemsize}") if values.dtype.kind == "f" else values


def _same_bits(left, right):
    if left.dtype == object:
        return left.shape == right.shape and left.tolist() == right.tolist()
    return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
