// SPDX-License-Identifier: MIT
#include "domain_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haggle::fine_tuning {

namespace {

using Row = std::vector<double>;

constexpr double stencil = 1e-5;
constexpr double turnover = 4;         ///< so many times all money changes along a scale
constexpr double least_scale = 1e-12;  ///< beside the usual one
constexpr double infinite = std::numeric_limits<double>::infinity();

double value_of(const Payoffs& at, std::size_t row) {
  return row < at.utility.size() ? at.utility[row] : at.performance;
}

/// What is left of `near` after the slopes at `at` have been followed to it is small beside the money at stake.
bool on_one_piece(const Payoffs& at, const std::vector<Row>& slope, std::size_t j, double h, const Payoffs& near) {
  if (!near.same_regime(at)) return false;
  for (std::size_t k = 0; k < at.utility.size(); ++k)
    if (std::abs(near.utility[k] - at.utility[k] - h * slope[k][j]) > 1e-6 * (at.money[k] + near.money[k]))
      return false;
  return true;
}

}  // namespace

double distance(const DomainDeal& a, const DomainDeal& b) {
  double far = 0;
  for (std::size_t i = 0; i < a.shares.size(); ++i) far = std::max(far, std::abs(a.shares[i] - b.shares[i]));
  return far;
}

double scale_at(const DomainDeal& deal, std::size_t share, Measure measure) {
  const double left = 1 - deal.shares[share], usual = left > 0 ? std::min(1.0, 4 * left) : 1;
  const std::size_t n = deal.shares.size(), players = deal.at.utility.size();
  if (measure == Measure::shares || deal.at.slope.size() != (players + 1) * n) return usual;
  double scale = usual;
  for (std::size_t k = 0; k <= players; ++k) {
    const double all = k < players ? deal.at.money[k] : deal.at.performance;
    const double slope = std::abs(deal.at.slope[k * n + share]);
    if (slope < infinite && slope * scale > turnover * all) scale = turnover * all / slope;
  }
  return std::max(scale, least_scale * usual);
}

DomainModel::DomainModel(PayoffsAt at, const DomainDeal& deal) {
  const std::size_t n = deal.shares.size(), rows = n + 2;
  slope.assign(rows, Row(n, 0.0));
  curvature.assign(rows, Row(n * n, 0.0));
  investment_slope.assign(n, Row(n, 0.0));
  bool known = deal.at.slope.size() == rows * n;
  for (std::size_t k = 0; known && k < rows; ++k)
    for (std::size_t j = 0; j < n; ++j) {
      slope[k][j] = deal.at.slope[k * n + j];
      known = known && std::isfinite(slope[k][j]);
    }
  if (!known) slope.assign(rows, Row(n, 0.0));
  std::vector<bool> bends(n, false);  // shares by which the curvature is known
  DomainDeal near = deal;
  for (std::size_t j = 0; j < n; ++j) {
    const double share = deal.shares[j];
    // Near a corner, and near the end of a piece, things happen on a smaller scale.
    const double to_corner = std::min(share, 1 - share), usual = std::min(stencil, to_corner > 0 ? to_corner / 256 : 1);
    for (const double h : {usual, -usual, usual / 32, -usual / 32, usual / 1024, -usual / 1024}) {
      if (!(std::abs(h) > 1e-12) || share + h < 0 || share + h > 1) continue;
      near.shares[j] = share + h;
      const double step = near.shares[j] - share;
      at(near.shares, near.at);
      if (!known && near.at.same_regime(deal.at))  // no slopes: differences
        for (std::size_t k = 0; k < rows; ++k) slope[k][j] = (value_of(near.at, k) - value_of(deal.at, k)) / step;
      if (!on_one_piece(deal.at, slope, j, step, near.at)) continue;
      for (std::size_t i = 0; i < n; ++i)
        investment_slope[i][j] = (near.at.investment[i] - deal.at.investment[i]) / step;
      if (known && near.at.slope.size() == rows * n)
        for (std::size_t k = 0; k < rows; ++k)
          for (std::size_t i = 0; i < n; ++i) {
            const double bend = (near.at.slope[k * n + i] - slope[k][i]) / step;
            curvature[k][i * n + j] = std::isfinite(bend) ? bend : 0;
          }
      bends[j] = true;
      break;
    }
    near.shares[j] = share;
  }
  // Where several edges meet some shares alone lead off the piece: what bends along others is known all the same.
  for (Row& c : curvature)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j)
        c[i * n + j] = c[j * n + i] = (c[i * n + j] + c[j * n + i]) / (bends[i] && bends[j] ? 2 : 1);
}

}  // namespace haggle::fine_tuning
