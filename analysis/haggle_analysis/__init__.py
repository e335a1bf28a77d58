# SPDX-License-Identifier: MIT
"""Load the result files of haggle and draw phase diagrams."""

from .axes import BadRequest
from .figure import phase_diagram, save
from .load import BadFile, codes, load, names, outputs

__all__ = ["BadFile", "BadRequest", "codes", "load", "names", "outputs", "phase_diagram", "save"]
