// SPDX-License-Identifier: MIT
// The best step as far as a deal's model goes.
#include <algorithm>
#include <utility>

#include "step_problem.hpp"

namespace haggle::fine_tuning {

DomainStep next_step(const BargainAim& aim, const DomainDeal& from, const DomainModel& model,
                     const std::vector<DomainJump>& jumps, Row reach, bool heed_kinks, double back_off,
                     const DomainDeal* tried) {
  const std::size_t n = from.shares.size();
  Row off(n + 1, 0.0), by(n, 0.0);
  for (std::size_t i = 0; tried != nullptr && i < n; ++i) by[i] = tried->shares[i] - from.shares[i];
  for (std::size_t k = 0; tried != nullptr && k <= n; ++k)
    off[k] =
        tried->at.utility[k] - from.at.utility[k] - dot(model.slope[k], by) - dot(bent(model.curvature[k], by), by) / 2;
  StepProblem problem(aim, from, model, std::move(reach), off);
  for (std::size_t k = 0; k <= n; ++k) {
    const bool in = k == 0 || (from.at.takes_part >> (k - 1) & 1) != 0;
    const double gain = std::max(0.0, from.at.utility[k] - aim.outside[k]);
    const bool held = k > 0 && from.at.holder == static_cast<int>(k) - 1 && gain <= 1e-12 * from.at.money[k];
    if (in && !held) problem.add({model.slope[k], model.curvature[k], gain + off[k]});
  }
  for (const DomainJump& jump : jumps) {
    Row away(n);
    for (std::size_t i = 0; i < n; ++i) away[i] = from.shares[i] - jump.at[i];
    const Row bend = bent(jump.curvature, away);
    Row slope = jump.slope;
    for (std::size_t i = 0; i < n; ++i) slope[i] += bend[i];
    problem.add(
        {std::move(slope), jump.curvature, std::max(0.0, jump.value + dot(jump.slope, away) + dot(bend, away) / 2)});
  }
  const std::size_t first_kink = problem.bounds();
  if (heed_kinks)
    for (std::size_t i = 0; i < n; ++i)
      if ((from.at.contributes >> i & 1) != 0)
        problem.add({model.investment_slope[i], Row(n * n, 0.0), from.at.investment[i]});
  DomainStep step = problem.solve(back_off);
  for (std::size_t b = first_kink; b < problem.bounds(); ++b) step.kinks = step.kinks || problem.multiplier(b) > 0;
  return step;
}

}  // namespace haggle::fine_tuning
