// SPDX-License-Identifier: MIT
// Random nasty games of the general kind, each both as the slow reference sees it and as a row of the engine's table.
#pragma once
#include <algorithm>
#include <deque>

#include "haggle/model/fine_tuning.hpp"
#include "haggle/verify/general_bargain.hpp"
#include "power_law_games.hpp"

namespace haggle::test {

using oracle::Family, oracle::GeneralFunction, oracle::GeneralGame, oracle::GeneralSpecialist;

struct GameKind {
  std::size_t specialists = 1;
  bool expressions = false;  ///< some functions are expressions
  bool per_domain = false;
};

inline GeneralFunction expression_of(const char* text, const char* variable, std::vector<std::string> numbers) {
  const auto expression = std::make_shared<const oracle::Expression>(text, variable, numbers);
  return {Family::expression, std::vector<double>(numbers.size(), 1.0), expression};
}

/// Families and contract; the numbers are still to be drawn. Games of one shape have one table.
inline GeneralGame draw_shape(Random& random, const GameKind& kind) {
  const auto pick = [&](std::size_t choices) {
    return static_cast<std::size_t>(random.uniform(0, static_cast<double>(choices)));
  };
  const auto revenue = [&]() -> GeneralFunction {
    if (kind.expressions && pick(2) == 0) switch (pick(4)) {
        case 0:
          return expression_of("R*performance^e", "performance", {"R", "e"});
        case 1:
          return expression_of("R*ln(1 + performance/h)", "performance", {"R", "h"});
        case 2:
          return expression_of("R*tanh(performance/h)", "performance", {"R", "h"});
        default:
          return expression_of("R*performance^2/(h^2 + performance^2)", "performance", {"R", "h"});
      }
    constexpr std::array families{Family::isoelastic, Family::isoelastic, Family::logarithmic,
                                  Family::exponential_saturation, Family::hill};
    return {families[pick(families.size())], {}};
  };
  const auto cost = [&]() -> GeneralFunction {
    if (kind.expressions && pick(3) == 0)
      return pick(2) == 0 ? expression_of("l*investment + c*investment^k", "investment", {"l", "c", "k"})
                          : expression_of("c*investment*(1 + investment)^2", "investment", {"c"});
    return {Family::power, {}};
  };
  GeneralGame game;
  game.cost = cost();
  for (std::size_t i = 0; i < kind.specialists; ++i) {
    GeneralSpecialist specialist;
    specialist.revenue = revenue();
    specialist.cost = cost();
    game.specialists.push_back(specialist);
  }
  game.per_domain = kind.per_domain;
  return game;
}

/// The exponent that bounds how fast costs must grow.
inline double draw_revenue(Random& random, GeneralFunction& revenue) {
  const double scale = random.log_uniform(0.1, 10), reference = random.log_uniform(0.05, 20);
  const auto chance = [&](double p) { return random.uniform(0, 1) < p; };
  const bool power =
      revenue.family == Family::isoelastic || (revenue.expression && revenue.expression->numbers().back() == "e");
  if (power) {
    const double elasticity = chance(0.1) ? 1 : chance(0.15) ? random.uniform(1.02, 2) : random.uniform(0.1, 1);
    revenue.numbers = {scale, elasticity};
    return elasticity;
  }
  revenue.numbers = {scale, reference};
  if (revenue.family == Family::hill) revenue.numbers.push_back(chance(0.1) ? 1 : random.uniform(0.4, 6));
  return 0;
}

inline void draw_cost(Random& random, GeneralFunction& cost, double outgrown) {
  const auto chance = [&](double p) { return random.uniform(0, 1) < p; };
  const double coefficient = random.log_uniform(3e-3, 3e2);
  // Exponents near 1 yes, money of 1e100 no.
  const double least = std::max(outgrown, 1.0);
  const double exponent =
      least < 1.9 && chance(0.4) ? 2 : least + random.log_uniform(outgrown > 0.6 ? 0.08 : 0.01, 2.5);
  const double linear = chance(0.5) ? 0 : random.log_uniform(1e-2, 10);
  if (cost.expression && cost.expression->numbers().size() == 1)
    cost.numbers = {coefficient};
  else
    cost.numbers = {linear, coefficient, exponent};
}

/// Fixed costs near the break-even, outside options near what a deal gives, costs over several decades.
inline void draw_numbers(Random& random, GeneralGame& game) {
  const auto chance = [&](double p) { return random.uniform(0, 1) < p; };
  const std::size_t n = game.specialists.size();
  double outgrown = 0;
  for (GeneralSpecialist& s : game.specialists) {
    s.fixed = s.outside = 0;
    const double exponent = draw_revenue(random, s.revenue);
    draw_cost(random, s.cost, exponent);
    outgrown = std::max(outgrown, exponent);
    s.bargaining_weight = chance(0.6) ? 1 : chance(0.1) ? 0 : random.log_uniform(0.05, 20);
  }
  // A sum of zeros would leave the specialists no weights at all.
  game.specialists.front().bargaining_weight = std::max(game.specialists.front().bargaining_weight, 0.05);
  draw_cost(random, game.cost, outgrown);
  game.fixed = game.outside = 0;
  game.weight = chance(0.05) ? 0 : chance(0.05) ? 1 : random.uniform(0.05, 0.95);
  game.powerful = GeneralGame::npos;
  game.fixed_shares.clear();
  for (std::size_t i = 0; i < (game.per_domain ? n : 1); ++i)
    game.fixed_shares.push_back(chance(0.05) ? 0 : chance(0.05) ? 1 : random.uniform(0.02, 0.98));

  const double share = random.uniform(0.1, 0.9);
  const auto free =
      oracle::general::Play(game).equilibrium(std::vector<oracle::Split>(n, oracle::split_of_share(share)));
  const auto part_of = [&](double money) {
    return std::isfinite(money) && money > 1e-6 ? random.uniform(0, 1.1) * money : 0.0;
  };
  for (std::size_t i = 0; i < n; ++i) {
    GeneralSpecialist& s = game.specialists[i];
    const double money = free.specialists[i].utility;
    if (chance(0.4)) s.fixed = part_of(money);
    if (chance(0.4)) s.outside = chance(0.2) ? -part_of(money) : part_of(money - s.fixed);
  }
  if (chance(0.2)) game.fixed = part_of(free.generalist_utility);
  if (chance(0.3)) game.outside = part_of(free.generalist_utility - game.fixed);
}

inline GeneralGame nasty_game(Random& random, const GameKind& kind) {
  GeneralGame game = draw_shape(random, kind);
  draw_numbers(random, game);
  return game;
}

/// Easy to bargain over: concave revenues, convex costs, nothing fixed, no outside options.
inline GeneralGame smooth_game(Random& random, std::size_t specialists) {
  GeneralGame game;
  game.cost = {Family::power, {0, random.log_uniform(0.1, 10), random.uniform(1.5, 3)}};
  for (std::size_t i = 0; i < specialists; ++i) {
    GeneralSpecialist s;
    s.revenue = {Family::isoelastic, {random.log_uniform(0.3, 3), random.uniform(0.3, 1)}};
    s.cost = {Family::power, {0, random.log_uniform(0.1, 10), random.uniform(1.5, 3)}};
    game.specialists.push_back(s);
  }
  game.weight = random.uniform(0.1, 0.9);
  game.fixed_shares = {random.uniform(0.05, 0.95)};
  return game;
}

/// A spec's outline with the texts that it refers to.
class OutlineOf {
 public:
  explicit OutlineOf(const GeneralGame& game) {
    Outline generalist{"generalist", "", {function("cost", game.cost, "power")}};
    Outline specialists{"specialists", "", {}, {}};
    for (const GeneralSpecialist& s : game.specialists)
      specialists.items.push_back({"", "", {function("revenue", s.revenue, ""), function("cost", s.cost, "power")}});
    Outline bargaining{"bargaining", "", {{"contract", game.per_domain ? "per_domain" : "uniform"}}};
    if (game.powerful != GeneralGame::npos)
      bargaining.entries.push_back({"specialist", keep("D" + std::to_string(game.powerful + 1))});
    outline_.entries = {generalist, specialists, bargaining};
  }
  OutlineOf(const OutlineOf&) = delete;
  OutlineOf& operator=(const OutlineOf&) = delete;
  Outline& outline() { return outline_; }

