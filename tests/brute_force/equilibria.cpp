// SPDX-License-Identifier: MIT
#include "equilibria.hpp"

namespace haggle::test {

Equilibria::Equilibria(const GeneralGame& game) : table_(table_of(game)), play_(table_->form) {
  const std::vector<double> row = row_of(*table_, game);
  play_.read(table_->form, [&](std::size_t column) { return row[column]; });
  status_ = solver_.start(play_);
}

Look Equilibria::at(double logit) {
  ++count_;
  if (solver_.is_exhausted()) status_ = solver_.start(play_);  // brute force takes more than one game may
  const fine_tuning::Share share = fine_tuning::share_at_logit(logit);
  const fine_tuning::Equilibrium& equilibrium = solver_(share);
  Look look{logit, {}, equilibrium.base, equilibrium.holder};
  oracle::general::Outcome& outcome = look.outcome;
  outcome.splits.assign(equilibrium.specialists.size(), {share.generalist, share.specialist});
  outcome.deal = equilibrium.deal;
  outcome.base_performance = equilibrium.base_performance;
  outcome.generalist_utility = equilibrium.generalist_utility;
  outcome.generalist_gain = equilibrium.clearance;
  for (const fine_tuning::SpecialistMove& move : equilibrium.specialists) {
    oracle::general::SpecialistOutcome specialist;
    specialist.in = move.takes_part;
    specialist.contribution = move.takes_part ? move.investment : 0;
    specialist.performance = move.takes_part ? move.performance : 0;
    specialist.revenue = move.revenue;
    specialist.utility = move.utility;
    outcome.specialists.push_back(specialist);
  }
  return look;
}

}  // namespace haggle::test
