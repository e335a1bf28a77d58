// SPDX-License-Identifier: MIT
// The axes of a spec: first gathered leaf by leaf, then checked as a whole, since one may be named before it is
// defined.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "axis_definition.hpp"
#include "diagnostics.hpp"
#include "haggle/sweep/plan.hpp"
#include "spec_node.hpp"

namespace haggle::spec {

class AxisBook {
 public:
  AxisBook(const GameTable& game, Diagnostics& diagnostics) : game_(game), diagnostics_(diagnostics) {}

  /// `map` says `axis: NAME` for that parameter. Returns the axis' index, in the order of first appearance.
  std::size_t use(const std::string& name, std::size_t parameter, const Node& map, Place name_place);

  /// Reads every definition, and `zip` when there is one. What comes out is sound only if nothing was diagnosed.
  void resolve(const Node* zip);

  const std::vector<Axis>& axes() const { return axes_; }
  const std::vector<Dimension>& dimensions() const { return dimensions_; }
  std::vector<std::string_view> names() const;
  /// Whether a choice on that axis may take the word.
  bool may_be(std::size_t axis, std::string_view word) const;

 private:
  struct Entry {
    std::string name;
    Place place;
    std::vector<std::size_t> parameters;
    std::vector<const Node*> definitions;
    AxisDefinition definition;
    bool zipped = false;
  };

  void check_name(const std::string& name, Place place, std::string_view what);
  void define(Entry& entry);
  void read_zip(const Node& zip);
  void read_zip_members(const std::string& name, const Node& list);
  void make_dimensions();

  const GameTable& game_;
  Diagnostics& diagnostics_;
  std::vector<Entry> entries_;
  std::vector<Axis> axes_;
  std::vector<Dimension> zips_;
  std::vector<Dimension> dimensions_;
};

}  // namespace haggle::spec
