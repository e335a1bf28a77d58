# SPDX-License-Identifier: MIT
"""The pictures that the README shows: solves their sweeps and draws them, all by one command."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .figure import phase_diagram, save

ROOT = Path(__file__).parents[2]
SWEEPS = ROOT / "sweeps"
ENGINE = ROOT / "build" / "release" / "haggle"
SOME_FAILED = 3  # exit code: the file is whole, and the picture shows where


class BadSweep(Exception):
    """A sweep that could not be solved; the message is the engine's."""


@dataclass(frozen=True)
class Picture:
    """One picture: its name, the sweep it shows, and how `phase_diagram` is to draw it."""

    name: str
    sweep: str
    how: dict


PICTURES = (
    Picture("quickstart", "quickstart", {"output": "share", "x": "c0", "y": "c1", "facet": "solution"}),
    Picture("profit_sharing", "cost_asymmetry", {"output": "share", "x": "c0", "y": "c1", "facet": "solution",
                                                 "mark": ("profit_sharing", "no")}),
    Picture("regimes", "three_regimes", {"output": "specialist_regime", "x": "marginal_cost", "y": "market_size",
                                         "facet": "solution", "at": {"specialist": "entrant"}}),
    Picture("pareto_set", "pareto_gap", {"kind": "pareto", "x": "entry_cost", "facet": "solution"}),
    Picture("frontier", "pareto_gap", {"kind": "frontier", "y": "solution", "at": {"entry_cost": 2}}),
    Picture("elasticity_weight", "elasticity_weight", {"output": "share", "kind": "contour", "x": "elasticity",
                                                       "y": "weight", "facet": "solution", "at": {"c1": 1}}),
)


def make(folder, haggle=ENGINE, sweeps=SWEEPS, only=None, results=None, force=False):
    """Yields the path of each picture once it is drawn into `folder`. A sweep that several show is solved once.

    `haggle`: the engine's command. `only`: names of the pictures wanted. `results`: a folder that keeps the result files.
    Raises FileExistsError without `force` where there is a picture, BadSweep, and what `phase_diagram` does.
    """
    folder = Path(folder)
    wanted = [picture for picture in PICTURES if only is None or picture.name in only]
    targets = {picture.name: folder / f"{picture.name}.png" for picture in wanted}
    for target in targets.values():
        if target.exists() and not force:
            raise FileExistsError(target)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing:
        kept = Path(results) if results else Path(passing)
        kept.mkdir(parents=True, exist_ok=True)
        solved = {}
        for picture in wanted:
            if picture.sweep not in solved:
                solved[picture.sweep] = solve(haggle, Path(sweeps) / f"{picture.sweep}.yaml", kept / f"{picture.sweep}.h5")
            yield save(phase_diagram(solved[picture.sweep], **picture.how), targets[picture.name], force)


def solve(haggle, spec, result):
    """Runs the sweep `spec` into the file `result`."""
    command = [str(haggle), "run", str(spec), "-o", str(result), "--force", "--progress", "none"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, SOME_FAILED):
        said = (done.stderr or done.stdout).strip() or f"exit code {done.returncode}"
        raise BadSweep(f"{spec}: {said}")
    return result
