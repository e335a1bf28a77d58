// SPDX-License-Identifier: MIT
#include "storage/checkpoint_store.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "haggle/core/error.hpp"
#include "storage/folder.hpp"
#include "storage/io_reason.hpp"

namespace haggle {
namespace {

static_assert(std::endian::native == std::endian::little, "blobs are stored as they are in memory");

constexpr int application = 0x68676c63;  ///< SQLite's application_id: "hglc"
constexpr int format = 1;                ///< SQLite's user_version
constexpr int patience_ms = 5000;
constexpr const char* no_locks =
    "its file system refuses locks; name a folder on a local disk with -o, or go without a checkpoint: --checkpoint "
    "off";
/// FULL does not sync the folder after the journal's removal: a power loss may bring it back, and with it the state
/// before a commit that had returned.
constexpr const char* setting = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA";

std::string reason(int code, int system_error) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return io_reason(ENOSPC);
    case SQLITE_NOTADB:
      return "it is not a checkpoint";
    case SQLITE_CORRUPT:
      return "it is damaged; delete it and what it names, and begin anew";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program holds it; close that program, or wait";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return io_reason(system_error != 0 ? system_error : EACCES);
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS:
      return no_locks;
    default:
      break;
  }
  switch (code) {
    case SQLITE_IOERR_LOCK:
    case SQLITE_IOERR_UNLOCK:
    case SQLITE_IOERR_RDLOCK:
    case SQLITE_IOERR_CHECKRESERVEDLOCK:
      return no_locks;
    default:
      return system_error != 0 ? io_reason(system_error) : std::string("SQLite: ") + sqlite3_errstr(code);
  }
}

}  // namespace

struct CheckpointStore::Database {
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  Database(std::string name, int flags) : path(std::move(name)) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    db.reset(opened);
    if (!opened) throw std::bad_alloc();
    if (code != SQLITE_OK) fail("be opened");
    sqlite3_extended_result_codes(opened, 1);
    sqlite3_busy_timeout(opened, patience_ms);
  }

  [[noreturn]] void fail(const std::string& doing) const {
    const int system_error = sqlite3_system_errno(db.get());
    throw IoError(path + ": cannot " + doing + ": " + reason(sqlite3_extended_errcode(db.get()), system_error));
  }
  void execute(const char* sql, const char* doing) const {
    if (sqlite3_exec(db.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(doing);
  }
  Statement prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db.get(), sql, -1, &statement, nullptr) != SQLITE_OK) fail("be read");
    return Statement(statement);
  }
  int number(const char* pragma) const {
    const Statement statement = prepare(pragma);
    if (sqlite3_step(statement.get()) != SQLITE_ROW) fail("be read");
    return sqlite3_column_int(statement.get(), 0);
  }
  bool busy() const { return (sqlite3_errcode(db.get()) & 0xff) == SQLITE_BUSY; }
  /// False when somebody else holds the file.
  bool try_to(const char* sql) const {
    if (sqlite3_exec(db.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return true;
    if (!busy()) fail("be written");
    return false;
  }
  void insert(std::span<const BlockRecord> records) const;
  void check_and_read_meta();

  std::string path;
  std::unique_ptr<sqlite3, Close> db;
  CheckpointMeta meta;
};

namespace {

std::string text(sqlite3_stmt* row, int column) {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(row, column));
  return data ? std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(row, column))) : std::string();
}

template <class T>
bool copy_blob(sqlite3_stmt* row, int column, T* to, std::size_t n) {
  const void* data = sqlite3_column_blob(row, column);
  if (static_cast<std::size_t>(sqlite3_column_bytes(row, column)) != n * sizeof(T)) return false;
  if (n > 0) std::memcpy(to, data, n * sizeof(T));
  return true;
}

/// False when the row cannot have been written by this engine.
bool read_record(sqlite3_stmt* row, BlockRecord& record) {
  record.block = BlockIndex{static_cast<std::uint64_t>(sqlite3_column_int64(row, 0))};
  record.generation = static_cast<std::uint32_t>(sqlite3_column_int64(row, 1));
  record.places.resize(static_cast<std::size_t>(sqlite3_column_bytes(row, 3)) / sizeof(ChunkPlace));
  return copy_blob(row, 2, record.counts.by_status.data(), record.counts.by_status.size()) &&
         copy_blob(row, 3, record.places.data(), record.places.size());
}

}  // namespace

void CheckpointStore::Database::insert(std::span<const BlockRecord> records) const {
  static_assert(sizeof(ChunkPlace) == 24);
  const Statement statement = prepare("INSERT OR REPLACE INTO block VALUES (?, ?, ?, ?)");
  for (const BlockRecord& record : records) {
    sqlite3_stmt* row = statement.get();
    const auto& counts = record.counts.by_status;
    sqlite3_bind_int64(row, 1, static_cast<sqlite3_int64>(record.block.value));
    sqlite3_bind_int64(row, 2, record.generation);
    sqlite3_bind_blob64(row, 3, counts.data(), sizeof counts, SQLITE_STATIC);
    sqlite3_bind_blob64(row, 4, record.places.data(), record.places.size() * sizeof(ChunkPlace), SQLITE_STATIC);
    if (sqlite3_step(row) != SQLITE_DONE) fail("be written");
    sqlite3_reset(row);
  }
}

