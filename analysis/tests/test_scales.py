# SPDX-License-Identifier: MIT
import numpy as np
import pytest
from haggle_analysis import scales, style


@pytest.mark.parametrize("values", [np.geomspace(0.01, 100, 201), [0.1, 0.3, 1, 3, 10], [5, 1, 0.2], [1, 10],
                                    np.geomspace(1, 1.1, 5)])
def test_axes_spaced_in_ratios_are_logarithmic(values):
    assert scales.geometric(values)


@pytest.mark.parametrize("values", [np.linspace(0.2, 1.2, 101), [0.25, 0.5, 0.75], [1, 2], [3.0], [0, 1, 10, 100],
                                    -np.geomspace(1, 10, 5), [1, 2, np.nan]])
def test_other_axes_are_linear(values):
    assert not scales.geometric(values)


def test_cells_meet_half_way_and_are_as_wide_on_the_outside_as_on_the_inside():
    np.testing.assert_allclose(scales.edges([0, 1, 3]), [-0.5, 0.5, 2, 4])
    np.testing.assert_allclose(scales.edges([1, 10, 100], log=True), 10.0 ** np.array([-0.5, 0.5, 1.5, 2.5]))
    np.testing.assert_allclose(scales.edges([7.0]), [6.5, 7.5])


def test_a_label_is_the_long_name_without_its_explanation_the_symbol_and_a_unit_that_is_one():
    cost = {"long_name": "the generalist's cost coefficient, φ₀ = c₀ α^k₀", "symbol": "c₀", "units": "1"}
    assert style.label("c0", cost) == "Generalist's cost coefficient, $c_{0}$"
    assert style.label("t", {"long_name": "time", "units": "h"}) == "Time, $t$ [h]"
    assert style.label("market_size", {"long_name": "market_size"}) == "Market size"
    assert style.label("weight", {"long_name": "the weight; the rest", "symbol": "w_G"}) == "Weight, $w_G$"
    assert style.label("c0", {"long_name": "c0"}) == "$c_{0}$"


def test_a_share_on_both_sides_of_one_half_gets_a_diverging_map_about_one_half():
    cmap, norm, centre = style.colouring("share", np.array([0.2, 0.6, np.nan]))
    assert cmap == "PuOr_r" and centre == 0.5 and norm(0.5) == pytest.approx(0.5) and norm(0.2) == 0
    assert style.colouring("share", np.array([0.1, 0.4]))[2] is None


def test_colours_are_logarithmic_over_several_decades_and_survive_nothing_at_all():
    assert style.colouring("residual", np.geomspace(1e-16, 1e-10, 50))[1].__class__.__name__ == "LogNorm"
    assert style.colouring("performance", np.linspace(1, 2, 50))[1].__class__.__name__ == "Normalize"
    for values in (np.array([np.nan]), np.zeros(3), np.full(3, 0.5)):
        norm = style.colouring("surplus", values)[1]
        assert norm.vmin < norm.vmax
