# SPDX-License-Identifier: MIT
"""`haggle verify`: a file as it was written is sound, and one wrong value in it is found and named."""

import json
import os
import pty
import subprocess

import h5py
import numpy as np
import pytest

from conftest import ENGINE

# 54 games: a sample of 200 is all of them.
GAMES = """\
haggle: 1
title: Two costs, three bargains
game: fine_tuning
generalist:
  cost: {coefficient: {axis: c0, geomspace: [0.5, 8, 3]}, exponent: 2.5}
  outside_option: {axis: d, values: [0, 0.3]}
specialists:
  - revenue: {elasticity: 0.8}
    cost: {coefficient: {axis: c1, geomspace: [0.5, 8, 3]}}
bargaining: {solution: {axis: solution, values: [nash, kalai_smorodinsky, utilitarian]}, weight: 0.4}
"""
AXES = ["c0", "d", "c1", "solution"]
FIXED = GAMES.replace("solution: {axis: solution, values: [nash, kalai_smorodinsky, utilitarian]}", "solution: fixed, share: 0.5")


def verify(file, *options):
    answer = subprocess.run([ENGINE, "verify", str(file), *map(str, options)], capture_output=True, text=True, timeout=300)
    return answer


def verdict(file, *options):
    answer = verify(file, "--json", *options)
    assert answer.stderr == ""
    return answer.returncode, json.loads(answer.stdout)


def edit(file, output, at, value):
    with h5py.File(file, "r+") as f:
        old = f[output][at]
        f[output][at] = value(old) if callable(value) else value


def kept(file, output):
    with h5py.File(file) as f:
        return f[output][...]


def a_game(file, status, solution=0):
    """Coordinates of the first game of that status and solution."""
    found = np.argwhere(kept(file, "status") == status)
    return tuple(int(i) for i in found[found[:, -1] == solution][0])


SOLVED, EXCLUDED, NO_DEAL = 1, 2, 3


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_file_as_written_is_sound(sweep, dtype):
    file = sweep(GAMES, "--set", f"output.dtype={dtype}")
    code, report = verdict(file)
    assert code == 0
    assert report["verdict"] == "sound"
    assert report["checked"] == report["sound"] == report["points"] == 54
    assert report["drawn"]["solved"] > 10 and report["drawn"]["no_deal"] > 5
    assert set(report["largest_regrets"]) == {"status", "generalist", "specialist", "bargain", "numbers"}
    for worst in report["largest_regrets"].values():
        assert max(worst["regrets"].values()) <= 1e-9


def test_a_file_with_a_given_share_and_with_other_types_of_axes_is_sound(sweep):
    zipped = FIXED + "zip: {pair: [c0, c1]}\nwhere: c0 < 7\n"
    code, report = verdict(sweep(zipped))
    assert (code, report["checked"], report["drawn"]["excluded"]) == (0, 4, 2)


