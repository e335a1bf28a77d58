// SPDX-License-Identifier: MIT
// A local search for the best deal over one share for each domain. Outcomes are smooth in pieces; the best deal can be
// inside a piece, where several players' gains are equal, where somebody has nothing left, or at a jump, where the
// generalist is about to switch to another investment.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "domain_model.hpp"

namespace haggle::fine_tuning {

/// Sequential quadratic programming in a trust region. Every player's utility is modelled to second order on the
/// current piece; kinks and jumps that a step runs into become constraints of the next ones.
class DomainClimb {
 public:
  DomainClimb(PayoffsAt at, std::size_t domains, const BargainAim& aim, Measure measure = Measure::shares)
      : at_(at), n_(domains), aim_(aim), measure_(measure) {}

  /// The best deal reached from there in so many steps; `start` must be one.
  DomainDeal operator()(DomainDeal start, int turns = 80, double radius = 0.1) const;

  DomainDeal solve(std::vector<double> shares) const;
  bool can_start(const DomainDeal& deal) const { return deal.at.deal && std::isfinite(aim_(deal.at)); }
  /// By the aim alone, and more than by rounding.
  bool gains(const DomainDeal& a, const DomainDeal& b) const {
    if (!a.at.deal || !b.at.deal) return a.at.deal;
    const double value_a = aim_(a.at), value_b = aim_(b.at);
    return value_a > value_b && !(value_a - value_b <= std::min(aim_.tie(a.at), aim_.tie(b.at)));
  }
  /// By the aim and then by the surplus.
  bool is_better(const DomainDeal& a, const DomainDeal& b) const { return better(aim_, a.at, {}, b.at, {}); }

 private:
  struct Crossing {
    DomainDeal before, beyond;
    bool found = false, jump = false;
  };

  static std::vector<double> moved(const std::vector<double>& from, const std::vector<double>& by, double times = 1);
  /// In units of the shares' scales at `from`.
  double way_from(const DomainDeal& from, const std::vector<double>& to) const;
  std::vector<double> reach(const DomainDeal& from, double radius) const;
  // domain_jump.cpp
  Crossing crossing(const DomainDeal& from, const DomainDeal& to, double close) const;
  DomainJump jump_between(const Crossing& crossing, bool curved) const;
  DomainDeal pulled_back(const DomainDeal& inside, const DomainDeal& beyond, const DomainJump& jump,
                         double close) const;

  PayoffsAt at_;
  std::size_t n_;
  const BargainAim& aim_;
  Measure measure_;
};

}  // namespace haggle::fine_tuning
