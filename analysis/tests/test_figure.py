# SPDX-License-Identifier: MIT
import haggle_analysis as haggle
import numpy as np
import pytest
import result_files as files
from haggle_analysis import style
from matplotlib import colors
from matplotlib.collections import QuadMesh


def panels(figure):
    return [ax for ax in figure.axes if ax.get_gid() == "panel"]


def mesh(ax):
    return next(c for c in ax.collections if isinstance(c, QuadMesh))


def legend(figure):
    """{text: handle}, empty without a legend."""
    found = [ax.get_legend() for ax in figure.axes if ax.get_legend()]
    return {} if not found else {t.get_text(): h for t, h in zip(found[0].get_texts(), found[0].legendHandles)}


def title(figure):
    return figure._suptitle.get_text()


def colour_bar(figure):
    return next(ax for ax in figure.axes if ax.get_label() == "<colorbar>")


def test_without_a_choice_the_two_longest_axes_are_drawn_and_the_bargains_are_facets(sweep):
    figure = haggle.phase_diagram(sweep)
    shown = panels(figure)
    assert [ax.get_title() for ax in shown] == ["Nash", "Utilitarian", "Powerful generalist", "Powerful specialist"]
    assert all(ax.get_xscale() == ax.get_yscale() == "log" for ax in shown)
    assert shown[2].get_xlabel() == "Specialist's cost coefficient, $c_{1}$" and shown[0].get_xlabel() == ""
    assert shown[0].get_ylabel() == "Generalist's cost coefficient, $c_{0}$" and shown[1].get_ylabel() == ""
    assert title(figure) == "Who adapts as adaptation gets dearer\nat $w_G$ = 0.5"


def test_facets_share_one_colour_bar_and_one_norm_centred_on_an_even_split(sweep):
    figure = haggle.phase_diagram(sweep)
    norms = [mesh(ax).norm for ax in panels(figure)]
    assert all((n.vmin, n.vmax) == (0, 1) for n in norms)
    assert len([ax for ax in figure.axes if ax.get_label() == "<colorbar>"]) == 1
    assert colour_bar(figure).get_ylabel() == "Generalist's revenue share, $δ$"


def test_every_cell_shows_the_game_of_its_axes(sweep):
    figure = haggle.phase_diagram(sweep, x="c0", y="c1", at={"solution": "nash", "weight": 0.7})
    (ax,) = panels(figure)
    drawn = mesh(ax)
    c0, c1 = np.geomspace(0.1, 10, 11), np.geomspace(0.1, 10, 15)
    expected = files.bargain("nash", c0[None, :], c1[:, None], np.full((15, 11), 0.75))
    np.testing.assert_allclose(drawn.get_array().reshape(15, 11), expected)
    corners = drawn.get_coordinates()
    np.testing.assert_allclose(corners[0, 1:-1, 0], np.sqrt(c0[1:] * c0[:-1]))
    np.testing.assert_allclose(ax.get_xlim(), corners[0, [0, -1], 0])
    assert title(figure).endswith("at solution = Nash, $w_G$ = 0.75")


def test_the_even_split_is_a_line_with_its_value_written_in_it(sweep):
    (ax,) = panels(haggle.phase_diagram(sweep, at={"solution": "nash"}))
    assert [text.get_text() for text in ax.texts] == ["0.5"]


def test_a_contour_plot_labels_its_lines_and_its_bands_are_those_of_the_colour_bar(sweep):
    figure = haggle.phase_diagram(sweep, kind="contour", output="performance", at={"solution": "nash"})
    (ax,) = panels(figure)
    levels = mesh(ax).norm.boundaries
    assert isinstance(mesh(ax).norm, colors.BoundaryNorm) and 4 < len(levels) < 16
    written = {float(text.get_text()) for text in ax.texts}
    assert written and written <= set(np.round(levels, 12))
    assert [float(t.get_text()) for t in colour_bar(figure).get_yticklabels()] == pytest.approx(list(levels), rel=1e-5)


