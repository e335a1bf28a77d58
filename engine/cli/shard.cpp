// SPDX-License-Identifier: MIT
#include "cli/shard.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "haggle/core/error.hpp"

namespace haggle::cli {
namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> variable(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return std::nullopt;
  const auto value = whole_number(text);
  if (!value) throw UsageError("--shard auto: the environment has " + std::string(name) + "=" + text + ", no number");
  return value;
}

std::optional<Shard> pair(const char* index, const char* count) {
  const auto i = variable(index), n = variable(count);
  if (!i || !n) return std::nullopt;
  return Shard{*i, *n};
}

/// Elements of the array may be numbered from anywhere, in steps.
std::optional<Shard> slurm_array() {
  auto shard = pair("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT");
  if (!shard) return shard;
  const std::uint64_t first = variable("SLURM_ARRAY_TASK_MIN").value_or(0);
  const std::uint64_t step = std::max<std::uint64_t>(variable("SLURM_ARRAY_TASK_STEP").value_or(1), 1);
  if (shard->index < first || (shard->index - first) % step != 0)
    throw UsageError("--shard auto: this array's numbers are no range; give --shard i/n");
  shard->index = (shard->index - first) / step;
  return shard;
}

/// This process among those that one launcher started together. mpirun comes first: under Slurm its processes inherit
/// the task number of the one that started them.
std::optional<Shard> task() {
  if (auto shard = pair("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE")) return shard;
  if (auto shard = pair("PMI_RANK", "PMI_SIZE")) return shard;
  if (auto shard = pair("SLURM_PROCID", "SLURM_STEP_NUM_TASKS")) return shard;
  // A batch script that no srun started has SLURM_NTASKS, too: in an array that is no reason to cut further.
  if (std::getenv("SLURM_ARRAY_TASK_ID") != nullptr) return std::nullopt;
  return pair("SLURM_PROCID", "SLURM_NTASKS");
}

Shard automatic() {
  const auto tasks = task(), array = slurm_array();
  if (tasks && array) return {array->index * tasks->count + tasks->index, array->count * tasks->count};
  if (array) return *array;
  if (tasks) return *tasks;
  if (auto shard = pair("JOB_COMPLETION_INDEX", "HAGGLE_SHARDS")) return *shard;
  throw UsageError(
      "--shard auto: the environment has neither OMPI_COMM_WORLD_RANK and _SIZE (mpirun), SLURM_PROCID and "
      "SLURM_NTASKS (srun), SLURM_ARRAY_TASK_ID and _COUNT (sbatch --array) nor JOB_COMPLETION_INDEX (Kubernetes) with "
      "HAGGLE_SHARDS, the number of completions; give --shard i/n");
}

}  // namespace

Shard parse_shard(const std::string& text) {
  if (text.empty()) return {};
  Shard shard;
  if (text == "auto") {
    shard = automatic();
  } else {
    const auto slash = text.find('/');
    const auto index = whole_number(text.substr(0, slash));
    const auto count = slash == std::string::npos ? std::nullopt : whole_number(text.substr(slash + 1));
    if (!index || !count) throw UsageError("--shard " + text + ": expected i/n, as in 0/16, or auto");
    shard = {*index, *count};
  }
  if (shard.count == 0 || shard.index >= shard.count)
    throw UsageError("--shard " + text + ": " + std::to_string(shard.index) + " of " + std::to_string(shard.count) +
                     "; shards are counted from 0 to n-1");
  return shard;
}

std::string shard_path(const std::string& path, Shard shard) {
  std::array<char, 64> suffix{};
  std::snprintf(suffix.data(), suffix.size(), ".shard-%04llu-of-%04llu", static_cast<unsigned long long>(shard.index),
                static_cast<unsigned long long>(shard.count));
  return path + suffix.data();
}

}  // namespace haggle::cli
