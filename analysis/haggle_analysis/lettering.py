# SPDX-License-Identifier: MIT
"""How wide text is, where it wraps, and where along an iso-line its value is written."""

import re

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path


def width(text, size) -> float:
    """Inches that one line of text, with mathtext, takes at `size` points."""
    mathtext = "$" in text.replace(r"\$", "")
    return text_to_path.get_text_width_height_descent(text, FontProperties(size=size), mathtext)[0] / 72


def wrapped(words, inches, size) -> str:
    """Fills lines with `words`, a text or a list of pieces to keep whole; cuts only what is wider than a line.

    Mathtext, from a "$" to the next, stays whole.
    """
    if isinstance(words, str):
        words = re.findall(r"(?:(?<!\\)\$.*?(?<!\\)\$|\S)+", words)
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= inches:
            lines[-1] = longer
            continue
        lines += [""] if lines[-1] else []
        while "$" not in word and width(word, size) > inches and len(word) > 4:
            fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or width(word[:n], size) <= inches)
            lines[-1:] = [word[:fits], ""]
            word = word[fits:]
        lines[-1] = word
    return "\n".join(lines)


def balanced(text, inches, size) -> str:
    """As `wrapped`, in lines about equally long."""
    widest = wrapped(text, inches, size)
    for part in np.linspace(0.4, 0.95, 12):
        narrower = wrapped(text, part * inches, size)
        if narrower.count("\n") == widest.count("\n") and _widest(narrower, size) <= part * inches:
            return narrower
    return widest


def _widest(text, size):
    return max(width(line, size) for line in text.split("\n"))


def label_lines(ax, drawn, size, outlines):
    """Writes each level once, into its longest line, upright and whole inside the axes, clear of all other lines.

    A level whose line is too short, or too near to an edge, a gap or another line, goes without: the colour bar has it.
    `outlines`: path effects, one list a level.
    """
    box, dpi, taken = ax.bbox, ax.figure.dpi, []
    inches, high = np.array([box.width, box.height]) / dpi, size / 72
    every = [[(ax.transData.transform(line) - (box.x0, box.y0)) / dpi for line in lines if len(line) > 1]
             for lines in drawn.allsegs]
    for i, (level, outline) in enumerate(zip(drawn.levels, outlines)):
        long = width(f"{level:g}", size)
        line = max(every[i], key=_length, default=None)
        if line is None or _length(line) < 2.5 * long:
            continue
        room = 0.62 * long + 0.5 * high
        inside = line[np.all((line > room) & (line < inches - room), axis=1) & _clear_of_ends(line, long)]
        others = [_some(other, 500) for j, lines in enumerate(every) if j != i for other in lines]
        inside = _away_from(_some(inside, 200), others, 0.7 * high)
        for at, their in taken:
            inside = _away_from(inside, [at], 0.5 * (long + their) + 0.6 * high)
        if len(inside) == 0:
            continue
        at = inside[np.argmin(np.hypot(*(inside - inches / 2).T))]
        taken.append((at[None], long))
        place = ax.transData.inverted().transform(at * dpi + (box.x0, box.y0))
        label = ax.clabel(drawn, levels=[level], manual=[place], inline=True, inline_spacing=3, fontsize=size,
                          fmt=lambda value: f"{value:g}")[-1]
        label.set_path_effects(outline)


def _some(points, most):
    return points[:: 1 + len(points) // most]


def _away_from(points, others, distance):
    """Those of `points` farther than `distance` from every point of the arrays `others`."""
    for other in others:
        points = points[np.all(np.hypot(*(points[:, None] - other).T) > distance, axis=0)]
    return points


def _length(line):
    return np.hypot(*np.diff(line, axis=0).T).sum()


def _clear_of_ends(line, distance):
    """Which points of a line are so far along it from both its ends; a closed line has none."""
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    return (line[0] == line[-1]).all() | ((along > distance) & (along < along[-1] - distance))
