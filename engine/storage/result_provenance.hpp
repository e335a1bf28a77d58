// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>

#include "haggle/storage/result_file.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle {

/// What every result says of its sweep: spec_name, spec, spec_resolved, results_version, file_schema, pending_points.
Provenance result_provenance(const Plan& plan, std::uint64_t pending_points);

/// What the file says of itself, the root's spec_hash among it; nothing when it is no result file.
std::optional<Provenance> read_provenance(const std::string& path);
/// "" when there is no such entry.
std::string value_of(const Provenance& provenance, const std::string& key);

/// Nothing when the file is the plan's whole result, else what it is instead, a line each.
std::optional<std::string> difference_of_result(const std::string& path, const Plan& plan);

}  // namespace haggle
