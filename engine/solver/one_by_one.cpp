// SPDX-License-Identifier: MIT
#include "haggle/solver/one_by_one.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "solver/uniform_bargain.hpp"

namespace haggle::fine_tuning {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

/// One game after the other, in a block's columns.
class OneByOne {
 public:
  OneByOne(const Form& form, const double* const* parameters, double* const* outputs)
      : form_(form), in_(parameters), out_(outputs), play_(form), bargain_(solver_) {}

  void operator()(std::size_t game) {
    play_.read(form_, [&](std::size_t column) { return in_[column][game]; });
    const auto solution = static_cast<Solution>(static_cast<int>(in_[form_.solution][game]));
    Share share = share_of(play_.share);
    Status status = Status::pending;
    if (solution == Solution::fixed) {
      status = solver_.start(play_, std::vector<Share>(play_.specialists.size(), share));
      if (status == Status::pending) status = Status::solved;
    } else {
      status = solver_.start(play_);
      if (status == Status::pending) {
        const Agreement agreed = bargain_(solution, form_.powerful);
        status = agreed.status;
        share = agreed.share;
      }
    }
    if (status != Status::solved) return write_none(game, status);
    const Equilibrium& e = solver_(share);
    if (!e.in_domain) return write_none(game, Status::out_of_domain);
    if (e.overflow) return write_none(game, Status::overflow);
    if (!e.settled) return write_none(game, Status::not_converged);
    if (!e.deal) return write_none(game, Status::no_deal);
    write(game, share, e);
  }

 private:
  void put(std::size_t column, std::size_t game, double value) const {
    if (column != none && out_[column] != nullptr) out_[column][game] = value;
  }
  static std::size_t each(std::size_t first, std::size_t i) { return first == none ? none : first + i; }

  void write(std::size_t game, const Share& share, const Equilibrium& e) const {
    const OutputColumns& o = form_.outputs;
    const bool invests = e.base_performance > 0;
    bool shared = false;
    for (std::size_t i = 0; i < e.specialists.size(); ++i) {
      const SpecialistMove& s = e.specialists[i];
      put(each(o.performance, i), game, s.performance);
      put(each(o.specialist_utility, i), game, s.utility);
      put(each(o.revenue, i), game, s.revenue);
      put(each(o.specialist_regime, i), game,
          static_cast<double>(!s.takes_part        ? SpecialistRegime::abstainer
                              : s.investment > 0.0 ? SpecialistRegime::contributor
                                                   : SpecialistRegime::free_rider));
      shared = shared || (s.takes_part && s.investment > 0 && share.generalist > 0 && share.specialist > 0);
    }
    put(o.status, game, static_cast<double>(Status::solved));
    put(o.share, game, share.generalist);
    put(o.base_performance, game, e.base_performance);
    put(o.generalist_utility, game, e.generalist_utility);
    put(o.surplus, game, e.surplus());
    put(o.generalist_regime, game, static_cast<double>(invests ? GeneralistRegime::invests : GeneralistRegime::idle));
    put(o.residual, game, e.residual);
    put(o.profit_sharing, game, static_cast<double>(shared && invests ? ProfitSharing::yes : ProfitSharing::no));
  }

  /// No deal: everyone takes its outside option. A failure: no numbers.
  void write_none(std::size_t game, Status status) const {
    const OutputColumns& o = form_.outputs;
    const bool apart = status == Status::no_deal;
    double surplus = play_.outside;
    for (std::size_t i = 0; i < play_.specialists.size(); ++i) {
      const double outside = play_.specialists[i].outside;
      surplus += outside;
      put(each(o.performance, i), game, no_number);
      put(each(o.specialist_utility, i), game, apart ? outside : no_number);
      put(each(o.revenue, i), game, apart ? 0 : no_number);
      put(each(o.specialist_regime, i), game,
          static_cast<double>(apart ? SpecialistRegime::abstainer : SpecialistRegime::unsolved));
    }
    put(o.status, game, static_cast<double>(status));
    put(o.share, game, no_number);
    put(o.base_performance, game, no_number);
    put(o.generalist_utility, game, apart ? play_.outside : no_number);
    put(o.surplus, game, apart ? surplus : no_number);
    put(o.generalist_regime, game,
        static_cast<double>(apart ? GeneralistRegime::abstains : GeneralistRegime::unsolved));
    put(o.residual, game, apart ? 0 : no_number);
    put(o.profit_sharing, game, static_cast<double>(apart ? ProfitSharing::no : ProfitSharing::unsolved));
  }

  const Form& form_;
  const double* const* in_;
  double* const* out_;
  Play<double> play_;
  SpeSolver solver_;
  UniformBargain bargain_;
};

}  // namespace

void solve_one_by_one(const Form& form, const double* const* parameters, double* const* outputs,
                      const std::size_t* where, std::size_t count) noexcept {
  if (count == 0) return;
  OneByOne solve(form, parameters, outputs);
  for (std::size_t i = 0; i < count; ++i) solve(where[i]);
}

}  // namespace haggle::fine_tuning
