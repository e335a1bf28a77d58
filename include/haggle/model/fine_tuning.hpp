// SPDX-License-Identifier: MIT
// The fine-tuning game in its full generality: any number of specialists, any revenue and cost functions, one share for
// all domains or one each. Laufer, Kleinberg, Heidari, "Fine-Tuning Games", arXiv 2308.04399, sections 2 to 5.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "haggle/model/families.hpp"
#include "haggle/model/power_law.hpp"
#include "haggle/model/table.hpp"

namespace haggle::fine_tuning {

using power_law::GeneralistRegime, power_law::Solution, power_law::SpecialistRegime;

inline constexpr std::size_t most_specialists = 64;
inline constexpr std::size_t most_domains = 8;                      ///< of contract per_domain
inline constexpr std::size_t unset = static_cast<std::size_t>(-1);  ///< no such column, no such specialist

enum class Contract { uniform, per_domain };
/// Both shares of some domain's revenue are positive and both players of it invest.
enum class ProfitSharing : std::int8_t { unsolved = 0, yes = 1, no = 2 };
/// No other share (per_domain: no other shares) would leave everyone at least as well off and someone better.
enum class ParetoEfficient : std::int8_t { unsolved = 0, yes = 1, no = 2 };

/// Which columns of the parameter block are one specialist's.
struct SpecialistForm {
  std::string name;
  FunctionForm revenue, cost;
  std::size_t fixed = unset;    ///< fixed cost of taking part
  std::size_t outside = unset;  ///< outside option
  std::size_t weight = unset;   ///< bargaining weight beside the other specialists'; `unset` with one specialist
  std::size_t share = unset;    ///< of contract per_domain: the generalist's share of this domain under `fixed`
};

/// The first column of each output in the output block; `unset` where the table has no such output. Those marked [n]
/// have a column for each specialist.
struct OutputColumns {
  std::size_t status = 0, share = unset;  ///< share: [n] for contract per_domain
  std::size_t base_performance = unset, performance = unset /*[n]*/;
  std::size_t generalist_utility = unset, specialist_utility = unset /*[n]*/, surplus = unset, revenue = unset /*[n]*/;
  std::size_t generalist_regime = unset, specialist_regime = unset /*[n]*/, residual = unset;
  std::size_t first_best_surplus = unset, efficiency = unset, profit_sharing = unset, pareto_efficient = unset;
  // Contract uniform: the Pareto set's components as intervals of shares, NaN beyond the last.
  std::size_t pareto_components = unset, pareto_share_low = unset /*[component]*/,
              pareto_share_high = unset /*[component]*/;
  /// Utilities along the frontier: `frontier` points, spread over the components by their lengths (uniform) or sampled
  /// (per_domain).
  std::size_t frontier_share = unset /*[frontier] or [frontier][n]*/,
              frontier_generalist_utility = unset /*[frontier]*/, frontier_specialist_utility = unset /*[frontier][n]*/;
};

/// What all games of a sweep share.
struct Form {
  FunctionForm cost;                           ///< the generalist's
  std::size_t fixed = unset, outside = unset;  ///< the generalist's
  std::vector<SpecialistForm> specialists;     ///< 1 to most_specialists
  Contract contract = Contract::uniform;
  std::size_t solution = unset;              ///< a Solution
  std::size_t weight = unset;                ///< the generalist's bargaining weight
  std::size_t share = unset;                 ///< contract uniform: the share under `fixed`
  std::size_t powerful = unset;              ///< powerful_specialist is this one; `unset`: their sum
  std::size_t components = 0, frontier = 0;  ///< of the Pareto set: how many are kept, how many points
  OutputColumns outputs;
};

/// A table with what its rows refer to.
struct Table : GameTable {
  Form form;
  std::deque<std::string> texts;
  std::vector<Parameter> own_parameters;
  std::vector<InnerDimension> own_dimensions;
  std::vector<Output> own_outputs;
  std::vector<Requirement> own_requirements;
  std::vector<Word> own_words;
  std::vector<OutputGroup> own_groups;
  std::deque<std::vector<std::string_view>> lists;
  std::deque<std::vector<std::size_t>> dimension_lists;
  std::vector<Complaint> own_complaints;  ///< known from the outline alone
};

/// The table of the game that the outline describes: its specialists, families and contract, and what of its outputs
/// was asked for. Kernel `fine_tuning`. Of a wrong outline, the table of the nearest right one.
std::shared_ptr<const GameTable> make_table(const Outline& outline);

}  // namespace haggle::fine_tuning
