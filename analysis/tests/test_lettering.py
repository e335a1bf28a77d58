# SPDX-License-Identifier: MIT
"""Words in a picture: nothing runs over an edge, over other words or out of its panel."""

import haggle_analysis as haggle
import numpy as np
import pytest
import result_files as files
from haggle_analysis import lettering
from test_figure import legend, panels, title

LONG = ("A very long title of a sweep that its author wrote as if it were an abstract: who adapts, who rides free and "
        "who walks away as adaptation gets dearer and outside options rise with it")


def boxes(figure, texts):
    """Of the texts, left, bottom, right and top in pixels, once the picture is laid out."""
    figure.canvas.draw()
    return [text.get_window_extent() for text in texts]


def overlap(boxes_):
    return [(a, b) for i, a in enumerate(boxes_) for b in boxes_[:i] if a.overlaps(b)]


def test_lines_are_filled_to_the_width_and_a_symbol_or_a_piece_stays_whole():
    text = lettering.wrapped(LONG, 3, 10)
    assert text.split() == LONG.split()
    assert all(lettering.width(line, 10) <= 3 for line in text.split("\n")) and text.count("\n") < 6
    assert lettering.wrapped("Cost, $c_{0} + c_{1}$", 0.7, 10) == "Cost,\n$c_{0} + c_{1}$"
    assert lettering.wrapped(["at a = 1,", "b = 2"], 0.8, 10) == "at a = 1,\nb = 2"
    assert "".join(lettering.wrapped("x" * 100, 2, 10).split("\n")) == "x" * 100


def test_balanced_lines_are_no_more_than_filled_ones_and_leave_no_orphan():
    filled, balanced = (f("Specialist's cost coefficient, $c_{1}$", 1.9, 9.5)
                        for f in (lettering.wrapped, lettering.balanced))
    assert filled.split("\n")[1] == "$c_{1}$" and balanced == "Specialist's cost\ncoefficient, $c_{1}$"


@pytest.mark.parametrize("wanted", [dict(), dict(kind="line", x="c0"), dict(x="solution", y="c0")])
def test_a_long_title_and_all_that_is_held_fixed_stay_on_the_page(tmp_path, wanted):
    axes = {name: np.array([1.0, 2.0, 3.0]) for name in ("a_first_parameter", "another_parameter", "weight")}
    axes |= {"solution": files.labels("nash", "utilitarian")}
    axes |= {"c0": np.geomspace(0.1, 10, 5), "c1": np.geomspace(1.1, 9, 4)}
    figure = haggle.phase_diagram(files.write(tmp_path / "t.h5", axes, files.solve(axes), title=LONG), **wanted)
    (box,) = boxes(figure, [figure._suptitle])
    assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
    assert all(box.y0 > ax.title.get_window_extent().y1 for ax in panels(figure))
    assert "another parameter = 2" in title(figure).replace("\n", " ")


def test_a_dollar_in_a_title_is_no_mathematics(tmp_path):
    axes = {"c1": np.geomspace(0.1, 10, 5)}
    figure = haggle.phase_diagram(files.write(tmp_path / "t.h5", axes, files.solve(axes), title="From 5 $ to 10 $_"))
    figure.canvas.draw()
    assert title(figure).startswith(r"From 5 \$ to 10 \$_")


@pytest.mark.parametrize("count", [4, 20])
@pytest.mark.parametrize("kind", ["heatmap", "line"])
def test_many_facets_stay_apart_and_share_one_colour_bar(tmp_path, count, kind):
    axes = {"market": files.labels(*[f"market_{i}_of_a_long_name" for i in range(count)]),
            "c0": np.geomspace(0.1, 10, 9), "c1": np.geomspace(0.1, 10, 9)}
    path = files.write(tmp_path / "f.h5", axes, files.solve(axes, where=lambda grid: grid["c1"] > 0.15))
    figure = haggle.phase_diagram(path, facet="market", x="c0", y="c1", kind=kind)
    shown = panels(figure)
    assert len(shown) == count
    labels = [text for ax in shown for text in (ax.title, ax.xaxis.label, ax.yaxis.label) if text.get_text()]
    assert overlap(boxes(figure, labels)) == []
    assert all(ax.get_position().width * figure.get_figwidth() > 1.4 for ax in shown)
    assert sum(ax.get_label() == "<colorbar>" for ax in figure.axes) == (kind == "heatmap")


def test_more_facets_than_can_be_told_apart_are_refused(tmp_path):
    axes = {"market": files.labels(*[f"m{i}" for i in range(21)]), "c1": np.geomspace(0.1, 10, 9)}
    path = files.write(tmp_path / "f.h5", axes, files.solve(axes))
    with pytest.raises(haggle.BadRequest, match="too many to show side by side; hold it"):
        haggle.phase_diagram(path, facet="market")


@pytest.mark.parametrize("kind", ["auto", "line", "regimes"])
def test_the_names_of_a_categorical_x_axis_do_not_overlap(sweep, kind):
    figure = haggle.phase_diagram(sweep, x="solution", kind=kind)
    (ax,) = panels(figure)
    figure.canvas.draw()
    labels = [label for label in ax.get_xticklabels() if label.get_text()]
    names = [label.get_text().replace("\n", " ") for label in labels]
    assert names == ["Nash", "utilitarian", "powerful generalist", "powerful specialist"]
    tilted = {label.get_rotation() for label in labels}
    assert tilted == {35} or overlap([label.get_window_extent() for label in labels]) == []
    for label in labels:
        box = label.get_window_extent()
        assert box.x0 >= 0 and box.y0 > ax.xaxis.label.get_window_extent().y1


def test_labels_of_contours_lie_whole_inside_the_panel_clear_of_gaps_and_of_each_other(sweep, gaps):
    for figure in (haggle.phase_diagram(sweep, kind="contour", output="performance"), haggle.phase_diagram(sweep),
                   haggle.phase_diagram(gaps, kind="contour", output="performance")):
        figure.canvas.draw()
        for ax in panels(figure):
            found = [text.get_window_extent() for text in ax.texts]
            inside = ax.get_window_extent()
            assert all(inside.x0 <= box.x0 and box.x1 <= inside.x1 for box in found)
            assert all(inside.y0 <= box.y0 and box.y1 <= inside.y1 for box in found)
        assert any(ax.texts for ax in panels(figure))


def test_no_level_is_labelled_twice_and_levels_that_lie_on_one_jump_are_not_labelled_at_all(tmp_path):
    axes = {"c0": np.geomspace(0.1, 10, 40), "c1": np.geomspace(0.1, 10, 40)}
    out = files.solve(axes)
    c0, c1 = np.meshgrid(*axes.values(), indexing="ij")
    out["performance"] = np.where(c0 < c1, 0.03, 0.97)
    wanted = dict(kind="contour", output="performance")
    (ax,) = panels(haggle.phase_diagram(files.write(tmp_path / "jump.h5", axes, out), **wanted))
    assert [text.get_text() for text in ax.texts] == []
    out["performance"] = c0 * c1
    (ax,) = panels(haggle.phase_diagram(files.write(tmp_path / "smooth.h5", axes, out), **wanted))
    written = [text.get_text() for text in ax.texts]
    assert written and len(set(written)) == len(written)


def test_the_legend_is_on_the_page(gaps):
    figure = haggle.phase_diagram(gaps, kind="line", x="c1", y="c0")
    figure.canvas.draw()
    found = next(ax.get_legend() for ax in figure.axes if ax.get_legend()).get_window_extent()
    assert len(legend(figure)) > 6
    assert found.x0 >= 0 and found.y0 >= 0 and found.x1 <= figure.bbox.x1
