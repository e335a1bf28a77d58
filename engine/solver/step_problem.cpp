// SPDX-License-Identifier: MIT
#include "step_problem.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haggle::fine_tuning {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr int rounds = 4;  ///< in which a step settles on its constraints

}  // namespace

double dot(const Row& a, const Row& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

Row bent(const Row& curvature, const Row& by) {
  Row out(by.size(), 0.0);
  for (std::size_t i = 0; i < by.size(); ++i)
    for (std::size_t j = 0; j < by.size(); ++j) out[i] += curvature[i * by.size() + j] * by[j];
  return out;
}

StepProblem::StepProblem(const BargainAim& aim, const DomainDeal& from, const DomainModel& model, Row reach, Row off)
    : aim_(aim),
      from_(from),
      model_(model),
      reach_(std::move(reach)),
      off_(std::move(off)),
      n_(from.shares.size()),
      least_(aim.kind == BargainAim::Kind::least) {
  slope_.assign(n_, 0.0);
  curvature_.assign(n_ * n_, 0.0);
  if (least_)
    add_levels();
  else
    add_value();
}

DomainStep StepProblem::solve(double back_off) {
  // The first round says which constraints hold the step, and so whose curvature counts. The next ones take those
  // constraints where the last one ended: along a steep edge that bends, a step that is right to first order ends
  // beside it and is worth nothing (Maratos 1978; the second-order correction of Fletcher 1982).
  std::vector<double> multipliers(bounds_.size(), 0.0);
  QuadraticProgramme::Solution solution;
  Row end(n_, 0.0);
  for (int round = 0; round < rounds; ++round) {
    QuadraticProgramme::Solution next = solve_with(multipliers, end);
    if (!next.solved && round > 0) break;
    solution = std::move(next);
    std::copy_n(solution.multipliers.begin(), bounds_.size(), multipliers.begin());
    for (std::size_t i = 0; i < n_; ++i) end[i] = reach_[i] * solution.z[i];
  }
  DomainStep step{Row(n_, 0.0), 0, false, false};
  if (!solution.solved) return step;
  double price = 0;  // of a margin
  for (std::size_t b = 0; b < bounds_.size(); ++b)
    if (bounds_[b].from_level == 0) price += multipliers[b];
  step.held = price > 0;
  if (back_off > 0 && step.held) {
    margin_ = back_off * promise(end, solution) / unit_ / price;
    solution = solve_with(multipliers, end);
    margin_ = 0;
    if (!solution.solved) return {Row(n_, 0.0), 0, false, false};
  }
  for (std::size_t i = 0; i < n_; ++i) step.by[i] = reach_[i] * solution.z[i];
  step.promise = promise(step.by, solution);
  active_ = std::move(multipliers);
  return step;
}

void StepProblem::add_value() {
  const std::size_t players = from_.at.utility.size();
  for (std::size_t k = 0; k < aim_.factor.size(); ++k) {
    if (aim_.factor[k] == 0) continue;
    double weight = aim_.factor[k], fall = 0;
    if (aim_.kind == BargainAim::Kind::product && k < players) {
      const double gain = std::max(from_.at.utility[k] - aim_.outside[k], 1e-14 * from_.at.money[k]);
      fall = weight / (gain * gain);
      weight /= gain;
    }
    for (std::size_t i = 0; i < n_; ++i) {
      slope_[i] += weight * model_.slope[k][i];
      for (std::size_t j = 0; j < n_; ++j)
        curvature_[i * n_ + j] +=
            weight * model_.curvature[k][i * n_ + j] - fall * model_.slope[k][i] * model_.slope[k][j];
    }
  }
  unit_ = 0;
  for (std::size_t i = 0; i < n_; ++i) unit_ = std::max(unit_, std::abs(slope_[i]) * reach_[i]);
  for (std::size_t i = 0; i < n_; ++i)
    unit_ = std::max(unit_, std::abs(curvature_[i * n_ + i]) * reach_[i] * reach_[i]);
  if (!(unit_ > 0)) unit_ = 1;
}

void StepProblem::add_levels() {
  const double level = aim_(from_.at);
  unit_ = infinite;  // as much as the level can rise at all
  for (std::size_t k = 0; k < from_.at.utility.size(); ++k) {
    if (aim_.factor[k] == 0) continue;
    StepBound b{model_.slope[k], model_.curvature[k], 0, 1};
    for (double& s : b.slope) s *= aim_.factor[k];
    for (double& c : b.curvature) c *= aim_.factor[k];
    b.value = aim_.factor[k] * (from_.at.utility[k] + off_[k] - aim_.outside[k]) - level;
    double rise = std::max(b.value, 0.0);
    for (std::size_t i = 0; i < n_; ++i) rise += std::abs(b.slope[i]) * reach_[i];
    unit_ = std::min(unit_, rise);
    bounds_.push_back(std::move(b));
  }
  if (!(unit_ > 0 && unit_ < infinite)) unit_ = 1;
}

double StepProblem::promise(const Row& by, const QuadraticProgramme::Solution& solution) const {
  return least_ ? solution.z[n_] * unit_ : dot(slope_, by) + dot(bent(curvature_, by), by) / 2;
}

/// Constraints are linear about the step `about`.
QuadraticProgramme::Solution StepProblem::solve_with(const std::vector<double>& multipliers, const Row& about) const {
  const std::size_t variables = n_ + (least_ ? 1 : 0);
  QuadraticProgramme qp(variables);
  // Minimised: what is lost, with the constraints' curvature (their multipliers are in the objective's unit).
  for (std::size_t i = 0; i < n_; ++i) {
    qp.gradient[i] = -reach_[i] / unit_ * slope_[i];
    for (std::size_t j = 0; j < n_; ++j)
      qp.hessian[i * variables + j] = -reach_[i] * reach_[j] / unit_ * curvature_[i * n_ + j];
  }
  if (least_) {
    qp.gradient[n_] = -1;
    qp.hessian[n_ * variables + n_] = 1e-3;
  }
  for (std::size_t b = 0; b < bounds_.size(); ++b) {
    const StepBound& bound = bounds_[b];
    const double size = size_of(bound);
    const Row bend = bent(bound.curvature, about);
    QuadraticProgramme::Constraint c{std::vector<double>(variables, 0.0), (dot(bend, about) / 2 - bound.value) / size};
    if (multipliers[b] > 0 && bound.from_level == 0) c.bound += margin_;
    for (std::size_t i = 0; i < n_; ++i) c.normal[i] = (bound.slope[i] + bend[i]) * reach_[i] / size;
    if (least_) c.normal[n_] = -bound.from_level * unit_ / size;
    if (multipliers[b] > 0)
      for (std::size_t i = 0; i < n_; ++i) {
        qp.gradient[i] += multipliers[b] * bend[i] * reach_[i] / size;
        for (std::size_t j = 0; j < n_; ++j)
          qp.hessian[i * variables + j] -= multipliers[b] * bound.curvature[i * n_ + j] * reach_[i] * reach_[j] / size;
      }
    qp.constraints.push_back(std::move(c));
  }
  for (std::size_t i = 0; i < n_; ++i)
    for (const double side : {1.0, -1.0}) {
      const double room = side > 0 ? from_.shares[i] : 1 - from_.shares[i];
      QuadraticProgramme::Constraint c{std::vector<double>(variables, 0.0), -std::min(1.0, room / reach_[i])};
      c.normal[i] = side;
      qp.constraints.push_back(std::move(c));
    }
  make_convex(qp, multipliers);
  return qp.solve();
}

double StepProblem::size_of(const StepBound& bound) const {
  double size = bound.from_level * unit_;
  for (std::size_t i = 0; i < n_; ++i) size = std::max(size, std::abs(bound.slope[i]) * reach_[i]);
  return size > 0 ? size : 1;
}

}  // namespace haggle::fine_tuning
