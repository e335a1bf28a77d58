# SPDX-License-Identifier: MIT
"""Which packages this one needs, said before an import fails."""

import sys
from importlib.util import find_spec

NEEDED = {"numpy": "python3-numpy", "h5py": "python3-h5py", "xarray": "python3-xarray",
          "h5netcdf": "python3-h5netcdf", "matplotlib": "python3-matplotlib"}  # and Debian's names of them
DEBIAN = "/usr/bin/python3"


def complaint() -> str:
    """One line on the packages that this interpreter lacks and on the one to use; "" where nothing is missing."""
    absent = [name for name in NEEDED if find_spec(name) is None]
    if not absent:
        return ""
    debian = " ".join(NEEDED[name] for name in absent)
    way = (f"on Debian: apt-get install {debian}" if sys.executable == DEBIAN else
           f"on Debian use {DEBIAN} with the packages {' '.join(NEEDED.values())} "
           "(./dev does, or what HAGGLE_PYTHON names); elsewhere install them for this interpreter")
    return f"{sys.executable} has no {', '.join(absent)}; {way}"
