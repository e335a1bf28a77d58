// SPDX-License-Identifier: MIT
// A global search for the best deal over one share for each domain: one sample of the game's outcomes, and from it any
// number of aims.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "domain_climb.hpp"
#include "haggle/solver/per_domain_bargain.hpp"

namespace haggle::fine_tuning {

class DomainSearch {
 public:
  /// `effort` 1 is the usual one; less is faster and may miss more.
  DomainSearch(PayoffsAt at, std::size_t domains, std::span<const std::vector<double>> known, double effort = 1);

  /// Single shares are searched that way, where it can, and not by rows of values.
  void look_along(const BestAlong& along) { along_ = along; }

  /// Shares are climbed from as well that look promising in that way.
  void look_where(const Promising& promising) { promising_ = promising; }

  /// A deal of the sample, if it has one.
  const DomainDeal& any() const { return sample_[deal_]; }
  /// The best deal for an aim; not a deal when there is none.
  DomainDeal best(const BargainAim& aim) { return best_for_each({&aim, 1}).front(); }
  /// The same for each of several aims, for less: lines are searched once for all.
  std::vector<DomainDeal> best_for_each(std::span<const BargainAim> aims);
  /// A good deal for an aim at a fraction of the cost, from the best few of the sample and of `others`.
  DomainDeal good(const BargainAim& aim, std::span<const DomainDeal> others) const;
  /// Adds a deal to the sample in which everybody who counts gains, if some single shares lead to one: to the few in
  /// which most of them do already one gainer is added after the other.
  bool look_for_gains(const BargainAim& aim);
  std::span<const DomainDeal> sample() const { return sample_; }
  /// Whether all deals of the sample are equally good.
  bool is_level(const BargainAim& aim) const;

 private:
  std::vector<DomainDeal> starts(const BargainAim& aim) const;
  std::vector<DomainDeal> promising(const BargainAim& aim, DomainDeal& best, double least, double most,
                                    std::size_t of_less) const;
  std::vector<DomainDeal> promising(const BargainAim& aim, DomainDeal best) const;
  DomainDeal scanned(DomainDeal deal, const BargainAim& aim, int steps, int sweeps, bool windows) const;
  std::vector<std::vector<DomainDeal>> scouted(std::span<const BargainAim> aims) const;
  DomainDeal best(const BargainAim& aim, std::vector<DomainDeal> scouted) const;
  DomainDeal polished(DomainDeal best, const BargainAim& aim) const;
  DomainDeal with_larger_shares_first(DomainDeal deal, const BargainAim& aim) const;
  void spread_out(std::size_t points);
  void look_for_a_deal();
  bool add_gainer(DomainDeal& deal, const BargainAim& aim) const;
  void add(std::vector<double> shares);

  PayoffsAt at_;
  BestAlong along_;
  Promising promising_;
  std::size_t n_;
  double effort_;
  std::vector<DomainDeal> sample_;
  std::size_t deal_ = 0, spread_ = 0;
};

}  // namespace haggle::fine_tuning
