// SPDX-License-Identifier: MIT
// General games as a file keeps them, and what verify makes of such a file.
#pragma once
#include <doctest/doctest.h>

#include "fine_tuning_games.hpp"
#include "haggle/verify/certificate.hpp"
#include "haggle/verify/general_regret.hpp"

namespace haggle::test {

using fine_tuning::OutputColumns, fine_tuning::ParetoEfficient, fine_tuning::ProfitSharing;
using oracle::general::Outcome, oracle::general::Play;
using Verdict = Certificate::Verdict;

inline constexpr std::size_t plenty = 100000;  ///< equilibria that brute force may look at

/// One game as a file might keep it, written from an outcome by the definition.
struct Stored {
  std::shared_ptr<const fine_tuning::Table> table;
  std::vector<double> parameters, outputs, rounding;

  Stored(const GeneralGame& game, const Outcome& o)
      : table(table_of(game)),
        parameters(row_of(*table, game)),
        outputs(table->columns(), 0.0),
        rounding(table->columns(), 0x1p-52) {
    for (std::size_t row = 0; row < table->outputs.size(); ++row)
      if (!table->outputs[row].codes.empty())
        std::fill_n(rounding.begin() + static_cast<std::ptrdiff_t>(table->first_column(row)), table->width(row), 0.0);
    const double nan = std::nan("");
    const OutputColumns& c = columns();
    outputs[c.status] = static_cast<double>(o.deal ? Status::solved : Status::no_deal);
    for (std::size_t i = 0; i < (game.per_domain ? o.splits.size() : 1); ++i)
      outputs[c.share + i] = o.splits[i].generalist;
    outputs[c.base_performance] = o.deal ? o.base_performance : 0;
    outputs[c.generalist_utility] = o.generalist_utility;
    outputs[c.surplus] = o.surplus();
    using G = fine_tuning::GeneralistRegime;
    using S = fine_tuning::SpecialistRegime;
    const bool invests = o.base_performance > 0;
    outputs[c.generalist_regime] = static_cast<double>(!o.deal ? G::abstains : invests ? G::invests : G::idle);
    bool sharing = false;
    for (std::size_t i = 0; i < o.specialists.size(); ++i) {
      const auto& s = o.specialists[i];
      outputs[c.performance + i] = !o.deal ? 0 : s.in ? s.performance : nan;
      outputs[c.specialist_utility + i] = s.utility;
      outputs[c.revenue + i] = s.in ? s.revenue : 0;
      outputs[c.specialist_regime + i] = static_cast<double>(!s.in                ? S::abstainer
                                                             : s.contribution > 0 ? S::contributor
                                                                                  : S::free_rider);
      sharing = sharing || (o.deal && invests && s.in && s.contribution > 0 && o.splits[i].generalist > 0 &&
                            o.splits[i].specialist > 0);
    }
    outputs[c.profit_sharing] = static_cast<double>(sharing ? ProfitSharing::yes : ProfitSharing::no);
    const double first_best = Play(game).first_best_surplus();
    outputs[c.first_best_surplus] = first_best;
    outputs[c.efficiency] = first_best > 0 ? o.surplus() / first_best : nan;
    drop(c.pareto_efficient);
    if (!o.deal) says(ParetoEfficient::no);
  }

  const OutputColumns& columns() const { return table->form.outputs; }
  void says(ParetoEfficient efficient) {
    outputs[columns().pareto_efficient] = static_cast<double>(efficient);
    rounding[columns().pareto_efficient] = 0;
  }
  void round_to_float() {
    for (std::size_t c = 0; c < outputs.size(); ++c)
      if (rounding[c] > 0 && std::isfinite(rounding[c]))
        outputs[c] = static_cast<float>(outputs[c]), rounding[c] = 0x1p-23;
  }
  void drop(std::size_t column, std::size_t width = 1) {
    for (std::size_t i = column; i < column + width; ++i) outputs[i] = std::nan(""), rounding[i] = not_kept;
  }
  Certificate certify(std::size_t effort = plenty) const {
    return find_verifier(*table)({parameters, outputs, rounding, table.get()}, effort);
  }
};

inline void check_sound(const GeneralGame& game, const Stored& stored) {
  const Certificate certificate = stored.certify();
  CAPTURE(text(game));
  CAPTURE(certificate.reason);
  std::ostringstream regrets;
  for (const double regret : certificate.regrets) regrets << regret << ' ';
  CAPTURE(regrets.str());
  CHECK(certificate.verdict == Verdict::sound);
}

inline void check_wrong(const GeneralGame& game, const Stored& stored) {
  CAPTURE(text(game));
  CHECK(stored.certify().verdict == Verdict::wrong);
}

inline GeneralGame drawn_game(Random& random, std::size_t k) {
  GeneralGame game = k % 2 == 0 ? nasty_game(random, {1 + k % 3, k % 8 == 6}) : smooth_game(random, 1 + k % 3);
  game.solution = all_solutions[k % all_solutions.size()];
  return game;
}

}  // namespace haggle::test
