// SPDX-License-Identifier: MIT
#include "dual_qp.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haggle {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// L L' x = b.
std::vector<double> solved(const std::vector<double>& factor, std::size_t n, std::vector<double> b) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= factor[i * n + k] * b[k];
    b[i] /= factor[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= factor[k * n + i] * b[k];
    b[i] /= factor[i * n + i];
  }
  return b;
}

}  // namespace

bool cholesky(std::vector<double>& m, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = m[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= m[i * n + k] * m[j * n + k];
      if (i != j) {
        m[i * n + j] = sum / m[j * n + j];
      } else {
        if (!(sum > 0)) return false;
        m[i * n + i] = std::sqrt(sum);
      }
    }
  return true;
}

QuadraticProgramme::Solution QuadraticProgramme::solve() const {
  Solution s{std::vector<double>(n, 0.0), std::vector<double>(constraints.size(), 0.0), false};
  std::vector<double> factor = hessian;
  if (!cholesky(factor, n)) return s;
  s.z = solved(factor, n, gradient);
  for (double& z : s.z) z = -z;
  std::vector<std::size_t> active;
  std::vector<std::vector<double>> inverse_normals;  // G⁻¹a of the active ones
  for (std::size_t turn = 0; turn < 20 * (constraints.size() + n); ++turn) {
    std::size_t worst = constraints.size();
    double violation = 0;
    for (std::size_t k = 0; k < constraints.size(); ++k) {
      if (std::ranges::find(active, k) != active.end()) continue;
      const auto& c = constraints[k];
      double size = std::abs(c.bound);
      for (std::size_t i = 0; i < n; ++i) size += std::abs(c.normal[i] * s.z[i]);
      const double lack = c.bound - dot(c.normal, s.z), scale = std::sqrt(dot(c.normal, c.normal));
      if (scale > 0 && lack > 1e-14 * size && lack / scale > violation) {
        violation = lack / scale;
        worst = k;
      }
    }
    if (worst == constraints.size()) {
      s.solved = true;
      return s;
    }
    const auto& entering = constraints[worst];
    const std::vector<double> toward = solved(factor, n, entering.normal);
    for (std::size_t drop = 0; drop <= constraints.size() + n; ++drop) {
      const std::size_t m = active.size();
      std::vector<double> gram(m * m), r(m);
      for (std::size_t a = 0; a < m; ++a) {
        r[a] = dot(constraints[active[a]].normal, toward);
        for (std::size_t b = 0; b < m; ++b) gram[a * m + b] = dot(constraints[active[a]].normal, inverse_normals[b]);
      }
      if (m > 0) {
        if (!cholesky(gram, m)) return s;
        r = solved(gram, m, r);
      }
      std::vector<double> step = toward;
      for (std::size_t a = 0; a < m; ++a)
        for (std::size_t i = 0; i < n; ++i) step[i] -= r[a] * inverse_normals[a][i];
      double until = infinite;
      std::size_t leaving = m;
      for (std::size_t a = 0; a < m; ++a)
        if (r[a] > 0 && s.multipliers[active[a]] / r[a] < until) {
          until = s.multipliers[active[a]] / r[a];
          leaving = a;
        }
      const double reach = dot(step, entering.normal);
      const double full = reach > 1e-13 * dot(toward, entering.normal)
                              ? (entering.bound - dot(entering.normal, s.z)) / reach
                              : infinite;
      const double t = std::min(until, full);
      if (t == infinite) return s;
      for (std::size_t a = 0; a < m; ++a) s.multipliers[active[a]] = std::max(0.0, s.multipliers[active[a]] - t * r[a]);
      s.multipliers[worst] += t;
      if (full < infinite)
        for (std::size_t i = 0; i < n; ++i) s.z[i] += t * step[i];
      if (full <= until) {
        active.push_back(worst);
        inverse_normals.push_back(toward);
        break;
      }
      s.multipliers[active[leaving]] = 0;
      active.erase(active.begin() + static_cast<std::ptrdiff_t>(leaving));
      inverse_normals.erase(inverse_normals.begin() + static_cast<std::ptrdiff_t>(leaving));
    }
  }
  return s;
}

}  // namespace haggle
