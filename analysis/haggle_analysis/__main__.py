# SPDX-License-Identifier: MIT
"""Runs the command line, or says in one line what it lacks."""

import sys

from . import requirements


def main(arguments=None) -> int:
    """Returns the exit code: `command.main`'s, or 2 where a package is missing."""
    complaint = requirements.complaint()
    if complaint:
        print(f"haggle_analysis: {complaint}", file=sys.stderr)
        return 2
    from .command import main as run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
