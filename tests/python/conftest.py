# SPDX-License-Identifier: MIT
"""Result files of real sweeps, made by the engine for tests that read them with other people's software."""

import os
import subprocess
from pathlib import Path

import pytest
from command import SPEC

ENGINE = os.environ.get("HAGGLE", str(Path(__file__).resolve().parents[2] / "build/release/haggle"))


@pytest.fixture
def sweep(tmp_path):
    """sweep(spec, *options, name="result.h5"): runs a spec given as text and returns the file's path."""

    def run(spec, *options, name="result.h5"):
        if not Path(ENGINE).is_file():
            pytest.fail(f"{ENGINE} is missing: build the engine, or name it in the environment variable HAGGLE")
        source, result = tmp_path / "spec.yaml", tmp_path / name
        source.write_text(spec)
        command = [ENGINE, "run", str(source), "-o", str(result), "--progress", "none", *map(str, options)]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert answer.returncode in (0, 3), answer.stderr
        return result

    return run


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "two_costs.yaml"
    path.write_text(SPEC)
    return path