 private:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  Outline function(std::string_view key, const GeneralFunction& f, std::string_view cost) {
    constexpr std::array<std::string_view, 4> revenues{"isoelastic", "logarithmic", "exponential_saturation", "hill"};
    Outline map{key, ""};
    if (f.family != Family::expression) {
      map.entries.push_back({"family", cost.empty() ? revenues[static_cast<std::size_t>(f.family)] : cost});
      return map;
    }
    Outline numbers{"numbers", ""};
    for (const std::string& name : f.expression->numbers()) numbers.entries.push_back({keep(name), "1"});
    map.entries = {{"family", "expression"}, {"expression", keep(f.expression->text())}, numbers};
    return map;
  }

  std::deque<std::string> texts_;
  Outline outline_;
};

/// The table of every game of that shape.
inline std::shared_ptr<const fine_tuning::Table> table_of(const GeneralGame& shape) {
  OutlineOf outline(shape);
  return std::static_pointer_cast<const fine_tuning::Table>(fine_tuning::make_table(outline.outline()));
}

/// The game as a row of parameters of its shape's table.
inline std::vector<double> row_of(const fine_tuning::Table& table, const GeneralGame& game) {
  std::vector<double> row(table.parameters.size(), std::nan(""));
  const auto set = [&](std::size_t column, double number) {
    if (column != fine_tuning::unset) row[column] = number;
  };
  const auto set_function = [&](const FunctionForm& form, const GeneralFunction& f) {
    for (std::size_t k = 0; k < form.count; ++k) {
      // Of an expression the numbers stand in the order in which its text names them.
      std::size_t at = k;
      if (f.expression) {
        const auto& names = f.expression->numbers();
        const std::string_view path = table.parameters[form.first + k].path;
        const auto name = path.substr(path.rfind('.') + 1);
        at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
      }
      row[form.first + k] = f.numbers[at];
    }
  };
  const fine_tuning::Form& form = table.form;
  set_function(form.cost, game.cost);
  set(form.fixed, game.fixed);
  set(form.outside, game.outside);
  for (std::size_t i = 0; i < game.specialists.size(); ++i) {
    const auto& [name, revenue, cost, fixed, outside, weight, share] = form.specialists[i];
    set_function(revenue, game.specialists[i].revenue);
    set_function(cost, game.specialists[i].cost);
    set(fixed, game.specialists[i].fixed);
    set(outside, game.specialists[i].outside);
    set(weight, game.specialists[i].bargaining_weight);
    if (game.per_domain) set(share, game.fixed_shares[i]);
  }
  set(form.solution, static_cast<double>(game.solution));
  set(form.weight, game.weight);
  if (!game.per_domain) set(form.share, game.fixed_shares.front());
  return row;
}

/// parameters[column][game] of games that share a table.
inline Columns parameters_of(const fine_tuning::Table& table, const std::vector<GeneralGame>& games) {
  Columns parameters(table.parameters.size());
  for (const GeneralGame& game : games) {
    const std::vector<double> row = row_of(table, game);
    for (std::size_t p = 0; p < row.size(); ++p) parameters[p].push_back(row[p]);
  }
  return parameters;
}

/// outputs[column][game] of games that share a table, as the engine solves them; outputs on request keep the fast path
/// away. Whether deals are Pareto efficient, which costs more than all else, is not asked.
inline Columns solve_columns(const fine_tuning::Table& table, const std::vector<GeneralGame>& games,
                             InstructionSet isa = best_instruction_set(), bool on_request = true) {
  const Columns parameters = parameters_of(table, games);
  Columns outputs(table.columns(), std::vector<double>(games.size(), -12345.0));
  std::vector<const double*> in;
  std::vector<double*> out;
  for (const auto& column : parameters) in.push_back(column.data());
  for (auto& column : outputs) out.push_back(column.data());
  out[table.form.outputs.pareto_efficient] = nullptr;
  for (std::size_t o = 0; o < table.outputs.size() && !on_request; ++o)
    if (table.outputs[o].on_request)
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(table.first_column(o)), table.width(o), nullptr);
  block_solver(table, isa)(in.data(), out.data(), games.size());
  return outputs;
}