def test_a_numeric_axis_can_be_the_facet(sweep):
    figure = haggle.phase_diagram(sweep, facet="weight", at={"solution": "nash"})
    assert [ax.get_title() for ax in panels(figure)] == ["$w_G$ = 0.25", "$w_G$ = 0.5", "$w_G$ = 0.75"]


def test_a_long_numeric_facet_is_thinned_to_its_ends_and_a_few_between(sweep):
    figure = haggle.phase_diagram(sweep, facet="c1", x="c0", y="weight", at={"solution": "nash"})
    shown = [ax.get_title() for ax in panels(figure)]
    assert len(shown) == 6 and shown[0] == "$c_{1}$ = 0.1" and shown[-1] == "$c_{1}$ = 10"
    expected = files.bargain("nash", np.geomspace(0.1, 10, 11), np.full(11, 10.0), np.full(11, 0.25))
    np.testing.assert_allclose(mesh(panels(figure)[-1]).get_array().reshape(3, 11)[0], expected)


def test_regimes_have_the_same_colour_wherever_they_occur_and_a_name_in_the_legend(sweep):
    figure = haggle.phase_diagram(sweep, kind="regimes")
    entries = legend(figure)
    assert list(entries) == ["generalist invests, specialist contributes", "generalist invests, specialist free-rides",
                             "generalist idle, specialist contributes"]
    for ax, corner, regimes in zip(panels(figure), ((0, -1), (0, -1), (0, -1), (-1, 0)),
                                   (("invests", "contributor"), ("invests", "contributor"), ("invests", "free_rider"),
                                    ("idle", "contributor"))):
        drawn = mesh(ax)
        cell = drawn.get_array().reshape(11, 15)[corner]
        assert colors.same_color(drawn.cmap(drawn.norm(cell)), style.REGIME_COLOURS[regimes])
    assert not any(ax.get_label() == "<colorbar>" for ax in figure.axes)


def test_one_output_of_codes_is_a_map_of_its_codes(sweep):
    figure = haggle.phase_diagram(sweep, output="specialist_regime")
    assert list(legend(figure)) == ["contributor", "free-rider"]
    assert title(figure).endswith("What the specialist does; at $w_G$ = 0.5")


def test_a_whole_sweep_without_a_gap_needs_no_legend(sweep):
    assert legend(haggle.phase_diagram(sweep)) == {}


def test_the_bargains_are_the_lines_of_a_line_plot(sweep):
    figure = haggle.phase_diagram(sweep, kind="line", x="c1")
    (ax,) = panels(figure)
    assert list(legend(figure)) == ["Nash", "utilitarian", "powerful generalist", "powerful specialist"]
    assert [line.get_color() for line in ax.lines] == style.OKABE_ITO[:4]
    assert ax.get_xscale() == "log" and ax.get_ylabel() == "Generalist's revenue share, $δ$"
    c1 = np.geomspace(0.1, 10, 15)
    np.testing.assert_allclose(ax.lines[1].get_xydata(), np.column_stack([c1, c1 / (1 + c1)]))
    assert title(figure).endswith("at $w_G$ = 0.5, $c_{0}$ = 1")


def test_a_numeric_family_of_lines_is_named_by_its_values(sweep):
    figure = haggle.phase_diagram(sweep, kind="line", x="c1", y="weight", at={"solution": "nash"})
    assert list(legend(figure)) == ["0.25", "0.5", "0.75"]
    (ax,) = panels(figure)
    nash = [files.bargain("nash", np.array([1.0]), np.array([10.0]), np.array([w]))[0] for w in (0.25, 0.5, 0.75)]
    assert [line.get_ydata()[-1] for line in ax.lines] == pytest.approx(nash)


def test_a_line_breaks_where_games_failed_and_the_picture_says_why(tmp_path):
    axes = {"c1": np.geomspace(0.1, 10, 40)}
    out = files.solve(axes, where=lambda grid: grid["c1"] > 0.2)
    files.mark(out, np.arange(40) == 20, "not_converged")
    figure = haggle.phase_diagram(files.write(tmp_path / "one.h5", axes, out))
    (ax,) = panels(figure)
    assert np.isnan(ax.lines[0].get_ydata()[20])
    cross = next(line for line in ax.lines if line.get_marker() == "x")
    assert list(cross.get_xdata()) == [axes["c1"][20]]
    assert list(legend(figure)) == ["excluded from the sweep", "failed: not converged"]
    assert [patch.get_gid() for patch in ax.patches] == ["excluded from the sweep"]


