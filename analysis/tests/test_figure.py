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


@pytest.mark.parametrize("number, message", [("#3", "weight=#3 lies outside the sweep, #0 … #2"),
                                             ("#-1", "after # comes an entry's number, 0 … 2"), ("#", "after # comes")])
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


@pytest.mark.parametrize("wanted, drawn", [(dict(), "line"), (dict(x="c0", y="c1"), "map"), (dict(kind="regimes"), "map"),
                                           (dict(kind="contour", x="c0", y="c1"), "map")])
def test_axes_of_one_entry_make_a_picture_whose_tick_is_that_entry(tmp_path, wanted, drawn):
    axes = {"weight": np.array([0.5]), "c0": np.array([1.0]), "c1": np.array([2.0])}
    figure = haggle.phase_diagram(files.write(tmp_path / "one.h5", axes, files.solve(axes)), **wanted)
    (ax,) = panels(figure)
    figure.canvas.draw()
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks == [{"c0": "1"}.get(wanted.get("x"), "0.5")]
    if drawn == "line":
        assert ax.lines[0].get_ydata() == pytest.approx(files.bargain("nash", np.array([1.0]), np.array([2.0]), np.array([0.5])))
        assert ax.lines[0].get_marker() == "o"
    else:
        assert mesh(ax).get_array().size == 1


def test_a_long_family_or_facet_says_how_many_of_its_entries_are_shown(sweep):
    figure = haggle.phase_diagram(sweep, kind="line", x="c0", y="c1", at={"solution": "nash"})
    assert title(figure).endswith("7 of the 15 entries of $c_{1}$") and len(panels(figure)[0].lines) == 7


def test_every_status_has_a_look_and_a_name_of_its_own():
    looks = [style.BLANKS[status] for status in files.STATUS if status != "solved"]
    assert len(set(looks)) == len(looks) == len({style.words(s) for s in files.STATUS if s != "solved"})
    for status in files.STATUS:
        assert status in style.words(status).replace(" ", "_")
