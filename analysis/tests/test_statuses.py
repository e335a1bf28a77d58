# SPDX-License-Identifier: MIT
"""Points that are not solved: each kind marked, named, and said where there is nothing else to draw."""

import haggle_analysis as haggle
import numpy as np
import pytest
import result_files as files
from haggle_analysis import style
from test_figure import legend, mesh, panels, title

GAPS = ["no deal", "excluded from the sweep", "failed: unbounded", "failed: out of domain", "failed: not converged",
        "pending (not solved yet)"]


@pytest.mark.parametrize("kind", ["heatmap", "contour", "regimes"])
def test_points_without_a_number_are_marked_by_their_reason_and_the_legend_says_so(gaps, kind):
    figure = haggle.phase_diagram(gaps, kind=kind)
    (ax,) = panels(figure)
    entries = legend(figure)
    assert set(GAPS) <= set(entries)
    marks = {patch.get_gid(): patch for patch in ax.patches if patch.get_gid() in GAPS}
    assert set(marks) == set(GAPS)
    looks = {name: (patch.get_facecolor(), patch.get_hatch()) for name, patch in marks.items()}
    assert len(set(looks.values())) == len(looks)
    assert all((entries[name].get_facecolor(), entries[name].get_hatch()) == looks[name] for name in marks)


def test_marks_cover_exactly_the_cells_they_are_for(gaps):
    (ax,) = panels(haggle.phase_diagram(gaps, x="c1", y="c0"))
    ratio0, ratio1 = 100 ** (1 / 11), 100 ** (1 / 13)  # of neighbouring costs
    with haggle.load(gaps) as dataset:
        status = haggle.names(dataset.status).values
        c0, c1 = np.meshgrid(dataset.c0.values, dataset.c1.values, indexing="ij")
    for name, code in zip(GAPS, ("no_deal", "excluded", "unbounded", "out_of_domain", "not_converged", "pending")):
        path = next(patch.get_path() for patch in ax.patches if patch.get_gid() == name)
        for up, right in ((0.49, 0.49), (0.49, -0.49), (-0.49, 0.49), (-0.49, -0.49)):  # just inside each corner
            corners = np.column_stack([(c1 * ratio1**right).ravel(), (c0 * ratio0**up).ravel()])
            np.testing.assert_array_equal(path.contains_points(corners), (status == code).ravel())


def test_thousands_of_scattered_failures_are_coloured_cells(tmp_path):
    axes = {"c0": np.geomspace(0.1, 10, 200), "c1": np.geomspace(0.1, 10, 200)}
    out = {"status": np.ones((200, 200), np.int8), "share": np.full((200, 200), 0.25)}
    scattered = np.random.default_rng(1).random((200, 200)) < 0.2
    out["status"][scattered], out["share"][scattered] = files.STATUS.index("not_converged"), np.nan
    figure = haggle.phase_diagram(files.write(tmp_path / "s.h5", axes, out), x="c1", y="c0")
    (ax,) = panels(figure)
    (drawn,) = [c for c in ax.collections if c.get_gid() == "failed: not converged"]
    np.testing.assert_array_equal(~np.ma.getmaskarray(drawn.get_array()).reshape(200, 200), scattered)
    assert list(ax.patches) == [] and list(legend(figure)) == ["failed: not converged"]


def notes(figure):
    return [[text.get_text() for text in ax.texts if text.get_gid() == "empty"] for ax in panels(figure)]


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize("kind", ["heatmap", "contour", "line"])
def test_a_panel_without_a_value_says_why_and_if_all_are_so_there_is_no_colour_bar(tmp_path, kind):
    axes = {"solution": files.labels("nash", "utilitarian"), "c0": np.geomspace(1, 9, 5), "c1": np.geomspace(1, 9, 7)}
    out = files.solve(axes, where=lambda grid: grid["solution"] != "nash")
    wanted = dict(kind=kind, facet="solution", x="c0")
    figure = haggle.phase_diagram(files.write(tmp_path / "half.h5", axes, out), **wanted)
    assert notes(figure) == [["nothing to draw:\nall excluded\nfrom the sweep"], []]
    assert any(ax.get_label() == "<colorbar>" for ax in figure.axes) == (kind != "line")
    files.mark(out, np.broadcast_to(np.array([False, True])[:, None, None], out["status"].shape), "no_deal")
    figure = haggle.phase_diagram(files.write(tmp_path / "none.h5", axes, out), **wanted)
    assert notes(figure)[1] == ["nothing to draw:\nall no deal"]
    assert not any(ax.get_label() == "<colorbar>" for ax in figure.axes)


def test_an_unfinished_sweep_says_how_much_of_it_is_pending(tmp_path):
    axes = {"c0": np.geomspace(1, 9, 10), "c1": np.geomspace(1, 9, 10)}
    out = files.solve(axes)
    files.mark(out, np.arange(100).reshape(10, 10) >= 75, "pending")
    path = files.write(tmp_path / "part.h5", axes, out)
    assert title(haggle.phase_diagram(path)).endswith("unfinished: 25 % of these games are pending")
    files.mark(out, np.ones((10, 10), bool), "pending")
    figure = haggle.phase_diagram(files.write(tmp_path / "all.h5", axes, out))
    assert title(figure).endswith("unfinished: all of these games are pending")
    assert notes(figure) == [["nothing to draw:\nall pending (not\nsolved yet)"]]


def test_outside_options_are_numbers_but_are_marked_as_games_without_a_deal(tmp_path):
    axes = {"generalist_outside_option": np.linspace(0, 0.6, 13), "c0": np.geomspace(0.1, 10, 9)}
    out = files.solve(axes)
    without = out["status"] == files.STATUS.index("no_deal")
    outside = np.broadcast_to(axes["generalist_outside_option"][:, None], without.shape)
    out["generalist_utility"][without] = outside[without]
    path = files.write(tmp_path / "d.h5", axes, out)
    wanted = dict(output="generalist_utility", x="generalist_outside_option")
    name = "no deal (outside option, or 0)"
    figure = haggle.phase_diagram(path, **wanted)
    (ax,) = panels(figure)
    (mark,) = [patch for patch in ax.patches if patch.get_gid() == name]
    assert mark.get_facecolor()[3] == 0 and mark.get_hatch() and list(legend(figure)) == [name]
    assert mesh(ax).get_array().count() == without.size
    figure = haggle.phase_diagram(path, kind="line", at={"c0": "#8"}, **wanted)
    (grey,) = [line for line in panels(figure)[0].lines if line.get_gid() == name]
    np.testing.assert_array_equal(np.isfinite(grey.get_ydata()), without[:, 8])
    assert name in legend(figure)


def test_every_status_has_a_look_and_a_name_of_its_own():
    looks = [style.BLANKS[status] for status in files.STATUS if status != "solved"]
    assert len(set(looks)) == len(looks) == len({style.words(s) for s in files.STATUS if s != "solved"})
    for status in files.STATUS:
        assert status in style.words(status).replace(" ", "_")
