// SPDX-License-Identifier: MIT
// Of a game with one specialist whose revenue is S-shaped: the best share, among a few, of those at which the
// generalist invests until its specialist would as soon work as not, and has no reason to invest more or less.
#pragma once
#include "haggle/solver/share_cells.hpp"
#include "haggle/solver/share_view.hpp"

namespace haggle::fine_tuning {

template <class Real, std::size_t Points>
class TieScan {
 public:
  using Mask = mask_t<Real>;
  using Table = PerformanceTable<Real, Points>;

  TieScan(const Table& table, const Looks& looks, Mask wanted) : table_(table) {
    const auto& shares = looks.shares;
    RealTraits<Real>::store(select(wanted & table.fits, Real(1.0), Real(0.0)), wanted_);
    for (std::size_t j = 0; j < shares.size(); ++j) {
      view_.look(table, Real(shares[j]));
      view_.compare_answers(table, wanted & table.fits);
      const auto far = [&](std::size_t k) { return k < shares.size() ? shares[k] : shares[j]; };
      for (std::size_t lane = 0; lane < lanes; ++lane)
        if (wanted_[lane] != 0) see(lane, shares[j], far(j - 1), far(j + 1));
    }
    const auto numbers = [&](auto of) {
      double each[lanes];
      for (std::size_t lane = 0; lane < lanes; ++lane) each[lane] = of(best_[lane]);
      return RealTraits<Real>::load(each);
    };
    found = numbers([](const Tie& t) { return t.value > -infinity<double>() ? 1.0 : 0.0; }) > Real(0.5);
    v = numbers([](const Tie& t) { return t.v; });
    low = numbers([](const Tie& t) { return t.low; }), high = numbers([](const Tie& t) { return t.high; });
    b = log(numbers([](const Tie& t) { return t.base; })), z = log(numbers([](const Tie& t) { return t.added; }));
  }

  Mask found;
  Real v, low, high;  ///< its logit, and between which others it may be
  Real b, z;          ///< there, logarithms of α₀ and of what the specialist adds

 private:
  static constexpr std::size_t lanes = lanes_v<Real>;
  struct Tie {
    double value = -infinity<double>(), v = 0, low = 0, high = 0, base = 1, added = 1;
  };

  void see(std::size_t lane, double logit, double before, double after) {
    const double place = lane_of(view_.tie, lane);
    if (!(place > 0 && place < static_cast<double>(Points - 1))) return;
    const auto g = static_cast<std::size_t>(std::ceil(place));
    const double t = place - static_cast<double>(g - 1), step = lane_of(table_.step, lane);
    const auto at = [lane](const auto& numbers, std::size_t k) { return lane_of(numbers[k], lane); };
    const auto there = [&](const auto& of, const auto& on) {
      return cubic(t, at(of, g - 1), at(of, g), at(on, g - 1), at(on, g));
    };
    const double alpha = std::exp(at(table_.ln_alpha, 0) + place * step), base = there(view_.base, view_.base_on),
                 own = there(view_.own, view_.own_on);
    const double gains = own - lane_of(table_.due, lane),
                 its_gains = lane_of(view_.tie_gives, lane) - lane_of(table_.its_due, lane);
    if (!(gains > 0 && its_gains > 0 && base > 0 && alpha > base)) return;
    const double value =
        lane_of(table_.weight, lane) * std::log(gains) + lane_of(table_.its_weight, lane) * std::log(its_gains);
    Tie& best = best_[lane];
    if (!(value > best.value)) return;
    // It would not rather have another answer.
    const double top = lane_of(view_.top, lane);
    for (std::size_t k = 0; k < Points; ++k) {
      const bool answers = static_cast<double>(k) <= top || k >= g;
      if (answers && at(view_.base, k) > 0 && at(view_.base_on, k) > 0 && at(view_.own, k) > own) return;
    }
    best = {value, logit, before, after, base, alpha - base};
  }

  const Table& table_;
  ShareView<Real, Points> view_;
  double wanted_[lanes];
  std::array<Tie, lanes> best_;
};

}  // namespace haggle::fine_tuning
