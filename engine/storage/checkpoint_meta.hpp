// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "haggle/core/shard.hpp"
#include "haggle/sweep/plan.hpp"
#include "storage/checkpoint_store.hpp"

namespace haggle {

/// What a new checkpoint says of its sweep: spec_name, spec, spec_resolved, spec_hash, block_shape, inner_dimensions
/// ("specialist 2 (A, B)", most often ""), results_version, file_schema, engine_version, instruction_set, shard
/// ("2/16"), run_id (a random number, also in the result), replaces
/// ("yes": an older result may be replaced) and resume (the command that goes on).
CheckpointMeta make_meta(const Plan& plan, const std::string& run_id, const std::string& instruction_set, Shard shard,
                         bool replaces, const std::string& resume);
/// 32 hexadecimal digits that no other run has.
std::string random_id();
/// "" when blocks of the checkpoint are blocks of the plan, to the bit; else what differs, a line each.
std::string difference(const CheckpointMeta& meta, const Plan& plan);
/// The same of two resolved specs: the keys that differ, with both values.
std::string difference_of_specs(const std::string& theirs, const std::string& ours);
std::string value_of(const CheckpointMeta& meta, const char* key);
Shard shard_of(const CheckpointMeta& meta);
std::string text_of(Shard shard);  ///< "2/16"

}  // namespace haggle
