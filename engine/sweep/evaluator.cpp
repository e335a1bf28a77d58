// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "expression.hpp"
#include "haggle/sweep/plan.hpp"
#include "law_book.hpp"

namespace haggle {
namespace {

constexpr std::uint64_t most_cached = 16384;

/// The values of one axis; all of them at hand when they are few, so that no point pays for a power or a logarithm.
class AxisReader {
 public:
  AxisReader(const Axis& axis, std::size_t dimension) : axis_(axis), dimension_(dimension) {
    if (axis.size() > most_cached) return;
    values_.resize(static_cast<std::size_t>(axis.size()));
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = axis.value(i);
  }

  void read(const std::vector<std::vector<std::uint64_t>>& indices, std::vector<double>& column) {
    const auto& index = indices[dimension_];
    if (!values_.empty()) {
      for (std::size_t i = 0; i < column.size(); ++i) column[i] = values_[index[i]];
      return;
    }
    for (std::size_t i = 0; i < column.size(); ++i)
      // A slow dimension stands still for many points in a row.
      column[i] = i > 0 && index[i] == index[i - 1] ? column[i - 1] : axis_.value(index[i]);
  }

 private:
  Axis axis_;
  std::size_t dimension_;
  std::vector<double> values_;
};

/// Any number inside, for games that are not solved: a block's kernel must not meet a NaN.
double inside(const Parameter& parameter) {
  const Domain& d = parameter.domain;
  for (double x :
       {parameter.preset.value_or(1.0), 1.0, 0.5, d.low, d.high, d.low + 1, d.high - 1, (d.low + d.high) / 2})
    if (d.contains(x)) return x;
  return 0;
}

struct Derived {
  std::size_t parameter;
  Expression expression;
};

}  // namespace

struct Evaluator::Compiled {
  std::shared_ptr<const GameTable> game;
  std::vector<Source> sources;
  std::vector<AxisReader> axes;
  std::vector<bool> in_expressions;
  std::vector<Derived> derived;
  std::optional<Expression> where;
  LawBook laws;
  std::vector<std::vector<double>> scratch;  ///< one column an axis, filled only for axes in expressions

  void note(const Expression& expression) {
    for (std::size_t axis : expression.used()) in_expressions[axis] = true;
  }

  double at(Expression& expression, std::size_t point) {
    const auto& used = expression.used();
    for (std::size_t k = 0; k < used.size(); ++k) expression.set(k, scratch[used[k]][point]);
    return expression();
  }
};

Evaluator::Evaluator(const Plan& plan) : compiled_(std::make_unique<Compiled>()) {
  Compiled& c = *compiled_;
  c.game = plan.game;
  c.laws = LawBook(plan);
  c.sources = plan.parameters;
  c.in_expressions.resize(plan.axes.size());
  c.scratch.resize(plan.axes.size());
  std::vector<std::size_t> dimension_of(plan.axes.size());
  for (std::size_t d = 0; d < plan.dimensions.size(); ++d)
    for (std::size_t axis : plan.dimensions[d].axes) dimension_of[axis] = d;
  std::vector<std::string_view> names;
  for (std::size_t a = 0; a < plan.axes.size(); ++a) {
    c.axes.emplace_back(plan.axes[a], dimension_of[a]);
    names.push_back(plan.axes[a].name);
  }
  for (std::size_t p = 0; p < c.sources.size(); ++p)
    if (c.sources[p].kind == Source::Kind::derived) {
      c.derived.push_back({p, Expression(c.sources[p].expression, names)});
      c.note(c.derived.back().expression);
    }
  if (!plan.where.empty()) {
    c.where.emplace(plan.where, names);
    c.note(*c.where);
  }
}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;

void Evaluator::evaluate(const std::vector<std::vector<std::uint64_t>>& indices, std::size_t points,
                         std::vector<std::vector<double>>& parameters, std::vector<Status>& status) {
  Compiled& c = *compiled_;
  parameters.resize(c.sources.size());
  status.assign(points, Status::pending);
  for (std::size_t p = 0; p < c.sources.size(); ++p) {
    const Source& source = c.sources[p];
    parameters[p].resize(points);
    if (source.kind == Source::Kind::constant) std::fill(parameters[p].begin(), parameters[p].end(), source.constant);
    if (source.kind == Source::Kind::axis) c.axes[source.axis].read(indices, parameters[p]);
  }
  for (std::size_t a = 0; a < c.axes.size(); ++a) {
    if (!c.in_expressions[a]) continue;
    c.scratch[a].resize(points);
    c.axes[a].read(indices, c.scratch[a]);
  }
  for (Derived& derived : c.derived) {
    const Parameter& parameter = c.game->parameters[derived.parameter];
    for (std::size_t i = 0; i < points; ++i) {
      const double x = c.at(derived.expression, i);
      const bool good = parameter.domain.contains(x);
      parameters[derived.parameter][i] = good ? x : inside(parameter);
      if (!good) status[i] = Status::out_of_domain;
    }
  }
  for (std::size_t i = 0; c.where && i < points; ++i) {
    const double truth = c.at(*c.where, i);
    if (truth == 0)
      status[i] = Status::excluded;  // even where a derived number fails: nobody asked for this point
    else if (std::isnan(truth))
      status[i] = Status::out_of_domain;
  }
  c.laws.judge(parameters, status);
}

}  // namespace haggle
