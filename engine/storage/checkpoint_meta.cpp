// SPDX-License-Identifier: MIT
#include "storage/checkpoint_meta.hpp"

#include <charconv>
#include <cstdio>
#include <random>
#include <sstream>
#include <vector>

#include "haggle/core/results_version.hpp"
#include "storage/inner_dimensions.hpp"
#include "storage/schema.hpp"

namespace haggle {
namespace {

/// "generalist.cost.coefficient" → "{axis: c0, …}" of a spec in canonical form, one key a line, in its order.
std::vector<std::pair<std::string, std::string>> leaves(const std::string& resolved) {
  std::vector<std::pair<std::size_t, std::string>> above;  // indentation, key
  std::vector<std::pair<std::string, std::string>> found;
  std::istringstream lines(resolved);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t indent = line.find_first_not_of(" -");
    const std::size_t colon = line.find(':', indent == line.npos ? 0 : indent);
    if (indent == line.npos || colon == line.npos) continue;
    while (!above.empty() && above.back().first >= indent) above.pop_back();
    above.emplace_back(indent, line.substr(indent, colon - indent));
    if (colon + 2 >= line.size()) continue;
    std::string path;
    for (const auto& [depth, key] : above) path += (path.empty() ? "" : ".") + key;
    found.emplace_back(path, line.substr(colon + 2));
  }
  return found;
}

const std::string* find(const std::vector<std::pair<std::string, std::string>>& leaves, const std::string& path) {
  for (const auto& [key, value] : leaves)
    if (key == path) return &value;
  return nullptr;
}

std::string compared(const std::string& what, const std::string& theirs, const std::string& ours) {
  return "\n  " + what + ": " + theirs + " there, " + ours + " here";
}

std::string block_shape(const Plan& plan) {
  std::string text;
  for (const std::uint64_t n : plan.grid.block_shape()) text += (text.empty() ? "" : " x ") + std::to_string(n);
  return text;
}

}  // namespace

std::string random_id() {
  std::random_device device;
  std::string id;
  for (int i = 0; i < 4; ++i) {
    char part[9];
    std::snprintf(part, sizeof part, "%08x", device());
    id += part;
  }
  return id;
}

CheckpointMeta make_meta(const Plan& plan, const std::string& run_id, const std::string& instruction_set, Shard shard,
                         bool replaces, const std::string& resume) {
  return {{"spec_name", plan.spec_name},
          {"spec", plan.spec_text},
          {"spec_resolved", plan.resolved},
          {"spec_hash", plan.hash},
          {"block_shape", block_shape(plan)},
          {"inner_dimensions", inner_dimensions_text(plan)},
          {"results_version", std::to_string(results_version)},
          {"file_schema", std::to_string(file_schema)},
          {"instruction_set", instruction_set},
          {"shard", text_of(shard)},
          {"run_id", run_id},
          {"replaces", replaces ? "yes" : "no"},
          {"resume", resume}};
}

std::string difference_of_specs(const std::string& theirs, const std::string& ours) {
  const auto a = leaves(theirs), b = leaves(ours);
  std::string text;
  for (const auto& [path, value] : a)
    if (const std::string* other = find(b, path); !other || *other != value)
      text += compared(path, value, other ? *other : "nothing");
  for (const auto& [path, value] : b)
    if (!find(a, path)) text += compared(path, "nothing", value);
  return text;
}

std::string difference(const CheckpointMeta& meta, const Plan& plan) {
  std::string text;
  if (value_of(meta, "spec_hash") != plan.hash) {
    text = difference_of_specs(value_of(meta, "spec_resolved"), plan.resolved);
    if (text.empty()) text = compared("spec_hash", value_of(meta, "spec_hash"), plan.hash);
  }
  const auto compare = [&](const char* key, const std::string& what, const std::string& ours) {
    if (const std::string theirs = value_of(meta, key); theirs != ours) text += compared(what, theirs, ours);
  };
  compare("results_version", "the engine's results-version", std::to_string(results_version));
  compare("file_schema", "the file's schema", std::to_string(file_schema));
  compare("block_shape", "the cut into blocks", block_shape(plan));
  compare("inner_dimensions", "the outputs' own dimensions", inner_dimensions_text(plan));
  return text;
}

std::string value_of(const CheckpointMeta& meta, const char* key) {
  const auto found = meta.find(key);
  return found == meta.end() ? std::string() : found->second;
}

Shard shard_of(const CheckpointMeta& meta) {
  const std::string text = value_of(meta, "shard");
  Shard shard;
  const char* end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, shard.index);
  if (index.ptr < end) std::from_chars(index.ptr + 1, end, shard.count);
  if (shard.count == 0 || shard.index >= shard.count) return {};
  return shard;
}

std::string text_of(Shard shard) { return std::to_string(shard.index) + "/" + std::to_string(shard.count); }

}  // namespace haggle
