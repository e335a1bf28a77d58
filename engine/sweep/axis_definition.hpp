// SPDX-License-Identifier: MIT
// From `{axis: c0, linspace: [0, 1, 11]}` to an Axis.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics.hpp"
#include "haggle/sweep/axis.hpp"
#include "spec_node.hpp"

namespace haggle::spec {

/// An axis' segments, each with where its numbers stand: one place a value, or those of first and last.
struct AxisDefinition {
  std::vector<Axis::Segment> segments;
  std::vector<std::string> labels;
  std::vector<std::vector<Place>> places;
  Place place;
  bool sound = false;  ///< nothing was wrong with it
};

bool same_values(const AxisDefinition& a, const AxisDefinition& b);

/// Reads the definition that stands in `map`. With `choices` its values are words out of them, for the parameter that
/// people call `label`; without, they are numbers.
AxisDefinition read_axis_definition(const Node& map, std::span<const std::string_view> choices, std::string_view label,
                                    Diagnostics& diagnostics);

/// Every number of the axis (of a linspace or geomspace: its ends) must lie in the domain of `parameter`.
void check_domain(const AxisDefinition& axis, const Parameter& parameter, Diagnostics& diagnostics);

/// Coordinates label the points of a dimension, so each may stand there once. An axis of more than 65,536 values is not
/// expanded for this: its pieces must then not overlap.
void check_distinct(const AxisDefinition& axis, const std::string& name, Diagnostics& diagnostics);

}  // namespace haggle::spec