def test_a_single_axis_of_regimes_is_a_strip(tmp_path):
    axes = {"c1": np.geomspace(0.1, 10, 40)}
    figure = haggle.phase_diagram(files.write(tmp_path / "one.h5", axes, files.solve(axes)), kind="regimes")
    (ax,) = panels(figure)
    assert mesh(ax).get_array().size == 40 and len(ax.get_yticks()) == 0


def test_a_categorical_axis_is_drawn_by_its_labels_first_on_top(sweep):
    figure = haggle.phase_diagram(sweep, kind="heatmap", x="c1", y="solution")
    (ax,) = panels(figure)
    figure.canvas.draw()
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Nash", "utilitarian", "powerful generalist",
                                                            "powerful specialist"]
    assert ax.get_ylim() == (3.5, -0.5) and ax.get_yscale() == "linear"


def test_a_zipped_axis_can_be_drawn_along_in_its_own_order(zipped):
    (ax,) = panels(haggle.phase_diagram(zipped, x="c0", y="c1"))
    c0, c1 = np.array([0.25, 0.5, 1, 2, 4]), np.array([0.1, 0.2, 0.3, 1, 2, 5, 6])
    expected = files.bargain("nash", c0[None, :], c1[:, None], np.full((7, 5), 0.5))
    np.testing.assert_allclose(mesh(ax).get_array().reshape(7, 5), expected)
    assert ax.get_xscale() == "log"


def test_an_uneven_linear_axis_has_its_true_cell_borders(tmp_path):
    axes = {"weight": np.array([0.1, 0.2, 0.6, 0.7, 0.9]), "c1": np.geomspace(0.1, 10, 9)}
    (ax,) = panels(haggle.phase_diagram(files.write(tmp_path / "u.h5", axes, files.solve(axes)), x="weight", y="c1"))
    np.testing.assert_allclose(mesh(ax).get_coordinates()[0, :, 0], [0.05, 0.15, 0.4, 0.65, 0.8, 1.0])
    assert ax.get_xscale() == "linear"


def test_holding_a_zipped_axis_names_all_that_is_zipped(zipped):
    figure = haggle.phase_diagram(zipped, kind="line", x="c1", at={"c0": 2})
    assert title(figure).endswith("at $c_{0}$ = 2, market size = 2")


def test_what_was_selected_beforehand_is_named_in_the_title(sweep):
    with haggle.load(sweep) as dataset:
        figure = haggle.phase_diagram(dataset.sel(solution="nash").sel(weight=0.7, method="nearest"))
    assert len(panels(figure)) == 1 and title(figure).endswith("at solution = Nash, $w_G$ = 0.75")


@pytest.mark.parametrize("request_, message", [
    (dict(output="shar"), 'no output "shar"; did you mean "share"? There are: status, share'),
    (dict(x="weigth"), 'no axis "weigth"; did you mean "weight"? There are: solution, weight, c0, c1'),
    (dict(at={"solution": "nahs"}), 'no solution "nahs"; did you mean "nash"? There are: nash, utilitarian'),
    (dict(at={"weight": 3}), "weight=3 lies outside the sweep, 0.25 … 0.75"),
    (dict(at={"weight": "half"}), "weight=half: a number is needed"),
    (dict(x="c0", at={"c0": 1}), '"c0" is asked for twice: as at and as x'),
    (dict(kind="pie"), 'no kind of picture "pie"'),
    (dict(kind="regimes", output="share"), '"share" has no codes'),
    (dict(kind="contour", output="status"), '"status" holds codes'),
    (dict(kind="contour", x="c0", y="solution"), "two numeric axes"),
    (dict(at={"solution": "nash", "weight": 0.5, "c0": 1, "c1": 1}), "nothing is left to draw along"),
])
def test_what_is_not_in_the_file_is_an_error_that_says_what_is(sweep, request_, message):
    with pytest.raises(haggle.BadRequest) as caught:
        haggle.phase_diagram(sweep, **request_)
    assert message in str(caught.value)


