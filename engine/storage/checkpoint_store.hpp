// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "storage/block_record.hpp"

namespace haggle {

/// What a checkpoint says of its sweep, by key: see checkpoint_meta.hpp.
using CheckpointMeta = std::map<std::string, std::string>;

/// The small database of a checkpoint: which blocks are finished and where their bytes are. SQLite, with a rollback
/// journal and every commit synced. All members throw IoError that says what to do. One thread at a time.
class CheckpointStore {
 public:
  /// A new one, which appears whole or not at all.
  static CheckpointStore create(const std::string& path, const CheckpointMeta& meta);
  static CheckpointStore open_to_read(const std::string& path);
  static CheckpointStore open_to_write(const std::string& path);
  ~CheckpointStore();
  CheckpointStore(CheckpointStore&&) noexcept;
  CheckpointStore& operator=(CheckpointStore&&) noexcept;

  const CheckpointMeta& meta() const;
  /// In one transaction, on the disk when it returns. False, with nothing changed, while somebody reads the file and
  /// did not make room within some seconds.
  bool add(std::span<const BlockRecord> records);
  /// Every record, by block. Reads some at a time, so that a run that goes on is not held up.
  void each(const std::function<void(const BlockRecord&)>& visit);

 private:
  struct Database;
  explicit CheckpointStore(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace haggle
