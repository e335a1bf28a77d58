// SPDX-License-Identifier: MIT
// Games with one share for each domain, as the engine's search over shares asks them.
#pragma once
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "fine_tuning_games.hpp"
#include "haggle/solver/per_domain_bargain.hpp"
#include "solver/domain_decomposition.hpp"
#include "solver/domain_line.hpp"
#include "solver/spe_payoffs.hpp"

namespace haggle::test {

/// Solutions that are one aim, without ideals to be found first.
inline constexpr std::array aims{fine_tuning::Solution::nash,
                                 fine_tuning::Solution::egalitarian,
                                 fine_tuning::Solution::utilitarian,
                                 fine_tuning::Solution::powerful_generalist,
                                 fine_tuning::Solution::powerful_specialist,
                                 fine_tuning::Solution::max_performance};

/// A game with one share for each domain, taken up: its payoffs, its lines, its domains.
struct Asked {
  static constexpr double nothing_gained = 1e-11;  ///< of all money: gains so small are not compared

  explicit Asked(const GeneralGame& game)
      : table(table_of(game)), play(table->form), payoffs(solver), line(solver), decomposition(play) {
    const std::vector<double> row = row_of(*table, game);
    play.read(table->form, [&](std::size_t column) { return row[column]; });
    bounded = solver.start(play) == Status::pending;
  }
  fine_tuning::BargainTerms terms(fine_tuning::Solution solution) const {
    fine_tuning::BargainTerms terms{solution, {play.weight}, {play.outside}, fine_tuning::unset};
    for (const fine_tuning::Specialist<double>& s : play.specialists)
      terms.weight.push_back(s.weight), terms.outside.push_back(s.outside);
    return terms;
  }
  /// As a run bargains, but for the uniform bargain to start from.
  fine_tuning::DomainBargain bargain(const fine_tuning::BargainTerms& terms) {
    solver.allow(2 + searches(terms));
    return solve_per_domain(payoffs, play.specialists.size(), terms, {}, std::ref(line), std::ref(decomposition));
  }
  /// Money, or a ratio, that grows with what is aimed at; -∞ without a deal, or where somebody hardly gains.
  double worth(const fine_tuning::BargainAim& aim, std::span<const double> shares) {
    payoffs(shares, at);
    if (!at.deal) return -std::numeric_limits<double>::infinity();
    double money = 0;
    for (const double m : at.money) money += m;
    for (std::size_t j = 0; aim.kind != fine_tuning::BargainAim::Kind::sum && j < at.utility.size(); ++j)
      if (aim.factor[j] > 0 && at.utility[j] - aim.outside[j] < nothing_gained * money)
        return -std::numeric_limits<double>::infinity();
    return aim.kind == fine_tuning::BargainAim::Kind::product ? std::exp(aim(at)) : aim(at);
  }

  std::shared_ptr<const fine_tuning::Table> table;
  fine_tuning::Play<double> play;
  fine_tuning::SpeSolver solver;
  fine_tuning::SpePayoffs payoffs;
  fine_tuning::DomainLine line;
  fine_tuning::DomainDecomposition decomposition;
  fine_tuning::Payoffs at;
  bool bounded = false;
};

}  // namespace haggle::test
