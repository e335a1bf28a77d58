// SPDX-License-Identifier: MIT
#include "storage/result_provenance.hpp"

#include "haggle/core/error.hpp"
#include "haggle/core/results_version.hpp"
#include "storage/checkpoint_meta.hpp"
#include "storage/hdf5.hpp"
#include "storage/schema.hpp"
#include "storage/what_is.hpp"

namespace haggle {

using hdf5::Handle;

Provenance result_provenance(const Plan& plan, std::uint64_t pending_points) {
  return {{"spec_name", plan.spec_name},
          {"spec", plan.spec_text},
          {"spec_resolved", plan.resolved},
          {"results_version", std::to_string(results_version)},
          {"file_schema", std::to_string(file_schema)},
          {"pending_points", std::to_string(pending_points)}};
}

std::optional<Provenance> read_provenance(const std::string& path) {
  const hdf5::Quiet quiet;
  try {
    require_hdf5(path);
    const hdf5::Guard guard(path);
    const Handle file = hdf5::open_to_read(guard);
    Provenance entries{{"spec_hash", hdf5::read_text(file, "spec_hash")}};
    if (H5Lexists(file, "provenance", H5P_DEFAULT) <= 0) return std::nullopt;
    const Handle group = guard(H5Gopen2(file, "provenance", H5P_DEFAULT), H5Gclose, "open its group provenance");
    for (const std::string& name : hdf5::attribute_names(guard, group))
      entries.emplace_back(name, hdf5::read_text(group, name.c_str()));
    return entries;
  } catch (const IoError&) {
    return std::nullopt;
  }
}

std::string value_of(const Provenance& provenance, const std::string& key) {
  for (const auto& [name, value] : provenance)
    if (name == key) return value;
  return {};
}

std::optional<std::string> difference_of_result(const std::string& path, const Plan& plan) {
  const auto theirs = read_provenance(path);
  if (!theirs) return "\n  it is not a whole result file";
  std::string text;
  if (value_of(*theirs, "spec_hash") != plan.hash)
    text += difference_of_specs(value_of(*theirs, "spec_resolved"), plan.resolved);
  for (const auto& [key, ours] :
       {std::pair<std::string, std::string>{"results_version", std::to_string(results_version)},
        {"file_schema", std::to_string(file_schema)},
        {"pending_points", "0"}})
    if (const std::string value = value_of(*theirs, key); value != ours)
      text.append("\n  ")
          .append(key)
          .append(": ")
          .append(value.empty() ? "unknown" : value)
          .append(" there, ")
          .append(ours)
          .append(" here");
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace haggle
