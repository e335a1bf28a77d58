# SPDX-License-Identifier: MIT
"""The command, and two specs for it."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HAGGLE = os.environ.get("HAGGLE", str(ROOT / "build/release/haggle"))

SPEC = """\
haggle: 1
title: Two costs
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.5, 8, 5]}}}
specialists:
  - name: D
    revenue: {elasticity: 1}
    cost: {coefficient: {axis: c1, geomspace: [0.5, 8, 5]}}
bargaining: {solution: {axis: solution, values: [nash, egalitarian, utilitarian]}}
"""

# 10^9 games: more than any machine solves before it is told to stop.
ENDLESS = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 1000]}}}
specialists:
  - revenue: {elasticity: {axis: elasticity, linspace: [0.3, 1, 1000]}}
    cost: {coefficient: {axis: c1, geomspace: [0.1, 10, 1000]}}
outputs: [share]
"""


def haggle(*arguments, cwd, **options):
    return subprocess.run([HAGGLE, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=300, **options)
