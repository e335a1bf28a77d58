// SPDX-License-Identifier: MIT
#include "haggle/solver/spe.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "haggle/core/logistic.hpp"
#include "solver/stage_one.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Share share_of(double generalist) { return {generalist, 1 - generalist}; }

Share share_at_logit(double y) {
  const Logistic<double> at(y);
  return {at.s, at.t};
}

double Equilibrium::surplus() const {
  double sum = generalist_utility;
  for (const SpecialistMove& s : specialists) sum += s.utility;
  return sum;
}

double Equilibrium::generalist_slope(std::size_t j) const {
  const double moved = generalist_utility_by_base == 0 ? 0 : generalist_utility_by_base * specialists[j].base_by_share;
  return specialists[j].generalist_utility_by_share + moved;
}

double Equilibrium::specialist_slope(std::size_t i, std::size_t j) const {
  const SpecialistMove& s = specialists[i];
  if (!s.takes_part || (base == Base::threshold && i == holder)) return 0;
  return (i == j ? -s.revenue : 0) + s.utility_by_base * specialists[j].base_by_share;
}

SpeSolver::SpeSolver() : stage_one_(std::make_unique<StageOne>()) {}
SpeSolver::~SpeSolver() = default;

Status SpeSolver::start(const Play<double>& game, std::span<const Share> fixed) {
  game_ = &game;
  // Who is to invest must not gain without bound; who gets nothing invests nothing.
  if (!game.cost.is_expression()) {
    const double cost = game.cost.growth();
    for (std::size_t i = 0; i < game.specialists.size(); ++i) {
      const Specialist<double>& s = game.specialists[i];
      const bool generalist_gains = fixed.empty() || fixed[i].generalist > 0;
      if (generalist_gains && !s.revenue.is_expression() && s.revenue.growth() >= cost) return Status::unbounded;
    }
  }
  for (std::size_t i = 0; i < game.specialists.size(); ++i) {
    const Specialist<double>& s = game.specialists[i];
    const bool gains = fixed.empty() || fixed[i].specialist > 0;
    if (gains && !s.revenue.is_expression() && !s.cost.is_expression() && s.revenue.growth() >= s.cost.growth())
      return Status::unbounded;
  }
  stage_one_->start(game, has_first_best() ? std::span<const Share>() : fixed);
  // Where an expression has no value nothing is best.
  if (fixed.empty() && is_undefined()) return Status::out_of_domain;
  // How an expression grows shows only from afar.
  bool expressions = game.cost.is_expression();
  for (const Specialist<double>& s : game.specialists) expressions = expressions || s.revenue.is_expression();
  return expressions && fixed.empty() && !stage_one_->is_bounded() ? Status::unbounded : Status::pending;
}

bool SpeSolver::has_first_best() const {
  return std::ranges::none_of(game_->specialists, [&](const Specialist<double>& s) {
    const auto outgrown = [&](const Function<double>& cost) {
      return !s.revenue.is_expression() && !cost.is_expression() && s.revenue.growth() >= cost.growth();
    };
    return outgrown(s.cost) || outgrown(game_->cost);
  });
}

double SpeSolver::first_best_surplus() {
  if (!has_first_best()) return not_a_number;
  double apart = 0;
  for (const Specialist<double>& s : game_->specialists) apart += s.outside;
  return apart + std::max(game_->outside, stage_one_->best_as_owner() - game_->fixed);
}

bool SpeSolver::is_undefined() const {
  const double top = std::min(18.5, std::log(2 * stage_one_->reach()));
  const auto undefined = [top](const Function<double>& f) {
    bool lacks = false;
    for (double u = -18.5; f.is_expression() && u <= top; u += 0.125) lacks = lacks || std::isnan(f(std::exp(u)).value);
    return lacks;
  };
  bool lacks = undefined(game_->cost);
  for (const Specialist<double>& s : game_->specialists) lacks = lacks || undefined(s.revenue) || undefined(s.cost);
  return lacks;
}

bool SpeSolver::is_exhausted() const { return stage_one_->is_exhausted(); }
void SpeSolver::allow(std::size_t times) { stage_one_->allow(times); }

void SpeSolver::forget() { stage_one_->forget(); }

void SpeSolver::want_gaps(bool wanted, std::size_t moving) { stage_one_->want_gaps(wanted, moving); }

const Equilibrium& SpeSolver::operator()(std::span<const Share> shares) {
  stage_one_->solve(shares, result_);
  return result_;
}

const Equilibrium& SpeSolver::operator()(Share uniform) {
  uniform_.assign(game_->specialists.size(), uniform);
  return (*this)(uniform_);
}

}  // namespace haggle::fine_tuning
