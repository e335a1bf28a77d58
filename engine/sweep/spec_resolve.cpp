// SPDX-License-Identifier: MIT
#include "spec_resolve.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "expression.hpp"
#include "haggle/core/error.hpp"
#include "spec_axes.hpp"
#include "spec_canonical.hpp"
#include "spec_header.hpp"
#include "spec_leaves.hpp"
#include "spec_schema.hpp"
#include "spec_shared.hpp"
#include "text.hpp"

namespace haggle::spec {
namespace {

/// Points of a block: enough blocks to share a small grid among many workers, few enough to keep a large file's index
/// small; what is lost when a process is killed, or waited for when it is told to stop, is a block. Where a point has
/// many values of one output, `widest` of them, a chunk has at most 2 MiB of doubles. Depends on nothing but the spec,
/// so every run of it has the same blocks.
std::uint64_t block_points(std::uint64_t points, std::uint64_t widest, std::uint64_t least) {
  constexpr std::uint64_t most_values = std::uint64_t{1} << 18;
  const std::uint64_t most_blocks = 64 * (4096 / least);
  std::uint64_t block = least;
  while (block < 65536 && block * most_blocks < points) block *= 2;
  return std::clamp<std::uint64_t>(most_values / widest, 1, block);
}

void check_expression(const std::string& text, Place place, bool condition, const AxisBook& book,
                      Diagnostics& diagnostics) {
  const auto names = book.names();
  if (auto error = Expression::find_error(text, names, condition)) return diagnostics.add(place, *error);
  const Expression expression(text, names);
  for (std::size_t axis : expression.used())
    if (!book.axes()[axis].labels.empty())
      diagnostics.add(place, "axis " + quoted(names[axis]) + " runs over words; an expression takes numbers");
}

void check_requirements(const GameTable& game, const Leaves& leaves, const AxisBook& book, Diagnostics& diagnostics) {
  const auto row = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find_if(game.parameters.begin(), game.parameters.end(),
                                                 [&](const Parameter& p) { return p.name == name; }) -
                                    game.parameters.begin());
  };
  for (const Requirement& requirement : game.requirements) {
    const std::size_t needed = row(requirement.parameter), choice = row(requirement.choice);
    const Source& source = leaves.sources[choice];
    const auto choices = game.parameters[choice].choices;
    const bool possible = source.kind == Source::Kind::axis
                              ? book.may_be(source.axis, requirement.value)
                              : choices[static_cast<std::size_t>(source.constant)] == requirement.value;
    if (possible && !leaves.given[needed])
      diagnostics.add(leaves.places[choice], "`" + std::string(game.parameters[needed].path) + "` must be given when " +
                                                 std::string(last_key(game.parameters[choice].path)) + " may be `" +
                                                 std::string(requirement.value) +
                                                 "`: " + std::string(game.parameters[needed].meaning));
  }
}

std::uint64_t widest_of(const GameTable& game, const std::vector<std::size_t>& outputs) {
  std::uint64_t widest = 1;
  for (const std::size_t output : outputs) widest = std::max<std::uint64_t>(widest, game.width(output));
  return widest;
}

/// What the game itself says against the spec, at the places that it names.
void add_complaints(const GameTable& game, const Leaves& leaves, const Node& root, Diagnostics& diagnostics) {
  if (!game.rules) return;
  std::vector<double> constants;
  for (std::size_t p = 0; p < leaves.sources.size(); ++p) {
    const bool known = leaves.sound[p] && leaves.sources[p].kind == Source::Kind::constant;
    constants.push_back(known ? leaves.sources[p].constant : std::numeric_limits<double>::quiet_NaN());
  }
  for (Complaint& complaint : game.rules->complaints(game, constants))
    diagnostics.add(place_of(root, complaint.path), std::move(complaint.message));
}

/// All words that name a specialist.
std::string specialist_names(const GameTable& game, const std::vector<std::string>& words) {
  std::string names;
  for (std::size_t w = 0; w < game.words.size(); ++w)
    if (game.words[w].path.starts_with("specialists[") && game.words[w].path.ends_with("].name"))
      names += (names.empty() ? "" : ", ") + words[w];
  return names;
}

Grid make_grid(const std::vector<Dimension>& dimensions, std::uint64_t widest, std::uint64_t least_block,
               Diagnostics& diagnostics) {
  std::vector<std::uint64_t> shape;
  for (const Dimension& dimension : dimensions) shape.push_back(dimension.size);
  try {
    const std::uint64_t points = Grid(shape).points();
    return Grid(std::move(shape), block_points(points, widest, least_block));
  } catch (const UsageError& error) {
    diagnostics.add({}, error.what());
    return {};
  }
}

}  // namespace

Plan resolve(const Node& root, Diagnostics& diagnostics) {
  Plan plan;
  const Header header = read_header(root, diagnostics);
  if (!header.game) return plan;
  const GameTable& game = *header.game;
  const SchemaNode schema = make_schema(game);

  AxisBook book(game, diagnostics);
  const Leaves leaves = read_leaves(root, schema, game, book, diagnostics);
  book.resolve(root.find("zip"));
  for (std::size_t p = 0; p < leaves.sources.size(); ++p)
    if (leaves.sources[p].kind == Source::Kind::derived)
      check_expression(leaves.sources[p].expression, leaves.places[p], false, book, diagnostics);
  if (!header.where.empty()) check_expression(header.where, header.where_place, true, book, diagnostics);
  check_requirements(game, leaves, book, diagnostics);
  add_complaints(game, leaves, root, diagnostics);
  if (!diagnostics.empty()) return plan;

  plan.game = header.game;
  plan.title = header.title;
  plan.axes = book.axes();
  plan.dimensions = book.dimensions();
  plan.parameters = leaves.sources;
  plan.where = header.where;
  plan.outputs = header.outputs;
  plan.format = header.format;
  plan.abort_on_failure = header.abort_on_failure;
  plan.specialist_name = specialist_names(game, leaves.words);
  plan.grid = make_grid(plan.dimensions, widest_of(game, plan.outputs), game.least_block, diagnostics);
  plan.resolved = write_canonical(root, schema, plan, leaves.words, false);
  plan.hash = fnv1a(write_canonical(root, schema, plan, leaves.words, true));
  return plan;
}

}  // namespace haggle::spec
