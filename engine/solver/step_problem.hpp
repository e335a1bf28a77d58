// SPDX-License-Identifier: MIT
// The quadratic programme of one step from a deal.
#pragma once
#include <cstddef>
#include <vector>

#include "domain_model.hpp"
#include "dual_qp.hpp"

namespace haggle::fine_tuning {

/// By share, or by two of them.
using Row = std::vector<double>;
double dot(const Row& a, const Row& b);
/// curvature · by
Row bent(const Row& curvature, const Row& by);

/// A constraint slope·s >= -value, with the curvature that it has beyond.
struct StepBound {
  Row slope, curvature;
  double value;
  double from_level = 0;  ///< Kind::least: 1: the row must reach the common level
};

/// Assembles and solves it. Variables: the step in units of the radius and, for Kind::least, the rise of the common
/// level.
class StepProblem {
 public:
  /// `off`: by how much the model of each player's utility is to be raised where the step ends.
  StepProblem(const BargainAim& aim, const DomainDeal& from, const DomainModel& model, Row reach, Row off);

  void add(StepBound bound) { bounds_.push_back(std::move(bound)); }
  /// `back_off`: of what the step promises that much is given up to end clear of the constraints that hold it.
  DomainStep solve(double back_off);
  double multiplier(std::size_t bound) const { return bound < active_.size() ? active_[bound] : 0; }
  std::size_t bounds() const { return bounds_.size(); }

 private:
  void add_value();
  void add_levels();
  double promise(const Row& by, const QuadraticProgramme::Solution& solution) const;
  QuadraticProgramme::Solution solve_with(const std::vector<double>& multipliers, const Row& about) const;
  double size_of(const StepBound& bound) const;
  // step_convexity.cpp
  std::vector<double> least_shifts(const QuadraticProgramme& qp) const;
  void make_convex(QuadraticProgramme& qp, const std::vector<double>& multipliers) const;

  const BargainAim& aim_;
  const DomainDeal& from_;
  const DomainModel& model_;
  Row reach_;  ///< of each share
  Row off_;
  double unit_ = 1;
  double margin_ = 0;  ///< that constraints which hold the step keep
  std::size_t n_;
  bool least_;
  Row slope_, curvature_;
  std::vector<StepBound> bounds_;
  std::vector<double> active_;
};

}  // namespace haggle::fine_tuning