PLANTED = {
    "share": ("share", lambda x: x + 0.01, "bargain"),
    "share by a millionth": ("share", lambda x: x + 1e-6, "numbers"),
    "share that is none": ("share", np.nan, "numbers"),
    "share beyond one": ("share", 1.5, "numbers"),
    "generalist's investment": ("base_performance", lambda x: 1.01 * x, "generalist"),
    "specialist's investment": ("performance", lambda x: 1.01 * x, "specialist"),
    "performance that is nonsense": ("performance", 0, "numbers"),
    "performance of any size": ("performance", 1e300, "specialist"),
    "utility": ("generalist_utility", lambda x: 1.00001 * x, "numbers"),
    "surplus": ("surplus", lambda x: x + 1e-6, "numbers"),
    "revenue": ("revenue", lambda x: x + 1e-6, "numbers"),
    "regime": ("specialist_regime", 2, "numbers"),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_error_is_found_and_named(sweep, kind):
    output, value, measure = PLANTED[kind]
    file = sweep(GAMES)
    at = a_game(file, SOLVED)
    edit(file, output, at, value)
    code, report = verdict(file)
    assert code == 5
    assert report["verdict"] == "wrong"
    assert [tuple(game["at"][axis] for axis in AXES) for game in report["wrong_games"]] == [at]
    regret = report["wrong_games"][0]["regrets"][measure]
    assert regret is None or regret > 1e-9
    assert "brute force" in report["wrong_games"][0]["reason"] or "its " in report["wrong_games"][0]["reason"]


@pytest.mark.parametrize("dtype, factor", [("float64", 1 + 1e-4), ("float32", 1 + 1e-2)])
def test_single_precision_hides_only_its_own_rounding(sweep, dtype, factor):
    file = sweep(GAMES, "--set", f"output.dtype={dtype}")
    at = a_game(file, SOLVED)
    edit(file, "share", at, lambda x: x * factor)
    code, report = verdict(file)
    assert code == 5
    assert [tuple(game["at"][axis] for axis in AXES) for game in report["wrong_games"]] == [at]


@pytest.mark.parametrize("old, new", [(SOLVED, NO_DEAL), (NO_DEAL, SOLVED), (SOLVED, EXCLUDED), (SOLVED, 77)])
def test_a_wrong_status_is_found(sweep, old, new):
    file = sweep(GAMES)
    at = a_game(file, old)
    edit(file, "status", at, new)
    code, report = verdict(file)
    assert code == 5
    assert [tuple(game["at"][axis] for axis in AXES) for game in report["wrong_games"]] == [at]
    assert report["wrong"] == 1


def test_a_deal_that_is_not_there_is_found_where_nothing_but_the_status_says_so(sweep):
    for old, new in [(SOLVED, NO_DEAL), (NO_DEAL, SOLVED)]:
        file = sweep(GAMES, "--set", "outputs=[generalist_utility]", "--force")
        at = a_game(file, old)
        edit(file, "status", at, new)
        edit(file, "generalist_utility", at, 0.3 if new == NO_DEAL and at[1] == 1 else 0)
        code, report = verdict(file)
        assert code == 5
        regrets = report["wrong_games"][0]["regrets"]
        assert regrets["status"] is None or regrets["status"] > 1e-9


def test_two_points_that_changed_places_are_both_found(sweep):
    file = sweep(GAMES)
    a = a_game(file, SOLVED)
    b = (a[0] + 1, *a[1:])
    assert kept(file, "status")[b] == SOLVED
    with h5py.File(file, "r+") as f:
        for name in ["share", "base_performance", "performance", "generalist_utility", "specialist_utility", "surplus", "revenue"]:
            f[name][a], f[name][b] = f[name][b], f[name][a]
    code, report = verdict(file)
    assert code == 5
    assert {tuple(game["at"][axis] for axis in AXES) for game in report["wrong_games"]} == {a, b}


def test_a_given_share_that_was_not_used_is_found(sweep):
    file = sweep(FIXED)
    at = tuple(int(i) for i in np.argwhere(kept(file, "status") == SOLVED)[0])
    edit(file, "share", at, 0.5 + 1e-8)
    code, report = verdict(file)
    assert code == 5 and report["wrong"] == 1
    assert report["wrong_games"][0]["regrets"]["bargain"] == pytest.approx(1e-8, rel=1e-3)


def test_a_file_of_shares_alone_is_checked_by_its_shares(sweep):
    file = sweep(GAMES, "--set", "outputs=[share]")
    assert verdict(file)[0] == 0
    at = a_game(file, SOLVED)
    edit(file, "share", at, lambda x: x + 0.01)
    code, report = verdict(file)
    assert code == 5
    assert [tuple(game["at"][axis] for axis in AXES) for game in report["wrong_games"]] == [at]


def test_shares_whose_complement_is_lost_are_no_error(sweep):
    """Bargaining weights so lopsided that the other player's share is below the rounding of 1."""
    spec = GAMES.replace("weight: 0.4", "weight: {axis: w, values: [0, 1.0e-17, 1.0e-13, 0.9999999999999, 1]}")
    spec = spec.replace("[nash, kalai_smorodinsky, utilitarian]", "[nash, egalitarian, kalai_smorodinsky, powerful_generalist]")
    file = sweep(spec.replace("exponent: 2.5", "exponent: 1.3").replace("values: [0, 0.3]", "values: [0, 1.0e-13]"))
    assert np.nanmax(kept(file, "share")) > 1 - 1e-9
    answer = verify(file, "--sample", 400)
    assert answer.returncode == 0, answer.stdout


def test_what_is_not_solved_is_told_and_not_blamed(sweep):
    spec = GAMES.replace("elasticity: 0.8", "elasticity: {axis: elasticity, values: [0.8, 3]}") + "where: c1 < 7\n"
    code, report = verdict(sweep(spec), "--sample", 500)
    assert code == 0
    assert report["drawn"]["excluded"] == 36 and report["drawn"]["unbounded"] == 36
    assert report["checked"] == 36
    text = verify(sweep(spec, "--force")).stdout
    assert "excluded 36, unbounded 36" in text


def test_a_file_with_nothing_to_check_is_not_called_sound(sweep):
    file = sweep(GAMES)
    with h5py.File(file, "r+") as f:
        f["status"][...] = 0
    code, report = verdict(file)
    assert (code, report["verdict"], report["checked"], report["drawn"]["pending"]) == (5, "unchecked", 0, 54)
    assert "NOT VERIFIED" in verify(file).stdout


def test_games_beyond_the_effort_are_counted_and_not_judged(sweep):
    code, report = verdict(sweep(GAMES), "--effort", 10)
    assert (code, report["verdict"], report["checked"], report["skipped"]) == (5, "unchecked", 0, 54)
    assert "effort" in report["skipped_games"][0]["reason"]


def test_the_same_seed_draws_the_same_games(sweep):
    file = sweep(GAMES)
    reports = [verdict(file, "--sample", 9, "--seed", seed)[1] for seed in (5, 5, 6)]
    assert reports[0] == reports[1]
    assert reports[0]["largest_regrets"]["generalist"]["at"] != reports[2]["largest_regrets"]["generalist"]["at"]


@pytest.mark.parametrize("changes", [[], ["--set", "specialists[0].revenue.elasticity=0.6"]])
def test_the_command_of_a_wrong_game_replays_it(sweep, changes):
    file = sweep(GAMES, *changes)
    at = a_game(file, SOLVED, 1)
    utility = kept(file, "generalist_utility")[at]
    edit(file, "share", at, 0.9)
    replay = verdict(file)[1]["wrong_games"][0]["replay"]
    assert replay.startswith("haggle solve ")
    assert replay in verify(file).stdout
    answer = subprocess.run(
        replay.replace("haggle", os.path.abspath(ENGINE), 1) + " --json", shell=True, cwd=file.parent, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["outputs"]["generalist_utility"] == pytest.approx(utility, rel=1e-12)


def test_a_spec_that_is_not_the_one_that_was_solved_is_refused(sweep):
    file = sweep(GAMES)
    with h5py.File(file, "r+") as f:
        f["provenance"].attrs["spec_resolved"] = f["provenance"].attrs["spec_resolved"].replace("0.8", "0.7")
    answer = verify(file)
    assert answer.returncode == 4
    assert "was solved for" in answer.stderr


def test_a_file_of_something_else_is_refused(tmp_path):
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as f:
        f["x"] = 1
    for file, words in [(other, "not a result of haggle"), (tmp_path / "none.h5", "none.h5")]:
        answer = verify(file)
        assert answer.returncode == 4
        assert words in answer.stderr


def test_progress_is_drawn_on_a_terminal_only(sweep):
    file = sweep(GAMES)
    assert verify(file).stderr == ""
    ours, theirs = pty.openpty()
    subprocess.run([ENGINE, "verify", str(file)], stdout=subprocess.DEVNULL, stderr=theirs, timeout=300, check=True)
    os.close(theirs)
    assert b"54/54" in os.read(ours, 65536)
    os.close(ours)


# The general game: 12 games of two specialists, thresholds of participation among them.
GENERAL = """\
haggle: 1
title: Two domains
game: fine_tuning
generalist:
  cost: {coefficient: {axis: c0, geomspace: [0.5, 8, 2]}, exponent: 2.5}
specialists:
  - name: search
    revenue: {family: logarithmic, scale: 2, reference: 0.5}
    cost: {coefficient: 1}
  - name: law
    revenue: {expression: "R*performance^3/(1 + performance^3)", family: expression, numbers: {R: 1}}
    cost: {coefficient: 0.5, linear: 0.1, fixed: {axis: f, values: [0, 0.1]}}
bargaining: {solution: {axis: solution, values: [nash, egalitarian, utilitarian]}}
outputs: [share, base_performance, performance, utility, surplus, revenue, regime, first_best_surplus, efficiency, profit_sharing]
"""


def test_a_file_of_the_general_game_is_sound_as_written(sweep):
    code, report = verdict(sweep(GENERAL))
    assert code == 0, report
    assert report["checked"] == report["sound"] == 12


PLANTED_IN_GENERAL = {
    "share": ("share", (), lambda x: x + 1e-3, "bargain"),
    "share by a millionth": ("share", (), lambda x: x + 1e-6, "numbers"),
    "status": ("status", (), NO_DEAL, "status"),
    "generalist's utility": ("generalist_utility", (), lambda x: x + 1e-6, "numbers"),
    "second specialist's utility": ("specialist_utility", (1,), lambda x: x - 1e-6, "numbers"),
    "surplus": ("surplus", (), lambda x: x + 1e-6, "numbers"),
    "generalist's regime": ("generalist_regime", (), 2, "numbers"),
    "base performance": ("base_performance", (), lambda x: x + 1e-6, "numbers"),
    "specialist's investment": ("performance", (0,), lambda x: 1.01 * x, "specialist"),
    "utility": ("specialist_utility", (0,), lambda x: x + 1e-6, "numbers"),
    "revenue": ("revenue", (0,), lambda x: x + 1e-6, "numbers"),
    "regime": ("specialist_regime", (0,), 2, "numbers"),
    "first best": ("first_best_surplus", (), lambda x: x + 1e-6, "numbers"),
    "efficiency": ("efficiency", (), lambda x: x - 1e-6, "numbers"),
    "profit-sharing": ("profit_sharing", (), lambda x: 3 - x, "numbers"),
}


@pytest.mark.parametrize("kind", PLANTED_IN_GENERAL)
def test_an_error_planted_in_a_general_game_is_found_and_named(sweep, kind):
    output, whose, value, measure = PLANTED_IN_GENERAL[kind]
    file = sweep(GENERAL)
    at = (0, 0, 0)
    edit(file, output, at + whose, value)
    code, report = verdict(file)
    assert code == 5
    assert [tuple(game["at"][axis] for axis in ["c0", "f", "solution"]) for game in report["wrong_games"]] == [at]
    regret = report["wrong_games"][0]["regrets"][measure]
    assert regret is None or regret > 1e-9


# Two firms under one share, of which the second pays to enter: its Pareto set has one component, then two.
PARETO = """\
haggle: 1
title: Two components
game: fine_tuning
generalist: {cost: {coefficient: 1, exponent: 2}}
specialists:
  - {name: A, revenue: {elasticity: 1}, cost: {coefficient: 2.7}}
  - {name: B, revenue: {scale: 1.9, elasticity: 1}, cost: {fixed: {axis: f, values: [0.5, 2]}, coefficient: 0.27}}
bargaining: {solution: nash}
pareto: {components: 3, frontier: 4}
outputs: [share, investment, utility, residual, pareto_efficient, pareto]
"""
ENDS = ("pareto_share_low", "pareto_share_high")


def test_what_no_certificate_speaks_of_is_said(sweep):
    file = sweep(PARETO)
    frontier = ["frontier_share", "frontier_generalist_utility", "frontier_specialist_utility"]
    code, report = verdict(file)
    assert (code, report["sound"], report["outputs_not_checked"]) == (0, 2, ["residual", *frontier])
    assert "not checked  residual, frontier_share, " in verify(file).stdout
    code, report = verdict(sweep(PARETO, "--set", "output.dtype=float32", name="single.h5"))
    assert (code, report["outputs_not_checked"]) == (0, ["residual", "pareto_efficient", "pareto_components", *ENDS, *frontier])


def move(output, component, by):
    return lambda f: f[output].__setitem__((1, component), f[output][1, component] + by)


def join_the_two(f):
    f["pareto_components"][1] = 1
    f["pareto_share_high"][1, 0] = f["pareto_share_high"][1, 1]
    for end in ENDS:
        f[end][1, 1] = np.nan


def lose_the_second(f):
    f["pareto_components"][1] = 1
    for end in ENDS:
        f[end][1, 1] = np.nan


def lose_all(f):
    f["pareto_components"][1] = 0
    for end in ENDS:
        f[end][1, :] = np.nan


PLANTED_IN_PARETO_SET = {
    "a component short at its end": move("pareto_share_high", 0, -1e-2),
    "a component short at its start": move("pareto_share_low", 1, 1e-3),
    "a component too long": move("pareto_share_high", 0, 1e-2),
    "an end beyond one": move("pareto_share_high", 1, 0.5),
    "a gap that is none": join_the_two,
    "a component missing": lose_the_second,
    "no component": lose_all,
    "a count that is another": lambda f: f["pareto_components"].__setitem__(1, 3),
}


@pytest.mark.parametrize("kind", PLANTED_IN_PARETO_SET)
def test_an_error_planted_in_a_pareto_set_is_found(sweep, kind):
    file = sweep(PARETO)
    with h5py.File(file, "r+") as f:
        PLANTED_IN_PARETO_SET[kind](f)
    code, report = verdict(file)
    assert code == 5
    assert [game["at"]["f"] for game in report["wrong_games"]] == [1]
    regret = report["wrong_games"][0]["regrets"]["numbers"]
    assert regret is None or regret > 1e-6
    assert "Pareto set" in report["wrong_games"][0]["reason"]


# A share of 0.4 is between the two components where the second firm pays 2 to enter, and in the one where it pays 0.5.
GIVEN = PARETO.replace("solution: nash", "solution: fixed, share: 0.4").replace("pareto: {components: 3, frontier: 4}\n", "")
GIVEN = GIVEN.replace(", pareto]", "]")


@pytest.mark.parametrize("place", [0, 1])
def test_a_deal_that_is_wrongly_called_efficient_or_not_is_found(sweep, place):
    file = sweep(GIVEN)
    code, report = verdict(file)
    assert (code, report["sound"]) == (0, 2), report
    edit(file, "pareto_efficient", (place,), lambda x: 3 - x)
    code, report = verdict(file)
    assert code == 5 and [game["at"]["f"] for game in report["wrong_games"]] == [place]
    reason = report["wrong_games"][0]["reason"]
    assert ("every other deal is worse for somebody", "another deal is better for all")[place] in reason
