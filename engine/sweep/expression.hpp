// SPDX-License-Identifier: MIT
// Expressions over axes, for `where` and `{from: …}`: numbers, axis names, + - * / ^ ( ), comparisons
// < <= > >= == !=, `and` `or` `not` (or && ||), `a ? b : c`, and the functions that function_names() lists. A
// comparison with NaN is NaN, and so is what is joined from it unless the other side decides: false `and`, true `or`.
// (A `?` takes NaN for true.)
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace haggle {

/// Functions and words that an expression gives a meaning: no axis may bear one of these names.
std::span<const std::string_view> function_names();
std::span<const std::string_view> operator_words();

/// A compiled expression. Not thread-safe: one per thread.
class Expression {
 public:
  /// What is wrong with an expression over the axes `names`, in plain words; none when it can be compiled. With
  /// `condition`, a number is wrong, too.
  static std::optional<std::string> find_error(std::string_view text, std::span<const std::string_view> names,
                                               bool condition = false);

  /// `text` must have passed find_error() with the same names.
  Expression(std::string_view text, std::span<const std::string_view> names);
  ~Expression();
  Expression(Expression&&) noexcept;

  /// Indices into `names` of the axes it uses, ascending.
  const std::vector<std::size_t>& used() const;
  /// Gives the k-th of used() a value.
  void set(std::size_t k, double value);
  double operator()() const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace haggle
