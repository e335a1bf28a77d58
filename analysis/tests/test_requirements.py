# SPDX-License-Identifier: MIT
"""An interpreter without the packages: one line that says what to do, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from haggle_analysis import requirements

ROOT = Path(__file__).parents[1]
#: Hides h5py and matplotlib.
WITHOUT = """
import importlib.util, runpy, sys
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in ("h5py", "matplotlib") else real(name, *rest)
sys.modules["h5py"] = sys.modules["matplotlib"] = None
"""


def run(code):
    return subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)},
                          capture_output=True, text=True, check=False)


def test_a_missing_package_is_one_line_with_the_interpreter_to_use():
    done = run(WITHOUT + "sys.argv = ['x', 'result.h5']; runpy.run_module('haggle_analysis', run_name='__main__')")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
    for text in (f"{sys.executable} has no h5py, matplotlib;", "python3-h5py", "python3-matplotlib"):
        assert text in done.stderr


def test_importing_from_the_package_says_the_same():
    done = run(WITHOUT + "from haggle_analysis import load")
    assert done.returncode != 0
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"ImportError: haggle_analysis: {sys.executable} has no h5py, matplotlib;")


@pytest.mark.parametrize("interpreter, way", [("/opt/python3", "use /usr/bin/python3"),
                                              ("/usr/bin/python3", "apt-get")])
def test_another_interpreter_is_sent_to_debians_and_debians_to_apt(monkeypatch, interpreter, way):
    monkeypatch.setattr(requirements, "find_spec", lambda name: None if name == "xarray" else True)
    monkeypatch.setattr(requirements.sys, "executable", interpreter)
    said = requirements.complaint()
    assert said.startswith(f"{interpreter} has no xarray; ") and way in said and "python3-xarray" in said
    assert ("HAGGLE_PYTHON" in said) == (interpreter != "/usr/bin/python3")


def test_where_nothing_is_missing_there_is_no_complaint():
    assert requirements.complaint() == ""
