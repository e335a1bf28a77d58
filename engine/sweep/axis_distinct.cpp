// SPDX-License-Identifier: MIT
#include <algorithm>

#include "axis_definition.hpp"
#include "text.hpp"

namespace haggle::spec {
namespace {

constexpr std::uint64_t most_expanded = 65536;

struct Value {
  double x;
  std::size_t order;
  Place place;
};

struct Range {
  double low, high;
  Place place;
};

void check_expanded(const AxisDefinition& definition, const Axis& axis, const std::string& name,
                    Diagnostics& diagnostics) {
  std::vector<Value> values;
  std::uint64_t before = 0;
  for (std::size_t s = 0; s < axis.segments.size(); ++s) {
    const bool spaced = std::holds_alternative<Spaced>(axis.segments[s]);
    const std::uint64_t n = spaced ? std::get<Spaced>(axis.segments[s]).n : definition.places[s].size();
    for (std::uint64_t i = 0; i < n; ++i)
      values.push_back({axis.value(before + i), values.size(), definition.places[s][spaced ? i + 1 == n : i]});
    before += n;
  }
  std::sort(values.begin(), values.end(),
            [](const Value& a, const Value& b) { return a.x < b.x || (a.x == b.x && a.order < b.order); });
  for (std::size_t i = 1; i < values.size(); ++i)
    if (values[i].x == values[i - 1].x) {
      const std::string what =
          definition.labels.empty() ? write_number(values[i].x) : quoted(definition.labels[values[i].order]);
      diagnostics.add(values[i].place, "axis " + quoted(name) + " has " + what + " twice; its values label the points");
    }
}

void check_ranges(const AxisDefinition& definition, const std::string& name, Diagnostics& diagnostics) {
  std::vector<Range> ranges;
  for (std::size_t s = 0; s < definition.segments.size(); ++s) {
    if (const auto* spaced = std::get_if<Spaced>(&definition.segments[s])) {
      ranges.push_back(
          {std::min(spaced->first, spaced->last), std::max(spaced->first, spaced->last), definition.places[s].front()});
    } else {
      const auto& values = std::get<std::vector<double>>(definition.segments[s]);
      for (std::size_t i = 0; i < values.size(); ++i) ranges.push_back({values[i], values[i], definition.places[s][i]});
    }
  }
  std::stable_sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.low < b.low; });
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].low <= ranges[i - 1].high) {
      diagnostics.add(ranges[i].place, "the pieces of the long axis " + quoted(name) + " overlap at " +
                                           write_number(ranges[i].low) + "; its values label the points");
      ranges[i].high = std::max(ranges[i].high, ranges[i - 1].high);
    }
  }
}

}  // namespace

void check_distinct(const AxisDefinition& definition, const std::string& name, Diagnostics& diagnostics) {
  Axis axis;
  axis.segments = definition.segments;
  if (axis.segments.size() == 1 && std::holds_alternative<Spaced>(axis.segments[0]))
    return;  // advances, by its reading
  if (axis.size() <= most_expanded)
    check_expanded(definition, axis, name, diagnostics);
  else
    check_ranges(definition, name, diagnostics);
}

}  // namespace haggle::spec
