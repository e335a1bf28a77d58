// SPDX-License-Identifier: MIT
// One fine-tuning game with its numbers, as its solvers see it (model/fine_tuning.hpp): a game a lane, or one game in
// all lanes.
#pragma once
#include <vector>

#include "haggle/model/fine_tuning.hpp"

namespace haggle::fine_tuning {

/// One specialist's side: r(α), φ(x) without its fixed cost, what taking part costs, what it has otherwise.
template <class Real>
struct Specialist {
  Function<Real> revenue, cost;
  Real fixed, outside;
  Real weight;  ///< its bargaining weight; all players' weights sum to 1
  Real share;   ///< contract per_domain under `fixed`: the generalist's share of this domain
};

template <class Real>
struct Play {
  Function<Real> cost;  ///< the generalist's
  Real fixed, outside, weight;
  Real share;  ///< contract uniform under `fixed`
  std::vector<Specialist<Real>> specialists;

  /// The functions of that form, without any numbers yet.
  explicit Play(const Form& form) : cost(cost_of<Real>(form.cost)) {
    for (const SpecialistForm& s : form.specialists)
      specialists.push_back({revenue_of<Real>(s.revenue), cost_of<Real>(s.cost), {}, {}, {}, {}});
  }

  /// Takes its numbers from `column(c)`, the Real that stands for column c of a block of parameters.
  template <class Column>
  void read(const Form& form, Column column) {
    const auto numbers = [&](Function<Real>& function, const FunctionForm& where) {
      for (std::size_t i = 0; i < where.count; ++i) function.numbers[i] = column(where.first + i);
    };
    const auto number = [&](std::size_t c, double otherwise) { return c == unset ? Real(otherwise) : column(c); };
    numbers(cost, form.cost);
    fixed = number(form.fixed, 0);
    outside = number(form.outside, 0);
    weight = number(form.weight, 0.5);
    share = number(form.share, 0.5);
    Real sum(0.0);
    for (std::size_t i = 0; i < specialists.size(); ++i) {
      const SpecialistForm& where = form.specialists[i];
      Specialist<Real>& s = specialists[i];
      numbers(s.revenue, where.revenue);
      numbers(s.cost, where.cost);
      s.fixed = number(where.fixed, 0);
      s.outside = number(where.outside, 0);
      s.weight = number(where.weight, 1);
      s.share = number(where.share, 0.5);
      sum = sum + s.weight;
    }
    // The specialists share what the generalist leaves in proportion to their own weights; all 0: equally.
    const Real zero(0.0), each(1.0 / static_cast<double>(specialists.size()));
    for (Specialist<Real>& s : specialists)
      s.weight = (Real(1.0) - weight) * select(sum > zero, s.weight / select(sum > zero, sum, Real(1.0)), each);
  }
};

}  // namespace haggle::fine_tuning
