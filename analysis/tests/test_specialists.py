# SPDX-License-Identifier: MIT
"""Outputs with a dimension of their own: one value for each specialist."""

import haggle_analysis as haggle
import numpy as np
import pytest
import result_files as files
from haggle_analysis import command
from test_figure import legend, mesh, panels, title

AXES = {"c0": np.geomspace(0.1, 10, 9), "c1": np.geomspace(0.2, 5, 11)}


@pytest.fixture
def two(tmp_path):
    """c0 × c1 with specialists D1 and D_2; the dearest generalists fail."""
    out = files.of_two(AXES)
    failed = np.zeros((9, 11), bool)
    failed[7:, :] = True
    out["status"][failed] = files.STATUS.index("not_converged")  # and numbers stay, to be masked
    return files.write(tmp_path / "two.h5", AXES, out, inner={"specialist": files.labels("D1", "D_2")})


def alone(factor):
    c0, c1 = np.meshgrid(*AXES.values(), indexing="ij")
    share = files.bargain("nash", c0, factor * c1, np.full(c0.shape, 0.5))
    return files.utilities(share, c0, factor * c1)[1]


def test_each_specialist_is_selected_by_name_and_masked_where_its_game_failed(two):
    with haggle.load(two) as data:
        assert haggle.outputs(data) == ["status", "share", *(n for n in files.REALS if n != "share"),
                                        "generalist_regime", "specialist_regime"]
        for name, factor in (("D1", 1), ("D_2", 4)):
            drawn = data.specialist_utility.sel(specialist=name)
            assert drawn.dims == ("c0", "c1")
            np.testing.assert_allclose(drawn[:7], alone(factor)[:7])
        assert np.isnan(data.specialist_utility[7:].values).all()
        for part in (data.specialist_utility[3, :, 1], data.specialist_utility[3].isel(specialist=1),
                     data.specialist_utility.isel(c0=3, c1=slice(None), specialist=[1])[:, 0]):
            np.testing.assert_allclose(part.values, alone(4)[3])
        assert np.isnan(data.specialist_utility[[2, 8], 4, :].values).tolist() == [[False, False], [True, True]]


def test_specialists_are_facets_with_their_names_as_they_are(two):
    figure = haggle.phase_diagram(two, "specialist_utility", x="c1", y="c0")
    shown = panels(figure)
    assert [ax.get_title() for ax in shown] == ["D1", "D_2"]
    for ax, factor in zip(shown, (1, 4)):
        drawn = mesh(ax).get_array().reshape(9, 11)
        np.testing.assert_allclose(drawn[:7], alone(factor)[:7])
        assert drawn.mask[7:].all()
    assert "failed: not converged" in legend(figure)


def test_a_specialist_is_held_by_name_and_the_title_says_so(two):
    for wanted in ("D_2", "#1"):
        figure = haggle.phase_diagram(two, "specialist_utility", x="c1", y="c0", at={"specialist": wanted})
        (ax,) = panels(figure)
        np.testing.assert_allclose(mesh(ax).get_array().reshape(9, 11)[:7], alone(4)[:7])
        assert title(figure).endswith("at specialist = D_2")
    with pytest.raises(haggle.BadRequest, match='no specialist "D3"; did you mean'):
        haggle.phase_diagram(two, "specialist_utility", at={"specialist": "D3"})


def test_specialists_are_a_family_of_lines(two):
    figure = haggle.phase_diagram(two, "specialist_utility", x="c1", y="specialist", kind="line", at={"c0": 1})
    (ax,) = panels(figure)
    assert list(legend(figure))[:2] == ["D1", "D_2"]
    for line, factor in zip(ax.lines, (1, 4)):
        np.testing.assert_allclose(line.get_ydata(), alone(factor)[4])


def test_regimes_of_each_specialist_stand_beside_those_of_the_generalist_that_they_share(two):
    figure = haggle.phase_diagram(two, kind="regimes", x="c1", y="c0")
    assert [ax.get_title() for ax in panels(figure)] == ["D1", "D_2"]
    own = haggle.phase_diagram(two, "specialist_regime", x="c1", y="c0")
    assert [ax.get_title() for ax in panels(own)] == ["D1", "D_2"]
    assert {"contributor"} <= set(legend(own))


def test_an_output_that_all_share_has_no_specialist_to_choose(two):
    figure = haggle.phase_diagram(two, "share", x="c1", y="c0")
    assert len(panels(figure)) == 1
    with pytest.raises(haggle.BadRequest, match='"share" is not one for each specialist; those that are: perform'):
        haggle.phase_diagram(two, "share", at={"specialist": "D1"})
    with pytest.raises(haggle.BadRequest, match="asked for twice"):
        haggle.phase_diagram(two, "performance", facet="specialist", at={"specialist": "D1"})


def test_games_are_counted_once_however_many_specialists_they_have(tmp_path):
    axes = {"c1": np.geomspace(0.1, 10, 1000), "c0": np.geomspace(0.1, 10, 10)}
    out = {"status": np.ones((1000, 10), np.int8), "performance": np.full((1000, 10, 2), 0.25)}
    out["status"][500:503, 4] = files.STATUS.index("unbounded")
    out["status"][:250] = files.STATUS.index("pending")
    path = files.write(tmp_path / "t.h5", axes, out, inner={"specialist": files.labels("D1", "D2")})
    said = haggle.phase_diagram(path, "performance")._suptitle.get_text()
    assert said.endswith("unfinished: 25 % of these games are pending; 3 of 10,000 games failed")


def test_a_numbered_dimension_of_a_single_game_is_drawn_along(tmp_path):
    out = {"status": np.int8(1), "generalist_utility": np.linspace(1, 0, 101), "share": np.float64(0.5)}
    out = {name: np.asarray(values) for name, values in out.items()}
    path = files.write(tmp_path / "one.h5", {}, out, inner={"frontier": np.arange(101)})
    figure = haggle.phase_diagram(path, "generalist_utility")
    (ax,) = panels(figure)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), np.linspace(1, 0, 101))
    with pytest.raises(haggle.BadRequest, match="single game"):
        haggle.phase_diagram(path, "share")


def test_the_listing_says_which_outputs_are_one_for_each(two):
    with haggle.load(two) as data:
        lines = command.listing(data).splitlines()
    assert any(line.split()[:3] == ["specialist", "2", "D1,"] for line in lines)
    assert [line.split()[0] for line in lines if line.endswith("for each specialist")] == list(files.OWN)
