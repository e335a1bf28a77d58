# SPDX-License-Identifier: MIT
"""Colours, type and wording: everything that makes two pictures look alike."""

import re

import numpy as np
from matplotlib import colors

#: Okabe and Ito's colour-blind-safe set, the ones that read well as a thin line first.
OKABE_ITO = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"]
LINE_STYLES = ["-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5))]

RC = {
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.labelsize": 9.5,
    "figure.titlesize": 10.5,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "axes.linewidth": 0.7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.minor.width": 0.5,
    "ytick.minor.width": 0.5,
    "lines.linewidth": 1.7,
    "hatch.linewidth": 0.6,
    "mathtext.fontset": "dejavusans",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "savefig.dpi": 200,
}

#: Points without a value, by their status ("" where a solved game has none): fill, hatch, the hatch's colour.
BLANKS = {
    "no_deal": ("#CFCFCF", None, "#CFCFCF"),
    "excluded": ("#F3F3F3", "////", "#C4C4C4"),
    "unbounded": ("#A3A3A3", "\\\\\\\\", "#6E6E6E"),
    "out_of_domain": ("#A3A3A3", "++++", "#5A5A5A"),
    "overflow": ("#A3A3A3", "xxxx", "#5A5A5A"),
    "not_converged": ("#000000", None, "#FFFFFF"),
    "pending": ("#FFFFFF", "..", "#9A9A9A"),
    "": ("#FFFFFF", None, "#9A9A9A"),
}
FAILURES = ("unbounded", "out_of_domain", "not_converged", "overflow")

#: (generalist, specialist) regimes that can occur: the same colour in every picture.
REGIME_COLOURS = {
    ("invests", "contributor"): "#56B4E9",
    ("invests", "free_rider"): "#E69F00",
    ("invests", "abstainer"): "#CC79A7",
    ("idle", "contributor"): "#009E73",
    ("idle", "free_rider"): "#F0E442",
    ("idle", "abstainer"): "#D55E00",
    ("abstains", "abstainer"): "#7A7A7A",
}
#: Codes drawn one output at a time.
CODE_COLOURS = {
    "solved": "#56B4E9",
    "invests": "#56B4E9",
    "idle": "#009E73",
    "abstains": "#7A7A7A",
    "contributor": "#56B4E9",
    "free_rider": "#E69F00",
    "abstainer": "#CC79A7",
}

SYMBOLS = {
    "share": "δ",
    "base_performance": "α₀",
    "performance": "α₁",
    "generalist_utility": "U_G",
    "specialist_utility": "U_D",
    "surplus": "U_G+U_D",
}
SPELLINGS = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai–Smorodinsky",
    "free_rider": "free-rider",
    "excluded": "excluded from the sweep",
    "pending": "pending (not solved yet)",
    "unbounded": "failed: unbounded",
    "out_of_domain": "failed: out of domain",
    "not_converged": "failed: not converged",
    "overflow": "failed: overflow",
}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def words(code: str) -> str:
    """A code or label as a person would write it: "no_deal" is "no deal"."""
    return SPELLINGS.get(code, str(code).replace("_", " "))


def number(value) -> str:
    return f"{float(value):.4g}"


def symbol(name: str, attrs) -> str:
    """Mathtext for a variable's symbol, or "" where it has none: `c0` and "c₀" are both $c_{0}$."""
    sign = str(attrs.get("symbol", "")) or SYMBOLS.get(name, "")
    if not sign and re.fullmatch(r"[A-Za-z]\d?", name):
        sign = name
    if not sign:
        return ""
    sign = re.sub(r"([A-Za-zα-ω])_?(\d+|[₀-₉]+)", lambda m: f"{m[1]}_{{{m[2].translate(_SUBSCRIPTS)}}}", sign)
    return f"${sign}$"


def label(name: str, attrs) -> str:
    """An axis' label: what it is, its symbol, its unit; "1" is no unit.

    A long_name's explanation after a comma or semicolon is left out, and so is its leading article.
    """
    text = re.split(r"[,;]\s", str(attrs.get("long_name", "")) or words(name))[0].strip()
    text = re.sub(r"^(the|a|an)\s+", "", text).replace("`", "")
    sign = symbol(name, attrs)
    unit = str(attrs.get("units", "1"))
    if text == name:
        text, sign = (sign, "") if sign and len(name) <= 2 else (words(name), sign)  # `c0` says no more than $c_{0}$
    text = text[:1].upper() + text[1:] + (f", {sign}" if sign else "")
    return text + (f" [{unit}]" if unit not in ("", "1") else "")


def colouring(name: str, values):
    """(colour map's name, norm, centre) for the finite ones of `values`.

    Diverging about an even split of revenue, or about zero, where the values lie on both sides of it; logarithmic over
    more than three decades; otherwise cividis from least to greatest. `centre` is None unless diverging.
    """
    finite = np.asarray(values)[np.isfinite(values)]
    if finite.size == 0:
        return "cividis", colors.Normalize(0, 1), None
    low, high = float(finite.min()), float(finite.max())
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        pad = 0.05 * abs(high) or 0.5
        return "cividis", colors.Normalize(low - pad, high + pad), None
    centre = 0.5 if name == "share" else 0.0
    if min(high - centre, centre - low) > 0.05 * (high - low):
        half = max(high - centre, centre - low)
        return "PuOr_r", colors.Normalize(centre - half, centre + half), centre
    positive = finite[finite > 0]
    if name != "share" and low >= 0 and high > 1e2 * np.percentile(positive, 2):
        return "cividis", colors.LogNorm(float(positive.min()), high), None
    return "cividis", colors.Normalize(low, high), None
