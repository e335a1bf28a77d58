// SPDX-License-Identifier: MIT
#include "haggle/storage/result_file.hpp"

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "haggle/core/error.hpp"
#include "haggle/storage/predict_size.hpp"
#include "storage/chunk_codec.hpp"
#include "storage/early_writeback.hpp"
#include "storage/part_file.hpp"
#include "storage/schema.hpp"

namespace haggle {
namespace {

using hdf5::Guard;
using hdf5::Quiet;

/// Uncompressed arrays have a size known beforehand; better to say now than after an hour that they will not fit.
void check_room(const Plan& plan, const PartFile& part) {
  if (plan.format.compression != 0) return;
  std::error_code unknown;
  const auto space = std::filesystem::space(std::filesystem::path(part.part()), unknown);
  const std::uint64_t total = predict_size(plan).total;
  if (!unknown && total > space.available)
    throw IoError(part.path() + ": the sweep takes " + std::to_string(total) + " bytes uncompressed and the disk has " +
                  std::to_string(space.available) +
                  " left; free some space, name another folder, leave out outputs, or compress");
}

}  // namespace

struct ResultFile::State {
  State(const Plan& p, const std::string& path, bool overwrite) : plan(p), part(path, overwrite), guard(part.part()) {
    check_room(plan, part);
    guard.watch(write_error);
    for (std::size_t output = 0; output < plan.outputs.size(); ++output)
      codecs.emplace_back(stored_type(plan, output), plan.dimensions.empty() ? 0 : plan.format.compression);
    result = create_result(guard, plan, part.descriptor(), write_error);
    writeback.emplace(part.descriptor());
  }

  ~State() {
    write_error = ECANCELED;  // if the file is still open nobody will read it: spare the disk its rest
  }

  void close() {
    writeback.reset();
    guard(H5Fflush(result.file, H5F_SCOPE_LOCAL), "be written to its end");
    result.outputs.clear();
    guard(result.file.close(), "be closed");
  }

  // In this order: HDF5 lets go of the file before its temporary name is removed.
  Plan plan;
  PartFile part;
  int write_error = 0;
  Guard guard;
  std::vector<ChunkCodec> codecs;
  EmptyResult result;
  std::optional<EarlyWriteback> writeback;
};

ResultFile::ResultFile(const Plan& plan, const std::string& path, bool overwrite) {
  check_names(plan);
  const Quiet quiet;
  state_ = std::make_unique<State>(plan, path, overwrite);
}

ResultFile::~ResultFile() {
  const Quiet quiet;
  state_.reset();
}

Chunk ResultFile::encode(std::size_t output, std::span<const std::byte> raw) const {
  return state_->codecs[output].encode(raw);
}

void ResultFile::store(FinishedBlock block) {
  const Quiet quiet;  // of this thread
  const Plan& plan = state_->plan;
  const Box box = plan.grid.box(block.block);
  const std::vector<hsize_t> offset(box.offset.begin(), box.offset.end());
  std::size_t bytes = 0;
  for (std::size_t output = 0; output < block.chunks.size(); ++output) {
    const Chunk& chunk = block.chunks[output];
    const hid_t dataset = state_->result.outputs[output];
    const herr_t done = offset.empty() ? H5Dwrite(dataset, hdf5::memory_type(stored_type(plan, output)), H5S_ALL,
                                                  H5S_ALL, H5P_DEFAULT, chunk.bytes.data())
                                       : H5Dwrite_chunk(dataset, H5P_DEFAULT, chunk.filter_mask, offset.data(),
                                                        chunk.bytes.size(), chunk.bytes.data());
    if (done < 0 || state_->write_error != 0)
      state_->guard.fail("write block " + std::to_string(block.block.value) + " of " +
                         std::string(plan.game->outputs[plan.outputs[output]].name));
    bytes += chunk.bytes.size();
  }
  state_->writeback->wrote(bytes);
}

void ResultFile::publish(const Provenance& provenance) {
  const Quiet quiet;
  const Plan& plan = state_->plan;
  Provenance entries{{"spec_name", plan.spec_name}, {"spec", plan.spec_text}, {"spec_resolved", plan.resolved}};
  entries.insert(entries.end(), provenance.begin(), provenance.end());
  write_provenance(state_->guard, state_->result.file, entries);
  state_->close();
  state_->part.publish();
}

}  // namespace haggle
