// SPDX-License-Identifier: MIT
// Outcomes near a deal, to second order in the domains' shares, and the best step as far as that model goes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "haggle/solver/per_domain_bargain.hpp"

namespace haggle::fine_tuning {

/// Between their shares, the farthest.
double distance(const DomainDeal& a, const DomainDeal& b);

/// Derivatives of the aim's rows by the shares on the smooth piece around a deal. Second derivatives are differences of
/// slopes, over steps that stay on the piece.
struct DomainModel {
  DomainModel(PayoffsAt at, const DomainDeal& deal);

  std::vector<std::vector<double>> slope, curvature;  ///< by row (BargainAim): [share], [share][share]
  std::vector<std::vector<double>> investment_slope;  ///< by specialist: [share]
};

/// What the generalist has over switching to another investment, near a place where that is 0.
struct DomainJump {
  std::vector<double> at, slope, curvature;
  std::uint64_t takes_part = 0;  ///< beyond
  int holder = 0;
  double value = 0;  ///< there
};

/// What says how far a share goes before things look different.
enum class Measure : std::uint8_t {
  shares,   ///< 1 in the middle; near 1 a specialist's utility, and with it what the generalist must invest to keep it,
            ///< go with what is left to it
  outcomes  ///< nor further than money and performance have room for: where revenue hardly rises any more, what keeps a
            ///< specialist runs off within next to nothing of its share
};
double scale_at(const DomainDeal& deal, std::size_t share, Measure measure);

struct DomainStep {
  std::vector<double> by;
  double promise = 0;  ///< what the aim would gain
  bool kinks = false;  ///< somebody ceasing to contribute ends the step
  bool held = false;   ///< an edge ends it: a kink, a jump, somebody's outside option
};

/// No share moves by more than its `reach` nor out of [0, 1]; nobody who gains falls below its outside
/// option; no known jump is crossed; with `heed_kinks` nobody ceases to contribute.
/// `back_off`: that part of the promise is given up to end clear of the edges that hold the step, all at once.
/// `tried`: where an earlier step from there ended, on the same piece: what the model has wrong there it has wrong
/// here.
DomainStep next_step(const BargainAim& aim, const DomainDeal& from, const DomainModel& model,
                     const std::vector<DomainJump>& jumps, std::vector<double> reach, bool heed_kinks,
                     double back_off = 0, const DomainDeal* tried = nullptr);

}  // namespace haggle::fine_tuning
