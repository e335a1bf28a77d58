# SPDX-License-Identifier: MIT
"""Load the result files of haggle and draw phase diagrams."""

from . import requirements

__all__ = ["BadFile", "BadRequest", "codes", "load", "names", "outputs", "phase_diagram", "save"]

if requirements.complaint():

    def __getattr__(name):
        """A package is missing: importing this one must still work for `-m` to say so in one line."""
        if name in __all__:
            raise ImportError(f"haggle_analysis: {requirements.complaint()}")
        raise AttributeError(name)

else:
    from .axes import BadRequest
    from .figure import phase_diagram, save
    from .load import BadFile, codes, load, names, outputs
