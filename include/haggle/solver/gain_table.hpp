// SPDX-License-Identifier: MIT
// What a walk along all shares saw: each player's gain at each of them, and the equilibrium there.
#pragma once
#include <cmath>
#include <vector>

#include "haggle/solver/share_walk.hpp"

namespace haggle::fine_tuning {

/// The generalist's is the first.
template <class Real>
using ByPlayer = std::array<Real, most_specialists + 1>;

/// The best of neighbouring places so far. A bracket's slopes are those of whatever a search shall find the root of.
template <class Real>
struct BestCell {
  Bracket<Real> bracket{Real(0.0), Real(0.0), Real(0.0), Real(0.0), Real(0.0), -infinity<Real>(), -infinity<Real>()};
  Real high_look = Real(0.0);                ///< which look its high end is
  Real rival = -infinity<Real>();            ///< no other share is worth more
  Real left = Real(0.0), right = Real(0.0);  ///< the players whose gains bind at its ends

  mask_t<Real> found() const { return bracket.most > -infinity<Real>(); }

  /// A cell that ends at look j; where it is the best so far.
  mask_t<Real> offer(const CellBound<Real>& cell, std::span<const double> shares, std::size_t j, Real low_slope,
                     Real high_slope) {
    const mask_t<Real> replaces = cell.peak & (cell.better > bracket.value);
    rival = max(rival, select(replaces, bracket.most, select(cell.matters, cell.most, -infinity<Real>())));
    const auto take = [&](Real& held, Real offered) { held = select(replaces, offered, held); };
    take(bracket.low, Real(shares[j - 1])), take(bracket.high, Real(shares[j]));
    take(bracket.low_slope, low_slope), take(bracket.high_slope, high_slope);
    take(bracket.mean_slope, Real(0.5) * (low_slope + high_slope));
    take(bracket.value, cell.better), take(bracket.most, cell.most);
    take(high_look, Real(static_cast<double>(j)));
    return replaces;
  }
};

template <class Real>
class GainTable {
 public:
  /// Goes along them all; at_each(j) at each.
  template <class AtEach>
  void fill(ShareWalk<Real>& walk, const Looks& looks, mask_t<Real> wanted, AtEach at_each) {
    shares = looks.shares;
    players = walk.trace.size + 1;
    rows_.resize(shares.size() * players);
    bends_.resize(shares.size());
    begins_.resize(shares.size());
    units_.resize(2 * shares.size());
    for (std::size_t j = 0; j < shares.size(); ++j) {
      units_[2 * j] = Real(1 + std::exp(shares[j]));
      units_[2 * j + 1] = Real(1 + std::exp(-shares[j]));
    }
    walk.along(looks, wanted, [&](std::size_t j) {
      const double h = j > 0 ? shares[j] - shares[j - 1] : 1;
      record(walk.trace, j, Real(1.0 / h));
      bends_[j] = walk.bends(Real(h));
      begins_[j] = select(walk.begins(), Real(1.0), Real(0.0));
      at_each(j);
    });
  }

  const Gain<Real>& gain(std::size_t j, std::size_t player) const { return rows_[j * players + player].gain; }
  /// ln of a player's investment.
  Real at(std::size_t j, std::size_t player) const { return rows_[j * players + player].place.at; }
  /// Nothing turns much between look j and the one before.
  mask_t<Real> resolved(std::size_t j) const { return bends_[j] < Real(most_bend); }

  /// There the generalist begins to invest.
  mask_t<Real> begins(std::size_t j) const { return begins_[j] > Real(0.0); }

  /// Where everything was at a look that each lane chooses.
  void read(Real look, Places<Real>& places) const {
    places.base = place(look, 0);
    for (std::size_t i = 0; i + 1 < players; ++i) places.contributions[i] = place(look, i + 1);
  }

  /// ln of one player's gain. Where hardly any share is left for it to come from, it is flat, and all that its slope is
  /// made of are powers of that share: peaks show in the slope's sign, whatever the values' last digits are.
  BestCell<Real> best_for(std::size_t player) const {
    BestCell<Real> best;
    TracedAim<Real> last{};
    for (std::size_t j = 0; j < shares.size(); ++j) {
      TracedAim<Real> now = no_aim<Real>();
      add_gain(now, Real(1.0), gain(j, player).value, gain(j, player).slope);
      if (j > 0) {
        const Real h(shares[j] - shares[j - 1]);
        CellBound<Real> cell(last, now, h, resolved(j), h > Real(0.0), begins(j));
        if (player == 0 ? shares[j - 1] >= tail : shares[j] <= -tail)
          cell.matters = cell.matters & !(resolved(j) & !begins(j) & (last.slope * now.slope > Real(0.0)));
        best.offer(cell, shares, j, last.slope * unit(j - 1, player), now.slope * unit(j, player));
      }
      last = now;
    }
    return best;
  }

  std::span<const double> shares;
  std::size_t players = 0;  ///< the generalist is the first

 private:
  static constexpr double tail = 5;

  struct Row {
    Place<Real> place;
    Gain<Real> gain;
  };

  void record(const EquilibriumTrace<Real>& t, std::size_t j, Real over) {
    Row* const row = rows_.data() + j * players;
    row[0] = {{t.b + t.b_fix, t.b_tangent, over * (t.b_tangent - t.b_last_tangent)}, gain_of(t, 0)};
    for (std::size_t i = 0; i < t.size; ++i) {
      const Contribution<Real>& c = t.at[i];
      row[i + 1] = {{c.z + c.fix, c.tangent, over * (c.tangent - c.last_tangent)}, gain_of(t, i + 1)};
    }
  }

  Place<Real> place(Real look, std::size_t player) const {
    Place<Real> found = rows_[player].place;
    for (std::size_t j = 1; j < shares.size(); ++j) {
      const mask_t<Real> here = look == Real(static_cast<double>(j));
      const Place<Real>& p = rows_[j * players + player].place;
      found = {select(here, p.at, found.at), select(here, p.tangent, found.tangent), select(here, p.bend, found.bend)};
    }
    return found;
  }

  /// See GainAim.
  Real unit(std::size_t j, std::size_t player) const { return units_[2 * j + (player == 0 ? 0 : 1)]; }

  std::vector<Row> rows_;  ///< by look, then by player
  std::vector<Real> bends_, begins_, units_;
};

}  // namespace haggle::fine_tuning
