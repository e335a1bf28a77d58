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

// The same game asked of three people, in four steps: outputs over one inner dimension and over two.
inline constexpr std::size_t people = 3, steps = 4;
inline constexpr std::array<std::string_view, people> toy_people{"Ann", "Bob", "Zoë"};
inline constexpr std::array<InnerDimension, 2> wide_dimensions{{
    {"who", "Who is asked", people, toy_people},
    {"step", "How far one went", steps, {}},
}};
inline constexpr std::array<std::size_t, 1> by_who{0};
inline constexpr std::array<std::size_t, 2> by_step_and_who{1, 0};
inline constexpr std::array<Output, 5> wide_outputs{{
    {"status", "1", "What became of the game", toy_status},
    {"each", "m", "Each one's value", {}, by_who},
    {"value", "m", "Value α of the game", {}},
    {"side", "1", "Which is larger", toy_regimes, by_who},
    {"path", "1", "Each one's way", {}, by_step_and_who},
}};
inline constexpr GameTable wide_game{"wide", "A wide toy", "nobody, nowhere", toy_parameters, wide_outputs, {},
                                     {},     {},           wide_dimensions};
inline constexpr std::size_t wide_columns = 2 + 2 * people + steps * people;
static_assert(wide_game.columns() == wide_columns);

inline double each_of(double x, double y, std::size_t who) { return 10 * x + y + 1000 * static_cast<double>(who); }
inline double side_of(double x, double y, std::size_t who) { return x > y + static_cast<double>(who) ? 1 : 2; }
inline double path_of(double x, double y, std::size_t step, std::size_t who) {
  return each_of(x, y, who) + 1e5 * static_cast<double>(step);
}

/// As toy_kernel, and what one has more than the last is 1000 in `each` and a smaller x in `side`.
inline void wide_kernel(const GameTable& table, const double* const* p, double* const* out,
                        std::size_t games) noexcept {
  const std::size_t each = table.first_column(1), side = table.first_column(3), path = table.first_column(4);
  for (std::size_t i = 0; i < games; ++i) {
    const double x = p[0][i], y = p[1][i];
    out[0][i] = static_cast<double>(x == 13 ? Status::no_deal : Status::solved);
    if (double* value = out[table.first_column(2)]) value[i] = 10 * x + y;
    for (std::size_t who = 0; who < people; ++who) {
      if (out[each + who]) out[each + who][i] = each_of(x, y, who);
      if (out[side + who]) out[side + who][i] = side_of(x, y, who);
      for (std::size_t step = 0; step < steps; ++step)
        if (double* column = out[path + step * people + who]) column[i] = path_of(x, y, step, who);
    }
  }
}

inline constexpr BlockSolver solve_wide{wide_kernel, &wide_game};

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

/// The same of the wide game, all outputs.
inline Plan wide_plan(std::uint64_t nx, std::uint64_t ny, std::uint64_t block_points) {
  Plan plan = toy_plan(nx, ny, block_points);
  plan.game = {std::shared_ptr<const GameTable>(), &wide_game};
  plan.outputs = {0, 1, 2, 3, 4};
  return plan;
}

/// One wide game, of x = 2 and y = 3.
inline Plan single_wide() {
  Plan plan = single_toy();
  plan.game = {std::shared_ptr<const GameTable>(), &wide_game};
  plan.outputs = {0, 1, 2, 3, 4};
  return plan;
}

/// The solver of the plan's game.
inline BlockSolver solver_of(const Plan& plan) { return plan.game.get() == &wide_game ? solve_wide : solve_toy; }

}  // namespace haggle::test
