# SPDX-License-Identifier: MIT
"""How one axis is drawn: spacing, cell edges, ticks."""

import numpy as np
from matplotlib import ticker

from . import lettering

LABEL_SIZE = 8.5  # points, of tick labels
TILT = 35  # degrees, of names too wide for their place
MOST_NAMES = 40  # of a longer categorical axis every second, third, … is named


def geometric(values) -> bool:
    """Whether `values` are better spaced in ratios than in steps, and so belong on a log scale.

    Positive and, for three or more, with log-steps more even than the steps; two values must be a decade apart.
    """
    values = np.unique(np.asarray(values, dtype=float))
    if len(values) < 2 or values[0] <= 0 or not np.all(np.isfinite(values)):
        return False
    if len(values) == 2:
        return values[1] / values[0] >= 10
    steps, ratios = np.diff(values), np.diff(np.log(values))
    return bool(_unevenness(ratios) < _unevenness(steps) - 1e-6)


def _unevenness(steps):
    return np.std(steps) / np.mean(steps)


def edges(values, log=False):
    """The n+1 borders of n cells around ascending `values`: half-way, on a log scale half-way in the logarithm."""
    centres = np.asarray(values, dtype=float)
    if log:
        return np.exp(edges(np.log(centres)))
    if len(centres) == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    middle = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])


def dress(ax, which: str, axis, limits=None):
    """Scale, limits, ticks and label of `ax`'s "x" or "y" axis for a `select.Axis`; `limits` default to its values."""
    artist = getattr(ax, f"{which}axis")
    if axis.categorical:
        step = 1 + (len(axis.values) - 1) // MOST_NAMES
        artist.set_major_locator(ticker.FixedLocator(range(0, len(axis.values), step)))
        artist.set_minor_locator(ticker.NullLocator())
        ax.tick_params(axis=which, length=0)
        if which == "x":
            texts, tilt, _ = slanted(axis.texts[::step], ax.get_position().width * ax.figure.get_figwidth())
            tilted = {"rotation": tilt, "ha": "right", "rotation_mode": "anchor"} if tilt else {}
        else:
            texts, tilted = column(axis.texts[::step]), {}
        artist.set_major_formatter(ticker.FixedFormatter(texts))
        for label in artist.get_ticklabels() if tilted else []:
            label.set(**tilted)
    elif len(axis.values) == 1:
        artist.set_major_locator(ticker.FixedLocator(axis.values))
        artist.set_major_formatter(ticker.FixedFormatter(axis.texts))
        artist.set_minor_locator(ticker.NullLocator())
    elif axis.log:
        getattr(ax, f"set_{which}scale")("log")
        _log_ticks(artist, limits if limits is not None else axis.values)
    else:
        artist.set_major_locator(ticker.MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    low, high = (limits if limits is not None else axis.positions)[[0, -1]]
    if axis.categorical and which == "y":
        low, high = high, low  # as in a table, the first entry on top
    if low != high:
        getattr(ax, f"set_{which}lim")(low, high)


def slanted(texts, inches):
    """(texts, degrees, inches high) of names side by side in `inches`: as they are, wrapped, or else tilted."""
    slot, line = 0.94 * inches / len(texts), 1.2 * LABEL_SIZE / 72
    words = [part for text in texts for part in text.split()]
    if max(lettering.width(word, LABEL_SIZE) for word in words) <= slot:
        texts = [lettering.wrapped(text, slot, LABEL_SIZE) for text in texts]
        rows = max(text.count("\n") + 1 for text in texts)
        if rows <= 3:
            return texts, 0, rows * line
    texts = [lettering.wrapped(text, 1.6, LABEL_SIZE) for text in texts] if slot > 3 * line else texts
    longest = max(lettering.width(line, LABEL_SIZE) for text in texts for line in text.split("\n"))
    return texts, TILT, longest * np.sin(np.radians(TILT)) + line


def column(texts):
    """Names one below the other, in lines short enough to leave the panel its room."""
    return [lettering.wrapped(text, 1.3, LABEL_SIZE) for text in texts]


def _log_ticks(artist, values):
    low, high = float(np.min(values)), float(np.max(values))
    decades = np.log10(high) - np.log10(low)
    plain = 1e-4 <= low and high <= 1e5
    if decades < 0.7:  # too short for 1-2-5 steps: ordinary round numbers, at their true places
        artist.set_major_locator(ticker.MaxNLocator(5))
        artist.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:g}"))
        artist.set_minor_locator(ticker.NullLocator())
        return
    artist.set_major_locator(ticker.LogLocator(subs=(1, 2, 5) if decades < 1.7 else (1,), numticks=7))
    if plain:
        artist.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    else:
        artist.set_major_formatter(ticker.LogFormatterMathtext())
    artist.set_minor_locator(ticker.LogLocator(subs=range(2, 10), numticks=50))
    artist.set_minor_formatter(ticker.NullFormatter())