void CheckpointStore::Database::check_and_read_meta() {
  if (number("PRAGMA application_id") != application) throw IoError(path + " is not a checkpoint of haggle");
  if (const int version = number("PRAGMA user_version"); version != format)
    throw IoError(path + ": the checkpoint has format " + std::to_string(version) + ", this engine reads " +
                  std::to_string(format) + "; finish it with the engine that began it");
  const Statement statement = prepare("SELECT key, value FROM meta");
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW)
    meta[text(statement.get(), 0)] = text(statement.get(), 1);
  if (code != SQLITE_DONE) fail("be read");
  if (!meta.contains("spec_resolved"))  // a torn file may be a sound database of nothing
    throw IoError(path + ": the checkpoint is damaged; begin anew with --force");
}

CheckpointStore::CheckpointStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}
CheckpointStore::~CheckpointStore() = default;
CheckpointStore::CheckpointStore(CheckpointStore&&) noexcept = default;
CheckpointStore& CheckpointStore::operator=(CheckpointStore&&) noexcept = default;

CheckpointStore CheckpointStore::create(const std::string& path, const CheckpointMeta& meta) {
  const std::string temporary = path + ".new";
  // A journal that stayed behind would be rolled back into the new file.
  for (const std::string& stale : {temporary, temporary + "-journal", path + "-journal"}) ::unlink(stale.c_str());
  {
    const Database made(temporary, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    sqlite3_busy_timeout(made.db.get(), 0);
    // Nobody else knows the file: when SQLite finds it locked, that is its word for a lock that it cannot have.
    if (sqlite3_exec(made.db.get(), setting, nullptr, nullptr, nullptr) != SQLITE_OK) {
      if (made.busy()) throw IoError(path + ": " + no_locks);
      made.fail("be set up");
    }
    made.execute("BEGIN IMMEDIATE", "be written");
    made.execute(
        ("PRAGMA application_id=" + std::to_string(application) + "; PRAGMA user_version=" + std::to_string(format) +
         "; CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL)"
         "; CREATE TABLE block(block INTEGER PRIMARY KEY, generation INTEGER NOT NULL, counts BLOB NOT NULL, "
         "places BLOB NOT NULL)")
            .c_str(),
        "be written");
    {
      const Database::Statement statement = made.prepare("INSERT INTO meta VALUES (?, ?)");
      for (const auto& [key, value] : meta) {
        sqlite3_bind_text(statement.get(), 1, key.c_str(), -1, SQLITE_STATIC);
        sqlite3_bind_text64(statement.get(), 2, value.c_str(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
        if (sqlite3_step(statement.get()) != SQLITE_DONE) made.fail("be written");
        sqlite3_reset(statement.get());
      }
    }
    made.execute("COMMIT", "be written");
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0)
    throw IoError(path + ": cannot be put in place: " + io_reason(errno));
  if (const int error = sync_folder_of(path))
    throw IoError(path + ": its name cannot be brought to the disk: " + io_reason(error));
  return open_to_write(path);
}

CheckpointStore CheckpointStore::open_to_read(const std::string& path) {
  // To write, all the same, where the file may be written: what a killed process left half done must first be taken
  // back.
  CheckpointStore store(std::make_unique<Database>(path, SQLITE_OPEN_READWRITE));
  store.database_->check_and_read_meta();
  return store;
}

CheckpointStore CheckpointStore::open_to_write(const std::string& path) {
  CheckpointStore store(std::make_unique<Database>(path, SQLITE_OPEN_READWRITE));
  store.database_->execute(setting, "be opened");
  store.database_->check_and_read_meta();
  return store;
}

const CheckpointMeta& CheckpointStore::meta() const { return database_->meta; }

bool CheckpointStore::add(std::span<const BlockRecord> records) {
  if (!database_->try_to("BEGIN IMMEDIATE")) return false;
  try {
    database_->insert(records);
    if (database_->try_to("COMMIT")) return true;
  } catch (...) {
    sqlite3_exec(database_->db.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
  database_->execute("ROLLBACK", "be written");
  return false;
}

void CheckpointStore::each(const std::function<void(const BlockRecord&)>& visit) {
  constexpr std::size_t page = 1024;
  std::vector<BlockRecord> records;
  sqlite3_int64 last = -1;
  do {
    records.clear();
    {
      const Database::Statement statement = database_->prepare(
          "SELECT block, generation, counts, places FROM block WHERE block > ? ORDER BY block LIMIT 1024");
      sqlite3_bind_int64(statement.get(), 1, last);
      int code = SQLITE_ROW;
      while ((code = sqlite3_step(statement.get())) == SQLITE_ROW)
        if (!read_record(statement.get(), records.emplace_back()))
          throw IoError(database_->path + ": the checkpoint is damaged; delete it and begin anew");
      if (code != SQLITE_DONE) database_->fail("be read");
    }
    if (!records.empty()) last = static_cast<sqlite3_int64>(records.back().block.value);
    for (const BlockRecord& record : records) visit(record);
  } while (records.size() == page);
}

}  // namespace haggle