def test_a_zipped_axis_that_repeats_a_value_cannot_order_a_picture(zipped):
    with pytest.raises(haggle.BadRequest, match='"market_size" repeats a value along "market"'):
        haggle.phase_diagram(zipped, x="market_size")


def test_a_single_game_is_no_picture(tmp_path):
    out = {name: np.asarray(values)[0] for name, values in files.solve({"c0": np.array([1.0])}).items()}
    with pytest.raises(haggle.BadRequest, match="single game"):
        haggle.phase_diagram(files.write(tmp_path / "one.h5", {}, out))


def test_an_entry_can_be_held_by_its_number_in_the_file(zipped, sweep):
    figure = haggle.phase_diagram(sweep, x="c0", y="c1", at={"solution": "#1", "weight": "#2"})
    assert title(figure).endswith("at solution = utilitarian, $w_G$ = 0.75")
    figure = haggle.phase_diagram(zipped, kind="line", x="c1", at={"c0": "#0"})  # first in the file, last in order
    assert title(figure).endswith("at $c_{0}$ = 4, market size = 1")
    figure = haggle.phase_diagram(zipped, kind="line", x="c1", at={"market": "#3"})
    assert title(figure).endswith("at $c_{0}$ = 2, market size = 2")


@pytest.mark.parametrize("number, message", [
    ("#3", "weight=#3 lies outside the sweep, #0 … #2"), ("#-1", "after # comes an entry's number, 0 … 2"),
    ("#", "after # comes"),
])
def test_a_number_that_no_entry_has_is_refused(sweep, number, message):
    with pytest.raises(haggle.BadRequest, match=message):
        haggle.phase_diagram(sweep, at={"weight": number})


def test_over_names_there_are_markers_side_by_side_and_no_lines(sweep):
    figure = haggle.phase_diagram(sweep, kind="line", x="solution", y="weight")
    (ax,) = panels(figure)
    drawn = [line for line in ax.lines if line.get_gid() != "border"]
    assert len(drawn) == 3 and {line.get_linestyle() for line in drawn} == {"None"}
    assert len({line.get_marker() for line in drawn}) == 3
    places = np.array([line.get_xdata() for line in drawn])
    assert np.all(np.diff(places, axis=0) > 0) and np.all(np.abs(places - np.arange(4)) < 0.5)
    assert [handle.get_marker() for handle in legend(figure).values()] == [line.get_marker() for line in drawn]


@pytest.mark.parametrize("wanted, drawn", [
    (dict(), "line"), (dict(x="c0", y="c1"), "map"), (dict(kind="regimes"), "map"),
    (dict(kind="contour", x="c0", y="c1"), "map"),
])
def test_axes_of_one_entry_make_a_picture_whose_tick_is_that_entry(tmp_path, wanted, drawn):
    axes = {"weight": np.array([0.5]), "c0": np.array([1.0]), "c1": np.array([2.0])}
    figure = haggle.phase_diagram(files.write(tmp_path / "one.h5", axes, files.solve(axes)), **wanted)
    (ax,) = panels(figure)
    figure.canvas.draw()
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks == [{"c0": "1"}.get(wanted.get("x"), "0.5")]
    if drawn == "line":
        share = files.bargain("nash", np.array([1.0]), np.array([2.0]), np.array([0.5]))
        assert ax.lines[0].get_ydata() == pytest.approx(share)
        assert ax.lines[0].get_marker() == "o"
    else:
        assert mesh(ax).get_array().size == 1


def test_a_long_family_or_facet_says_how_many_of_its_entries_are_shown(sweep):
    figure = haggle.phase_diagram(sweep, kind="line", x="c0", y="c1", at={"solution": "nash"})
    assert title(figure).endswith("7 of the 15 entries of $c_{1}$") and len(panels(figure)[0].lines) == 7
