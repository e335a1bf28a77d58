// SPDX-License-Identifier: MIT
#include "general_games.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "haggle/solver/one_by_one.hpp"

namespace haggle::bench {
namespace {

GeneralRevenue random_revenue(RevenueFamily family, bool s_shaped, Random& random) {
  GeneralRevenue r{family, std::exp(random.uniform(-0.7, 0.7)), std::exp(random.uniform(-1.5, 1.5)), 0};
  if (family == RevenueFamily::isoelastic) r.b = random.uniform(0.3, 1);
  if (family == RevenueFamily::hill) r.c = s_shaped ? random.uniform(1, 6) : random.uniform(0.4, 1);
  return r;
}

}  // namespace

GeneralGame general_game(const GameKind& kind, Random& random) {
  const bool linear = random.uniform(0, 1) < 0.5 && (kind.linear || kind.linear_adaptation);
  const bool fixed = random.uniform(0, 1) < 0.5 && kind.fixed;
  const auto cost = [&](double scale) {
    GeneralCost c{};
    c.coefficient = scale * std::exp(random.uniform(-2, 2));
    c.exponent = random.uniform(1.5, 3);
    c.linear = random.uniform(0, 0.2) * (linear ? scale : 0);
    c.fixed = random.uniform(0, 0.02) * (fixed ? scale : 0);
    return c;
  };
  GeneralGame g{};
  // As many specialists as pay for it.
  g.cost = cost(static_cast<double>(kind.families.size()));
  if (kind.linear_adaptation) g.cost.linear = 0;
  g.weight = random.uniform(0.05, 0.95);
  for (const RevenueFamily family : kind.families) {
    const GeneralRevenue revenue = random_revenue(family, kind.s_shaped, random);
    g.specialists.push_back({revenue, cost(1)});
  }
  return g;
}

namespace {

std::shared_ptr<const fine_tuning::Table> table_of(const GameKind& kind) {
  constexpr std::array<std::string_view, 4> names{"isoelastic", "logarithmic", "exponential_saturation", "hill"};
  const auto family = [](std::string_view key, std::string_view name) { return Outline{key, "", {{"family", name}}}; };
  Outline specialists{"specialists", "", {}, {}};
  for (const RevenueFamily f : kind.families)
    specialists.items.push_back(
        {"", "", {family("revenue", names[static_cast<std::size_t>(f)]), family("cost", "power")}});
  const Outline outline{"",
                        "",
                        {Outline{"generalist", "", {family("cost", "power")}}, specialists,
                         Outline{"bargaining", "", {{"contract", "uniform"}}}}};
  return std::static_pointer_cast<const fine_tuning::Table>(fine_tuning::make_table(outline));
}

}  // namespace

GeneralBlock::GeneralBlock(const GameKind& kind, const std::vector<GeneralGame>& games, fine_tuning::Solution solution,
                           bool first_best)
    : games_(games.size()),
      solution_(solution),
      table_(table_of(kind)),
      parameters_(table_->parameters.size(), std::vector<double>(games.size())),
      outputs_(table_->columns(), std::vector<double>(games.size())) {
  const auto set = [&](std::size_t column, std::size_t game, double value) {
    if (column != fine_tuning::unset) parameters_[column][game] = value;
  };
  for (std::size_t i = 0; i < games_; ++i) {
    const auto set_cost = [&](const FunctionForm& where, std::size_t fixed, const GeneralCost& cost) {
      set(where.first, i, cost.linear);
      set(where.first + 1, i, cost.coefficient);
      set(where.first + 2, i, cost.exponent);
      set(fixed, i, cost.fixed);
    };
    set_cost(form().cost, form().fixed, games[i].cost);
    set(form().solution, i, static_cast<double>(solution));
    set(form().weight, i, games[i].weight);
    set(form().share, i, games[i].weight);
    for (std::size_t k = 0; k < kind.families.size(); ++k) {
      const fine_tuning::SpecialistForm& where = form().specialists[k];
      const GeneralSpecialist& s = games[i].specialists[k];
      set_cost(where.cost, where.fixed, s.cost);
      set(where.weight, i, 1);
      const std::array numbers{s.revenue.scale, s.revenue.b, s.revenue.c};
      for (std::size_t n = 0; n < where.revenue.count; ++n) set(where.revenue.first + n, i, numbers[n]);
    }
  }
  for (const auto& column : parameters_) in_.push_back(column.data());
  for (std::size_t o = 0; o < table_->outputs.size(); ++o)  // as a run has it whose spec asks for nothing special
    for (std::size_t c = 0; c < table_->width(o); ++c) {
      const std::size_t column = table_->first_column(o) + c;
      const bool wanted = !table_->outputs[o].on_request || (first_best && column == form().outputs.first_best_surplus);
      out_.push_back(wanted ? outputs_[column].data() : nullptr);
    }
}

void GeneralBlock::solve(InstructionSet isa) { block_solver(*table_, isa)(in_.data(), out_.data(), games_); }

void GeneralBlock::solve_slowly(std::size_t count) {
  std::vector<std::size_t> where(count);
  for (std::size_t i = 0; i < count; ++i) where[i] = i;
  fine_tuning::solve_one_by_one(form(), in_.data(), out_.data(), where.data(), count);
}

double GeneralBlock::nash_product(std::size_t game) const {
  const std::size_t n = form().specialists.size();
  const double weight = parameters_[form().weight][game], each = (1 - weight) / static_cast<double>(n);
  double sum = weight * std::log(outputs_[form().outputs.generalist_utility][game]);
  for (std::size_t k = 0; k < n; ++k) sum += each * std::log(outputs_[form().outputs.specialist_utility + k][game]);
  return sum;
}

double GeneralBlock::objective(std::size_t game) const {
  const std::size_t n = form().specialists.size();
  const double weight = parameters_[form().weight][game], each = (1 - weight) / static_cast<double>(n);
  const double generalist = outputs_[form().outputs.generalist_utility][game];
  const auto specialist = [&](std::size_t k) { return outputs_[form().outputs.specialist_utility + k][game]; };
  if (solution_ == fine_tuning::Solution::nash) return nash_product(game);
  if (solution_ != fine_tuning::Solution::egalitarian) return std::nan("");
  double least = generalist / weight;
  for (std::size_t k = 0; k < n; ++k) least = std::min(least, specialist(k) / each);
  return least;
}

}  // namespace haggle::bench
