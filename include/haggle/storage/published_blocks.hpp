// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <string>

#include "haggle/core/block_set.hpp"
#include "haggle/executor/sink.hpp"
#include "haggle/storage/result_file.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle {

/// The blocks of a published result file.
class PublishedBlocks final : public BlockSource {
 public:
  /// Throws IoError when `path` cannot be read, UsageError when it is of another sweep, saying what differs; another
  /// results-version is no difference here.
  PublishedBlocks(const Plan& plan, const std::string& path);
  ~PublishedBlocks() override;

  void load(BlockIndex block, std::size_t output, std::span<std::byte> raw) const override;
  /// The blocks with a point that is not pending, read from the statuses of all points.
  BlockSet held() const;
  /// What the file says of its making.
  const Provenance& provenance() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace haggle
