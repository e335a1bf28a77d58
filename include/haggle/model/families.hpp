// SPDX-License-Identifier: MIT
// The families of functions there are, and any of them behind one pointer, which is chosen once for a block of games.
#pragma once
#include <tuple>

#include "haggle/model/families/exponential_saturation.hpp"
#include "haggle/model/families/hill.hpp"
#include "haggle/model/families/isoelastic.hpp"
#include "haggle/model/families/logarithmic.hpp"
#include "haggle/model/families/power_cost.hpp"
#include "haggle/model/formula.hpp"
#include "haggle/model/function.hpp"

namespace haggle {

/// A new family is a line here. In a spec, `expression` is one more of either kind.
using RevenueFamilies = std::tuple<Isoelastic, Logarithmic, ExponentialSaturation, Hill>;
using CostFamilies = std::tuple<PowerCost>;

inline constexpr std::size_t most_numbers = 8;  ///< of one function

/// A function's form: what all games of a sweep share. Which family, or which formula, and in which columns of the
/// parameter block its numbers stand.
struct FunctionForm {
  std::size_t family = 0;            ///< index into the families of its kind; their number stands for `expression`
  std::size_t first = 0, count = 0;  ///< columns first … first+count-1
  Formula formula;                   ///< of an expression
};

/// One game's function (a game a lane, or one game in all lanes). `numbers` are filled in by whoever reads the block.
template <class Real>
struct Function {
  using At = Jet<Real> (*)(const Formula&, const Real* numbers, Real at);
  using AtKnown = Jet<Real> (*)(const Formula&, const Real* numbers, Real at, Real ln_at);
  using Number = Real (*)(const Real* numbers);

  At at = nullptr;
  AtKnown at_known = nullptr;
  Number growth_of = nullptr, convex_until_of = nullptr;  ///< null for an expression: unknown
  const Formula* formula = nullptr;
  std::array<Real, most_numbers> numbers;

  Jet<Real> operator()(Real x) const { return at(*formula, numbers.data(), x); }
  /// For who has ln x already.
  Jet<Real> operator()(Real x, Real ln_x) const { return at_known(*formula, numbers.data(), x, ln_x); }
  bool is_expression() const { return growth_of == nullptr; }
  Real growth() const { return growth_of(numbers.data()); }
  Real convex_until() const { return convex_until_of(numbers.data()); }
};

template <class Real, FunctionFamily Family>
Jet<Real> family_at(const Formula&, const Real* numbers, Real at) {
  return Family::at(numbers, at);
}
template <class Real, FunctionFamily Family>
Jet<Real> family_at_known(const Formula&, const Real* numbers, Real at, Real ln_at) {
  if constexpr (requires { Family::at(numbers, at, ln_at); })
    return Family::at(numbers, at, ln_at);
  else
    return Family::at(numbers, at);
}
template <class Real>
Jet<Real> formula_at(const Formula& formula, const Real* numbers, Real at) {
  return formula.at(numbers, at);
}

template <class Real>
Jet<Real> formula_at_known(const Formula& formula, const Real* numbers, Real at, Real) {
  return formula.at(numbers, at);
}

/// The function of that form, but for its numbers. `form` must outlive it.
template <class Real, class... Family>
Function<Real> function_of(const FunctionForm& form, std::type_identity<std::tuple<Family...>>) {
  constexpr std::array<typename Function<Real>::At, sizeof...(Family) + 1> at{&family_at<Real, Family>...,
                                                                              &formula_at<Real>};
  constexpr std::array<typename Function<Real>::AtKnown, sizeof...(Family) + 1> at_known{
      &family_at_known<Real, Family>..., &formula_at_known<Real>};
  constexpr std::array<typename Function<Real>::Number, sizeof...(Family) + 1> growth{&Family::template growth<Real>...,
                                                                                      nullptr};
  constexpr std::array<typename Function<Real>::Number, sizeof...(Family) + 1> convex{
      &Family::template convex_until<Real>..., nullptr};
  return {at[form.family], at_known[form.family], growth[form.family], convex[form.family], &form.formula, {}};
}
template <class Real>
Function<Real> revenue_of(const FunctionForm& form) {
  return function_of<Real>(form, std::type_identity<RevenueFamilies>());
}
template <class Real>
Function<Real> cost_of(const FunctionForm& form) {
  return function_of<Real>(form, std::type_identity<CostFamilies>());
}

}  // namespace haggle
