// SPDX-License-Identifier: MIT
// What the fine-tuning game asks of a revenue or a cost function: a name for the spec, its numbers with their domains,
// and its value with three derivatives, written once over a Real. A family is one small file in model/families/ that
// satisfies FunctionFamily, and a line in model/families.hpp.
#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

#include "haggle/core/real.hpp"
#include "haggle/model/table.hpp"

namespace haggle {

/// A function's value and first three derivatives at a point.
template <class Real>
struct Jet {
  Real value, slope, curvature, third;
};

/// One number of a function; its place in a spec is the function's path and `name`.
struct FunctionNumber {
  std::string_view name;    ///< "elasticity"
  std::string_view symbol;  ///< as in the paper: "ε"
  std::string_view meaning;
  Domain domain{};
  std::optional<double> preset{};
};

/// `numbers` come in the order of F::numbers. at() takes arguments > 0 (1e-300 to 1e300); a revenue is 0 at 0. Beside
/// it, at(numbers, at, ln_at) may be there for who has the argument's logarithm already. growth()
/// is the exponent of the power that the function grows like at infinity; 0: slower than any. convex_until() is the
/// argument up to which it is convex, 0 for concave functions, infinite for convex ones; beyond it it is concave. A
/// revenue's α r''(α)/r'(α) must not rise with α. Neither function may depend on lanes beside its own.
template <class F>
concept FunctionFamily = requires(const double* numbers, double at) {
  { F::name } -> std::convertible_to<std::string_view>;
  { F::formula } -> std::convertible_to<std::string_view>;
  {std::span<const FunctionNumber>(F::numbers)};
  { F::at(numbers, at) } -> std::same_as<Jet<double>>;
  { F::growth(numbers) } -> std::same_as<double>;
  { F::convex_until(numbers) } -> std::same_as<double>;
};

inline constexpr Domain positive_number{0, std::numeric_limits<double>::infinity(), true, false};
inline constexpr Domain non_negative_number{0, std::numeric_limits<double>::infinity()};

}  // namespace haggle