/// For a failure's message: everything needed to play it again.
inline std::string text(const GeneralGame& game) {
  std::ostringstream out;
  out.precision(17);
  const auto put = [&](const char* name, const GeneralFunction& f) {
    constexpr std::array names{"isoelastic", "logarithmic", "exponential_saturation", "hill", "power"};
    out << ' ' << name << '=' << (f.expression ? f.expression->text() : names[static_cast<std::size_t>(f.family)])
        << '(';
    for (std::size_t k = 0; k < f.numbers.size(); ++k) out << (k ? ", " : "") << f.numbers[k];
    out << ')';
  };
  out << power_law::solution_names[static_cast<std::size_t>(game.solution)]
      << (game.per_domain ? " per_domain" : " uniform") << " w=" << game.weight << " fixed=" << game.fixed
      << " d_G=" << game.outside;
  put("cost", game.cost);
  for (const GeneralSpecialist& s : game.specialists) {
    out << " |";
    put("r", s.revenue);
    put("cost", s.cost);
    out << " fixed=" << s.fixed << " d=" << s.outside << " v=" << s.bargaining_weight;
  }
  if (game.powerful != GeneralGame::npos) out << " powerful=" << game.powerful;
  out << " shares:";
  for (const double share : game.fixed_shares) out << ' ' << share;
  return out.str();
}

}  // namespace haggle::test
