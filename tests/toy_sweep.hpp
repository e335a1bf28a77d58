// SPDX-License-Identifier: MIT
// A game that anybody can solve in his head, for tests of what stands around the solver.
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "haggle/model/table.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle::test {

inline constexpr std::array<std::string_view, 3> toy_choices{"low", "middle", "high"};
inline constexpr std::array<Parameter, 3> toy_parameters{{
    {"x", "x", "ξ", "1", "first number", Domain{}, 0.0},
    {"y", "y", "η", "1", "second number", Domain{}, 0.0},
    {"solution", "solution", "", "1", "a choice", Domain{0, 2}, 0.0, toy_choices},
}};
inline constexpr std::array<Code, status_meanings.size()> toy_status = [] {
  std::array<Code, status_meanings.size()> codes{};
  for (std::size_t i = 0; i < codes.size(); ++i)
    codes[i] = {static_cast<std::int8_t>(status_meanings[i].status), status_meanings[i].name};
  return codes;
}();
inline constexpr std::array<Code, 3> toy_regimes{{{0, "unsolved"}, {1, "above"}, {2, "below"}}};
inline constexpr std::array<Output, 4> toy_outputs{{
    {"status", "1", "What became of the game", toy_status},
    {"value", "m", "Value α of the game", {}},
    {"regime", "1", "Which is larger", toy_regimes},
    {"wave", "1", "A number with a noisy mantissa", {}},
}};
inline constexpr GameTable toy_game{"toy", "A toy", "nobody, nowhere", toy_parameters, toy_outputs, {}, {}};

/// value = 1000 solution + 10 x + y; no deal where x = 13; regime says whether x > y.
inline void toy_kernel(const GameTable&, const double* const* p, double* const* out, std::size_t games) noexcept {
  for (std::size_t i = 0; i < games; ++i) {
    const double x = p[0][i], y = p[1][i];
    out[0][i] = static_cast<double>(x == 13 ? Status::no_deal : Status::solved);
    if (out[1]) out[1][i] = 1000 * p[2][i] + 10 * x + y;
    if (out[2]) out[2][i] = x > y ? 1 : 2;
    if (out[3]) out[3][i] = std::sin(0.01 * x) * std::exp(0.001 * y);
  }
}

inline constexpr BlockSolver solve_toy{toy_kernel, &toy_game};

/// 0, 1, … n-1.
inline Axis numbers(std::string name, std::uint64_t n) {
  Axis axis;
  axis.name = std::move(name);
  axis.long_name = "the axis " + axis.name;
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i);
  axis.segments = {values};
  return axis;
}

/// No dimensions, x = 2, y = 3, solution `middle`, all outputs.
inline Plan single_toy() {
  Plan plan;
  plan.game = {std::shared_ptr<const GameTable>(), &toy_game};
  plan.title = "A toy sweep: ξ against η";
  plan.parameters = {
      {Source::Kind::constant, 2, 0, ""}, {Source::Kind::constant, 3, 0, ""}, {Source::Kind::constant, 1, 0, ""}};
  plan.outputs = {0, 1, 2, 3};
  plan.spec_name = "some/where/toy.yaml";
  plan.spec_text = "haggle: 1\ngame: toy  # ξ\n";
  plan.resolved = "haggle: 1\ngame: toy\n";
  plan.hash = "0123456789abcdef";
  plan.grid = Grid(std::vector<std::uint64_t>{});
  return plan;
}

/// Dimensions x (`nx` points 0, 1, …) and y (`ny`), in blocks of about `block_points`.
inline Plan toy_plan(std::uint64_t nx, std::uint64_t ny, std::uint64_t block_points) {
  Plan plan = single_toy();
  plan.axes = {numbers("x", nx), numbers("y", ny)};
  plan.dimensions = {{"x", nx, {0}}, {"y", ny, {1}}};
  plan.parameters[0] = {Source::Kind::axis, 0, 0, ""};
  plan.parameters[1] = {Source::Kind::axis, 0, 1, ""};
  plan.parameters[2].constant = 0;
  plan.grid = Grid({nx, ny}, block_points);
  return plan;
}

}  // namespace haggle::test
