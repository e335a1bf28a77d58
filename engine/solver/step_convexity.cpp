// SPDX-License-Identifier: MIT
// A step's programme made convex, by as little as that takes.
#include <algorithm>
#include <cmath>

#include "step_problem.hpp"

namespace haggle::fine_tuning {

/// What a variable is worth, itself or by what the constraints make of it, bends at least by a millionth.
std::vector<double> StepProblem::least_shifts(const QuadraticProgramme& qp) const {
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
void StepProblem::make_convex(QuadraticProgramme& qp, const std::vector<double>& multipliers) const {
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

}  // namespace haggle::fine_tuning
