# SPDX-License-Identifier: MIT
"""The commands that answer and write no sweep: plan, solve, inspect, games."""

import json
import os
import re
import resource
import time

import h5py
import pytest
from command import ENDLESS, SPEC, haggle


# --- plan ------------------------------------------------------------------------------------------------------------


def test_a_plan_of_a_million_million_points_is_small_and_writes_nothing(tmp_path):
    (tmp_path / "huge.yaml").write_text(ENDLESS.replace("1000]", "10000]"))

    def little_memory():
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    answer = haggle("plan", "huge.yaml", "--json", "-j", "2", cwd=tmp_path, preexec_fn=little_memory)
    assert answer.returncode == 0, answer.stderr
    plan = json.loads(answer.stdout)
    assert plan["points"] == 10**12
    assert plan["array_bytes"] >= 8e12
    assert plan["estimated_seconds"] > 0
    assert os.listdir(tmp_path) == ["huge.yaml"]


def test_a_plan_shows_the_axes_and_calls_its_time_an_estimate(spec):
    answer = haggle("plan", spec, cwd=spec.parent)
    assert answer.returncode == 0, answer.stderr
    for word in ("fine_tuning", "c0", "0.5 … 8", "geometric", "nash, egalitarian, utilitarian", "75", "estimate"):
        assert word in answer.stdout


