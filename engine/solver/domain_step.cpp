// SPDX-License-Identifier: MIT
// The best step as far as a deal's model goes: a quadratic programme.
#include <algorithm>
#include <cmath>
#include <limits>

#include "domain_model.hpp"
#include "dual_qp.hpp"

namespace haggle::fine_tuning {

namespace {

using Row = std::vector<double>;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr int rounds = 4;  ///< in which a step settles on its constraints

double dot(const Row& a, const Row& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// curvature · by
Row bent(const Row& curvature, const Row& by) {
  Row out(by.size(), 0.0);
  for (std::size_t i = 0; i < by.size(); ++i)
    for (std::size_t j = 0; j < by.size(); ++j) out[i] += curvature[i * by.size() + j] * by[j];
  return out;
}

/// A constraint slope·s >= -value, with the curvature that it has beyond.
struct Bound {
  Row slope, curvature;
  double value;
  double from_level = 0;  ///< Kind::least: 1: the row must reach the common level
};

/// Assembles and solves the quadratic programme of one step. Variables: the step in units of the radius and, for
/// Kind::least, the rise of the common level.
class StepProblem {
 public:
  /// `off`: by how much the model of each player's utility is to be raised where the step ends.
  StepProblem(const BargainAim& aim, const DomainDeal& from, const DomainModel& model, Row reach, Row off)
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

  void add(Bound bound) { bounds_.push_back(std::move(bound)); }

  /// `back_off`: of what the step promises that much is given up to end clear of the constraints that hold it.
  DomainStep solve(double back_off) {
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

  double multiplier(std::size_t bound) const { return bound < active_.size() ? active_[bound] : 0; }
  std::size_t bounds() const { return bounds_.size(); }

 private:
  void add_value() {
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

  void add_levels() {
    const double level = aim_(from_.at);
    unit_ = infinite;  // as much as the level can rise at all
    for (std::size_t k = 0; k < from_.at.utility.size(); ++k) {
      if (aim_.factor[k] == 0) continue;
      Bound b{model_.slope[k], model_.curvature[k], 0, 1};
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

  double promise(const Row& by, const QuadraticProgramme::Solution& solution) const {
    return least_ ? solution.z[n_] * unit_ : dot(slope_, by) + dot(bent(curvature_, by), by) / 2;
  }

  /// Constraints are linear about the step `about`.
  QuadraticProgramme::Solution solve_with(const std::vector<double>& multipliers, const Row& about) const {
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
      const Bound& bound = bounds_[b];
      const double size = size_of(bound);
      const Row bend = bent(bound.curvature, about);
      QuadraticProgramme::Constraint c{std::vector<double>(variables, 0.0),
                                       (dot(bend, about) / 2 - bound.value) / size};
      if (multipliers[b] > 0 && bound.from_level == 0) c.bound += margin_;
      for (std::size_t i = 0; i < n_; ++i) c.normal[i] = (bound.slope[i] + bend[i]) * reach_[i] / size;
      if (least_) c.normal[n_] = -bound.from_level * unit_ / size;
      if (multipliers[b] > 0)
        for (std::size_t i = 0; i < n_; ++i) {
          qp.gradient[i] += multipliers[b] * bend[i] * reach_[i] / size;
          for (std::size_t j = 0; j < n_; ++j)
            qp.hessian[i * variables + j] -=
                multipliers[b] * bound.curvature[i * n_ + j] * reach_[i] * reach_[j] / size;
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

  double size_of(const Bound& bound) const {
    double size = bound.from_level * unit_;
    for (std::size_t i = 0; i < n_; ++i) size = std::max(size, std::abs(bound.slope[i]) * reach_[i]);
    return size > 0 ? size : 1;
  }

  /// What a variable is worth, itself or by what the constraints make of it, bends at least by a millionth.
  std::vector<double> least_shifts(const QuadraticProgramme& qp) const {
    double pull = 0;
    for (const double g : qp.gradient) pull = std::max(pull, std::abs(g));
    std::vector<double> least(qp.n, 1e-30);
    for (std::size_t i = 0; i < qp.n; ++i) {
      double own_pull = std::abs(qp.gradient[i]), bend = 0;
      for (std::size_t b = 0; b < bounds_.size(); ++b)
        own_pull = std::max(own_pull, pull * std::abs(qp.constraints[b].normal[i]));
      for (std::size_t j = 0; j < qp.n; ++j) bend = std::max(bend, std::abs(qp.hessian[i * qp.n + j]));
      least[i] += 1e-9 * bend + 1e-6 * own_pull;
    }
    return least;
  }

  // First along the constraints that hold the step, which changes nothing on them; then everywhere.
  void make_convex(QuadraticProgramme& qp, const std::vector<double>& multipliers) const {
    const std::size_t v = qp.n;
    double size = 1e-12;
    for (const double h : qp.hessian) size = std::max(size, std::isfinite(h) ? std::abs(h) : INFINITY);
    // Each variable by its own measure: shares near a corner bend far more than others, and move far less money.
    const std::vector<double> least = least_shifts(qp);
    const auto positive = [&](const std::vector<double>& matrix, double part) {
      std::vector<double> factor = matrix;
      for (std::size_t i = 0; i < v; ++i) factor[i * v + i] -= part * least[i];
      return cholesky(factor, v);
    };
    std::vector<double> own = least;
    for (std::size_t i = 0; i < v; ++i)
      for (std::size_t j = 0; j < v; ++j) own[i] = std::max(own[i], std::abs(qp.hessian[i * v + j]));
    if (!positive(qp.hessian, 1)) {
      for (std::size_t b = 0; b < bounds_.size(); ++b) {
        if (!(multipliers[b] > 0)) continue;
        const auto& c = qp.constraints[b];
        double square = 0;
        for (const double x : c.normal) square += x * x;
        if (!(square > 0)) continue;
        const double weight = 4 * size / square;
        for (std::size_t i = 0; i < v; ++i) {
          qp.gradient[i] -= weight * c.bound * c.normal[i];
          for (std::size_t j = 0; j < v; ++j) qp.hessian[i * v + j] += weight * c.normal[i] * c.normal[j];
        }
      }
    }
    double shift = 0;
    const auto shifted = [&] {
      std::vector<double> matrix = qp.hessian;
      for (std::size_t i = 0; i < v; ++i) matrix[i * v + i] += shift * own[i] + least[i];
      return matrix;
    };
    while (std::isfinite(size) && shift < 1e30 && !positive(shifted(), 0.5)) shift = std::max(2 * shift, 1e-4);
    qp.hessian = shifted();
  }

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
  std::vector<Bound> bounds_;
  std::vector<double> active_;
};

}  // namespace

DomainStep next_step(const BargainAim& aim, const DomainDeal& from, const DomainModel& model,
                     const std::vector<DomainJump>& jumps, Row reach, bool heed_kinks, double back_off,
                     const DomainDeal* tried) {
  const std::size_t n = from.shares.size();
  Row off(n + 1, 0.0), by(n, 0.0);
  for (std::size_t i = 0; tried != nullptr && i < n; ++i) by[i] = tried->shares[i] - from.shares[i];
  for (std::size_t k = 0; tried != nullptr && k <= n; ++k)
    off[k] =
        tried->at.utility[k] - from.at.utility[k] - dot(model.slope[k], by) - dot(bent(model.curvature[k], by), by) / 2;
  StepProblem problem(aim, from, model, std::move(reach), off);
  for (std::size_t k = 0; k <= n; ++k) {
    const bool in = k == 0 || (from.at.takes_part >> (k - 1) & 1) != 0;
    const double gain = std::max(0.0, from.at.utility[k] - aim.outside[k]);
    const bool held = k > 0 && from.at.holder == static_cast<int>(k) - 1 && gain <= 1e-12 * from.at.money[k];
    if (in && !held) problem.add({model.slope[k], model.curvature[k], gain + off[k]});
  }
  for (const DomainJump& jump : jumps) {
    Row away(n);
    for (std::size_t i = 0; i < n; ++i) away[i] = from.shares[i] - jump.at[i];
    const Row bend = bent(jump.curvature, away);
    Row slope = jump.slope;
    for (std::size_t i = 0; i < n; ++i) slope[i] += bend[i];
    problem.add(
        {std::move(slope), jump.curvature, std::max(0.0, jump.value + dot(jump.slope, away) + dot(bend, away) / 2)});
  }
  const std::size_t first_kink = problem.bounds();
  if (heed_kinks)
    for (std::size_t i = 0; i < n; ++i)
      if ((from.at.contributes >> i & 1) != 0)
        problem.add({model.investment_slope[i], Row(n * n, 0.0), from.at.investment[i]});
  DomainStep step = problem.solve(back_off);
  for (std::size_t b = first_kink; b < problem.bounds(); ++b) step.kinks = step.kinks || problem.multiplier(b) > 0;
  return step;
}

}  // namespace haggle::fine_tuning
