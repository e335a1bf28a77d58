# SPDX-License-Identifier: MIT
"""How to run a program with `faulty_io` before its C library."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HAGGLE = Path(os.environ.get("HAGGLE", ROOT / "build/release/haggle")).resolve()
LIBRARY = HAGGLE.parent / "tests" / "libfaulty_io.so"


def environment(folder, log=None, fail=None):
    """The environment in which calls on files under `folder` are logged to `log` and `fail` (KIND:K:HOW) happens."""
    if not LIBRARY.is_file():
        raise FileNotFoundError(f"{LIBRARY}: build it with HAGGLE_DEVELOPER=ON, or name the engine beside it in HAGGLE")
    made = {**os.environ, "LD_PRELOAD": str(LIBRARY), "FAULTY_FOLDER": os.path.realpath(folder)}
    if log:
        made["FAULTY_LOG"] = str(log)
    if fail:
        made["FAULTY_FAIL"] = fail
    return made
