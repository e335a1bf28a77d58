# SPDX-License-Identifier: MIT
"""Pictures of Pareto sets, of files whose sets are known."""

import haggle_analysis as haggle
import numpy as np
import pytest
import result_files as files

FIXED = np.linspace(0, 2.5, 11)


@pytest.fixture
def sets(tmp_path):
    axes = {"fixed": FIXED}
    inner = {"component": np.arange(4), "frontier": np.arange(12), "specialist": files.labels("D1", "D2")}
    return files.write(tmp_path / "sets.h5", axes, files.with_pareto_sets(axes), inner=inner, own=files.SETS)


def panels(figure):
    return [ax for ax in figure.axes if ax.get_gid() == "panel"]


def parts(ax, gid):
    return [artist for artist in ax.get_children() if artist.get_gid() == gid]


def labels(figure):
    (legend,) = [ax.get_legend() for ax in figure.axes if ax.get_gid() == "foot"]
    return [text.get_text() for text in legend.get_texts()]


def test_components_are_intervals_as_wide_as_their_cells(sets):
    figure = haggle.phase_diagram(sets, kind="pareto")
    (ax,) = panels(figure)
    (boxes,) = parts(ax, "component")
    corners = [path.vertices for path in boxes.get_paths()]
    below, between = (FIXED < 1).sum(), ((FIXED >= 1) & (FIXED <= 2)).sum()
    assert len(corners) == below + 3 * between
    step = FIXED[1] - FIXED[0]
    of = sorted({(round(c[:, 0].min(), 9), round(c[:, 0].max(), 9)) for c in corners})
    np.testing.assert_allclose(of, [(x - step / 2, x + step / 2) for x in FIXED[FIXED <= 2]], atol=1e-8)
    at_one = [(c[:, 1].min(), c[:, 1].max()) for c in corners if c[:, 0].min() < 1 < c[:, 0].max()]
    assert sorted(at_one) == [(0.1, 0.3), (0.5, 0.6), (0.8, 0.8)]
    ends = parts(ax, "end")  # a lone share has a border to be seen by
    assert all(0.8 in [segment[0, 1] for segment in collection.get_segments()] for collection in ends)
    assert ax.get_ylim() == (0, 1) and ax.get_ylabel() == "Generalist's revenue share, $δ$"


def test_the_bargain_is_a_dot_and_games_without_a_deal_a_shade(sets):
    figure = haggle.phase_diagram(sets, kind="pareto")
    (ax,) = panels(figure)
    (dots,) = parts(ax, "bargain")
    share = dots.get_ydata()
    assert np.array_equal(np.isfinite(share), FIXED <= 2) and dots.get_linestyle() == "None"
    assert len(parts(ax, "no deal")) == 1
    assert labels(figure) == ["Pareto set", "the bargain", "no deal"]


def test_a_frontier_breaks_between_components_and_has_a_panel_for_each_specialist(sets):
    figure = haggle.phase_diagram(sets, kind="frontier", at={"fixed": 1.5})
    first, second = panels(figure)
    assert [ax.get_title() for ax in (first, second)] == ["D1", "D2"]
    for ax in (first, second):
        (line,) = parts(ax, "frontier")
        assert np.isnan(line.get_ydata()).sum() == 2  # three pieces
    share = np.sort(haggle.load(sets).frontier_share.sel(fixed=1.5).values)
    (line,) = parts(second, "frontier")
    expected = files.utilities(share, 1.0, 4.0)[1]
    np.testing.assert_allclose(line.get_ydata()[np.isfinite(line.get_ydata())], expected)
    assert first.get_xlabel().replace("\n", " ") == "Generalist's utility, $U_G$"
    assert len(parts(first, "bargain")) == 1 and labels(figure) == ["Pareto frontier", "the bargain"]


def test_a_family_of_frontiers_has_a_line_each(sets):
    figure = haggle.phase_diagram(sets, kind="frontier", y="fixed", at={"specialist": "D2"})
    (ax,) = panels(figure)
    assert len(parts(ax, "frontier")) == len(FIXED)


@pytest.mark.parametrize("request_, message", [
    (dict(kind="pareto", output="share"), 'leave out "share"'),
    (dict(kind="pareto", y="fixed"), "the y axis is taken"),
    (dict(kind="frontier", x="fixed"), "the x axis is taken"),
    (dict(kind="pareto", at={"fixed": 1}), "needs a numeric axis"),
])
def test_what_a_set_cannot_show_is_said(sets, request_, message):
    with pytest.raises(haggle.BadRequest, match=message):
        haggle.phase_diagram(sets, **request_)


def test_a_file_without_sets_says_how_to_ask_for_them(sweep):
    with pytest.raises(haggle.BadRequest, match="the file has no pareto_share_low, pareto_share_high; ask for them"):
        haggle.phase_diagram(sweep, kind="pareto")


def test_marked_games_are_hatched_and_named(sweep):
    figure = haggle.phase_diagram(sweep, x="c0", y="c1", at={"solution": "powerful_generalist"},
                                  mark=("specialist_regime", "free_rider"))
    (ax,) = panels(figure)
    (patch,) = parts(ax, "specialist regime: free-rider")
    assert patch.get_hatch() == "////"
    c0, c1 = np.geomspace(0.1, 10, 11), np.geomspace(0.1, 10, 15)
    share = files.bargain("powerful_generalist", c0[None, :], c1[:, None], 0.5)
    cells = patch.get_path().to_polygons()
    assert sum(len(cell) > 0 for cell in cells) == sum(np.diff(np.r_[0, row >= 1].astype(int)).clip(0).sum()
                                                       for row in share)
    assert labels(figure) == ["specialist regime: free-rider"]
    with pytest.raises(haggle.BadRequest, match='no specialist_regime "lazy"'):
        haggle.phase_diagram(sweep, mark=("specialist_regime", "lazy"))