@pytest.mark.parametrize("compression", [0, 1])
def test_a_plan_knows_the_bytes_of_the_file_and_both_parts_of_the_time(tmp_path, compression):
    spec = tmp_path / "some.yaml"
    spec.write_text(ENDLESS.replace("1000]", "60]") + f"where: c1 >= c0\noutput: {{compression: {compression}}}\n")
    answer = haggle("plan", spec, "--json", "-j", 2, cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    plan = json.loads(answer.stdout)
    assert 0 < plan["solving_seconds"] and 0 < plan["writing_seconds"]
    assert max(plan["solving_seconds"], plan["writing_seconds"]) <= plan["estimated_seconds"]
    assert haggle("run", spec, cwd=tmp_path).returncode == 0
    assert plan["file_bytes"] == pytest.approx(os.path.getsize(tmp_path / "some.h5"), rel=0.2)


def test_a_plan_of_slow_games_takes_its_time_and_no_more_and_says_that_it_rests_on_few(tmp_path):
    slow = """\
haggle: 1
game: fine_tuning
generalist: {cost: {coefficient: {axis: c0, geomspace: [0.1, 10, 100]}}}
all_specialists: {cost: {coefficient: 1, linear: 0.1, fixed: {axis: f, linspace: [0, 0.2, 100]}}, revenue: {family: hill, steepness: 4}}
specialists: [{name: A}, {name: B}, {name: C}]
bargaining: {contract: per_domain, solution: kalai_smorodinsky}
"""
    (tmp_path / "slow.yaml").write_text(slow)
    began = time.monotonic()
    answer = haggle("plan", "slow.yaml", "--json", "-j", 2, cwd=tmp_path)
    assert time.monotonic() - began < 20  # 64 of these games at a stretch take a minute
    assert answer.returncode == 0, answer.stderr
    plan = json.loads(answer.stdout)
    assert 0 < plan["pilot_games"] < 300 and plan["pilot_rests_on_few"]
    assert plan["estimated_seconds"] > 10
    text = haggle("plan", "slow.yaml", "-j", 2, cwd=tmp_path).stdout
    assert "rests on only" in text and "off by a factor" in text


def test_a_plan_of_fast_games_or_of_all_there_are_does_not_excuse_itself(spec, tmp_path):
    (tmp_path / "endless.yaml").write_text(ENDLESS)
    for file in ("endless.yaml", spec):
        assert "rests on only" not in haggle("plan", file, cwd=tmp_path).stdout


def test_a_plan_for_a_folder_that_cannot_be_written_to_says_so(spec):
    answer = haggle("plan", spec, "-o", "nowhere/r.h5", cwd=spec.parent)
    assert answer.returncode == 0, answer.stderr
    assert "not estimated: nowhere cannot be written to" in answer.stdout
    assert json.loads(haggle("plan", spec, "-o", "nowhere/r.h5", "--json", cwd=spec.parent).stdout)["writing_seconds"] is None


# --- solve -----------------------------------------------------------------------------------------------------------


def solved(*arguments, cwd):
    answer = haggle("solve", *arguments, "--json", cwd=cwd)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_one_game_is_solved_from_flags_alone(tmp_path):
    game = ["--set", "generalist.cost.coefficient=2", "--set", "specialists[0].cost.coefficient=1"]
    game += ["--set", "specialists[0].revenue.elasticity=1", "--set", "bargaining.solution=utilitarian"]
    answer = solved(*game, cwd=tmp_path)
    assert answer["status"] == "solved"
    assert answer["outputs"]["share"] == pytest.approx(1 / 3, rel=1e-12)  # c1/(c0+c1)
    assert answer["outputs"]["specialist_regime"] == "contributor"
    assert answer["parameters"]["solution"] == "utilitarian"
    assert "fixed_share" not in answer["parameters"]
    fixed = solved(*game[:-1], "bargaining.solution=fixed", "--set", "bargaining.share=0.25", cwd=tmp_path)
    assert fixed["parameters"]["fixed_share"] == 0.25


def test_a_game_is_picked_from_a_sweep_by_value_by_index_and_by_name(spec):
    by_value = solved(spec, "--at", "c0=2", "--at", "c1=1", "--at", "solution=utilitarian", cwd=spec.parent)
    by_index = solved(spec, "--at", "c0=#2", "--at", "c1=#1", "--at", "solution=#2", cwd=spec.parent)
    assert by_value == by_index
    assert by_value["at"] == {"c0": 2, "c1": 1, "solution": "utilitarian"}
    assert by_value["index"] == {"c0": 2, "c1": 1, "solution": 2}
    assert by_value["parameters"]["c0"] == pytest.approx(2)
    assert by_value["outputs"]["share"] == pytest.approx(1 / 3, rel=1e-12)


def test_one_game_and_the_sweep_agree_to_the_bit(spec):
    assert haggle("run", spec, cwd=spec.parent).returncode == 0
    alone = solved(spec, "--at", "c0=#3", "--at", "c1=#0", "--at", "solution=nash", cwd=spec.parent)
    with h5py.File(spec.parent / "two_costs.h5") as file:
        assert file["share"][3, 0, 0] == alone["outputs"]["share"]


def test_axes_that_are_left_are_named(spec):
    answer = haggle("solve", spec, "--at", "c0=2", cwd=spec.parent)
    assert answer.returncode == 2
    assert "--at c1=" in answer.stderr and "--at solution=" in answer.stderr and "--at c0=" not in answer.stderr


@pytest.mark.parametrize("at", ["c0=9", "c0=#5", "c0=much", "solution=toss_a_coin", "c9=1"])
def test_a_place_outside_the_grid_is_refused(spec, at):
    answer = haggle("solve", spec, "--at", at, "--at", "c1=1", cwd=spec.parent)
    assert answer.returncode == 2
    assert at in answer.stderr


def test_a_person_reads_symbols_meanings_and_codes_by_name(spec):
    answer = haggle("solve", spec, "--at", "c0=2", "--at", "c1=1", "--at", "solution=nash", cwd=spec.parent)
    assert answer.returncode == 0, answer.stderr
    for word in ("c₀", "ε", "revenue elasticity", "nash", "solved", "share", "contributor", "invests"):
        assert word in answer.stdout
    assert "δ" not in answer.stdout  # a parameter of the solution `fixed` alone


def test_a_game_outside_where_is_not_solved_and_is_no_failure(spec):
    spec.write_text(SPEC + "where: c1 >= c0\n")
    answer = solved(spec, "--at", "c0=8", "--at", "c1=1", "--at", "solution=nash", cwd=spec.parent)
    assert answer["status"] == "excluded"
    assert answer["outputs"]["share"] is None


# --- inspect ---------------------------------------------------------------------------------------------------------


def test_inspect_counts_every_point_and_knows_where_the_file_came_from(spec):
    assert haggle("run", spec, cwd=spec.parent).returncode == 0
    answer = haggle("inspect", "two_costs.h5", "--json", cwd=spec.parent)
    assert answer.returncode == 0, answer.stderr
    seen = json.loads(answer.stdout)
    assert seen["title"] == "Two costs"
    assert seen["dimensions"] == {"c0": 5, "c1": 5, "solution": 3}
    assert seen["variables"]["status"]["counts"]["solved"] == 75
    assert sum(seen["variables"]["specialist_regime"]["counts"].values()) == 75
    assert seen["commit"] in haggle("--version", cwd=spec.parent).stdout and seen["commit"]
    assert {"compiler", "host", "threads", "instruction_set"} <= set(seen["provenance"])
    text = haggle("inspect", "two_costs.h5", cwd=spec.parent).stdout
    assert "Two costs" in text and "contributor" in text


def test_inspect_refuses_what_is_no_result_file(spec):
    answer = haggle("inspect", spec, cwd=spec.parent)
    assert answer.returncode == 4
    assert "two_costs.yaml" in answer.stderr


# --- games -----------------------------------------------------------------------------------------------------------


def test_every_key_that_a_spec_may_have_is_shown(tmp_path):
    text = haggle("games", "fine_tuning", cwd=tmp_path).stdout
    for key in ("haggle", "title", "game", "zip", "where", "outputs", "output.dtype", "output.compression"):
        assert f"\n  {key} " in text
    for key in ("bargaining.share", "specialists[].name", "linspace", "geomspace", "concat", "from"):
        assert key in text
    assert re.search(r"pareto\.components +a whole number, 1 … 64, no axis +8 .*not with contract per_domain", text)
    assert re.search(r"pareto\.frontier +a whole number, 2 … 1024, no axis +64 ", text)


@pytest.mark.parametrize("contract, costs", [("uniform", "{coefficient: 0, fixed: 0.1}"), ("per_domain", "{coefficient: 0}")])
def test_investment_that_costs_nothing_is_given_as_a_reason_for_having_no_bound(tmp_path, contract, costs):
    spec = (
        "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: 1}}\n"
        f"specialists: [{{revenue: {{family: exponential_saturation}}, cost: {costs}}}]\n"
        f"bargaining: {{contract: {contract}}}\n"
    )
    (tmp_path / "free.yaml").write_text(spec)
    answer = haggle("solve", "free.yaml", cwd=tmp_path)
    assert answer.returncode == 3
    assert "unbounded: " in answer.stdout and "or investment costs nothing" in answer.stdout
