// SPDX-License-Identifier: MIT
// Any bytes are a plan or a SpecError, never a crash. Text before the first line "%%%" is a spec, every line after it a
// `--set path=value`; bytes that begin with "=" are one expression over axes, with "~" one of a revenue or a cost. What
// resolves must resolve to itself, and its points must be in their domains.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "haggle/model/formula.hpp"
#include "haggle/sweep/spec.hpp"

namespace {

constexpr std::string_view two_axes =
    "haggle: 1\ngame: fine_tuning\ngeneralist: {cost: {coefficient: {axis: a, values: [1, 2]}}}\n"
    "specialists: [{revenue: {elasticity: {axis: e, values: [0.5, 1]}}, cost: {coefficient: 4}}]\n";

/// In YAML's single quotes, where nothing but the quote itself is special.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

void require(bool truth) {
  if (!truth) std::abort();
}

std::vector<haggle::Override> overrides_in(std::string_view lines) {
  std::vector<haggle::Override> overrides;
  while (!lines.empty() && overrides.size() < 8) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    if (const std::size_t equals = line.find('='); equals != line.npos)
      overrides.push_back({std::string(line.substr(0, equals)), std::string(line.substr(equals + 1))});
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return overrides;
}

void check_formula(std::string_view text) {
  constexpr std::array<std::string_view, 2> names{"a", "b"};
  const auto read = haggle::Formula::parse(text, "x", names);
  if (const auto* wrong = std::get_if<std::string>(&read)) return require(!wrong->empty());
  const std::array<double, 2> numbers{2, 0.5};
  const auto once = std::get<haggle::Formula>(read).at(numbers.data(), 1.25);
  const auto again = std::get<haggle::Formula>(read).at(numbers.data(), 1.25);
  require(once.value == again.value || (once.value != once.value && again.value != again.value));
}

void check_point(const haggle::Plan& plan, haggle::GridIndex point) {
  const auto at = plan.grid.coordinates(point);
  require(plan.grid.index(at) == point);
  std::vector<std::vector<std::uint64_t>> indices;
  for (std::uint64_t i : at) indices.push_back({i});
  std::vector<std::vector<double>> parameters;
  std::vector<haggle::Status> status;
  haggle::Evaluator(plan).evaluate(indices, 1, parameters, status);
  for (std::size_t p = 0; p < parameters.size(); ++p)
    require(plan.game->parameters[p].domain.contains(parameters[p].at(0)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  if (all.starts_with('~')) {
    check_formula(all.substr(1));
    return 0;
  }
  const bool expression = all.starts_with('=');
  const std::size_t mark = all.find("\n%%%\n");
  const std::string_view spec = expression ? two_axes : all.substr(0, mark);
  std::vector<haggle::Override> overrides;
  if (expression)
    overrides = {{"where", quoted(all.substr(1))}};
  else if (mark != all.npos)
    overrides = overrides_in(all.substr(mark + 5));
  try {
    const haggle::Plan plan = haggle::read_spec(spec, "fuzz", overrides);
    const haggle::Plan again = haggle::read_spec(plan.resolved, "resolved");
    require(again.resolved == plan.resolved);
    require(again.hash == plan.hash);
    require(again.grid.points() == plan.grid.points());
    require(plan.grid.box({plan.grid.blocks() - 1}).points() >= 1);
    for (std::uint64_t point : {std::uint64_t{0}, plan.grid.points() / 2, plan.grid.points() - 1})
      check_point(plan, {point});
  } catch (const haggle::SpecError& error) {
    require(!error.diagnostics().empty());
    for (const auto& diagnostic : error.diagnostics()) require(!diagnostic.message.empty());
  }
  return 0;
}
