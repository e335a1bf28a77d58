# SPDX-License-Identifier: MIT
"""How wide text is, where it wraps, and where along an iso-line its value is written."""

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path


def width(text, size) -> float:
    """Inches that one line of text, with mathtext, takes at `size` points."""
    mathtext = "$" in text.replace(r"\$", "")
    return text_to_path.get_text_width_height_descent(text, FontProperties(size=size), mathtext)[0] / 72


def wrapped(words, inches, size) -> str:
    """Fills lines with `words` (a text, or a list of pieces that must not be broken); cuts only a word wider than a line.

    A label's symbol, the words from the first "$" on, stays whole.
    """
    if isinstance(words, str):
        plain, dollar, sign = words.partition("$")
        words = plain.split()
        words += [dollar + sign] if sign else []
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


def label_lines(ax, drawn, size):
    """Writes each level once, into its longest line, upright and whole inside the axes, clear of the other labels.

    A level whose line is too short, or too near to an edge or to another label, goes without: the colour bar has it.
    """
    box, dpi, taken = ax.bbox, ax.figure.dpi, []
    inches = np.array([box.width, box.height]) / dpi
    for level, lines in zip(drawn.levels, drawn.allsegs):
        text = f"{level:g}"
        long, high = width(text, size), size / 72
        lines = [(ax.transData.transform(line) - (box.x0, box.y0)) / dpi for line in lines if len(line) > 1]
        if not lines:
            continue
        line = max(lines, key=_length)
        if _length(line) < 2.2 * long:
            continue
        room = 0.62 * long + 0.5 * high
        inside = line[np.all((line > room) & (line < inches - room), axis=1)]
        if taken and len(inside):
            gaps = np.hypot(*(inside[:, None, :] - np.array([at for at, _ in taken])).T)
            inside = inside[np.all(gaps.T > [0.5 * (long + other) + 0.6 * high for _, other in taken], axis=1)]
        if len(inside) == 0:
            continue
        at = inside[np.argmin(np.hypot(*(inside - inches / 2).T))]
        taken.append((at, long))
        place = ax.transData.inverted().transform(at * dpi + (box.x0, box.y0))
        ax.clabel(drawn, levels=[level], manual=[place], inline=True, inline_spacing=3, fontsize=size,
                  fmt=lambda value: f"{value:g}")


def _length(line):
    return np.hypot(*np.diff(line, axis=0).T).sum()
