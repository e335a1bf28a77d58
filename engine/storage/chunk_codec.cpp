// SPDX-License-Identifier: MIT
#include "storage/chunk_codec.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

namespace haggle {
namespace {

using Bytes = std::vector<std::byte>;

struct Free {
  void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
};

/// A thread's own compressor and scratch, reused from chunk to chunk.
struct Workshop {
  int level = 0;
  std::unique_ptr<libdeflate_compressor, Free> compressor;
  Bytes shuffled, slices, sample, tried, packed;

  libdeflate_compressor* at(int wanted) {
    if (level != wanted) compressor.reset(libdeflate_alloc_compressor(wanted));
    if (!compressor) throw std::bad_alloc();
    level = wanted;
    return compressor.get();
  }
};

Workshop& workshop() {
  thread_local Workshop mine;
  return mine;
}

/// An 8×8 matrix of bytes, one row a word, turned about its diagonal: Hacker's Delight, 2nd edition, section 7-3.
void transpose(std::array<std::uint64_t, 8>& rows) {
  const auto swap = [&](std::size_t a, std::size_t b, int shift, std::uint64_t mask) {
    const std::uint64_t t = ((rows[a] >> shift) ^ rows[b]) & mask;
    rows[b] ^= t;
    rows[a] ^= t << shift;
  };
  for (const std::size_t a : {0, 1, 2, 3}) swap(a, a + 4, 32, 0x00000000ffffffffULL);
  for (const std::size_t a : {0, 1, 4, 5}) swap(a, a + 2, 16, 0x0000ffff0000ffffULL);
  for (const std::size_t a : {0, 2, 4, 6}) swap(a, a + 1, 8, 0x00ff00ff00ff00ffULL);
}

/// to[j*n + i] = byte j of value i: HDF5's shuffle filter. `to` is as large as `from`.
void shuffle(std::span<const std::byte> from, std::size_t width, std::span<std::byte> to) {
  const std::size_t n = from.size() / width;
  std::size_t i = 0;
  if (width == 8) {
    for (; i + 8 <= n; i += 8) {
      std::array<std::uint64_t, 8> rows;
      std::memcpy(rows.data(), from.data() + i * 8, 64);
      transpose(rows);
      for (std::size_t j = 0; j < 8; ++j) std::memcpy(to.data() + j * n + i, &rows[j], 8);
    }
  }
  for (; i < n; ++i)
    for (std::size_t j = 0; j < width; ++j) to[j * n + i] = from[i * width + j];
}

/// How many of each value's bytes, counted from the least significant, are noise that deflate would not shrink.
std::size_t noisy_bytes(Workshop& shop, libdeflate_compressor* compressor, std::span<const std::byte> raw,
                        std::size_t width, double worthwhile) {
  const std::size_t n = raw.size() / width;
  if (n < 1024) return 0;
  // Two slices of an eighth of the chunk together; with 2048 values they see repeats along a dimension of a thousand.
  const std::size_t slice = std::min<std::size_t>(n / 16, 2048);
  shop.sample.resize(2 * slice * width);
  std::size_t noisy = width;
  shop.slices.resize(2 * slice * width);
  for (std::size_t s = 0; s < 2; ++s)
    std::memcpy(shop.slices.data() + s * slice * width, raw.data() + (n * (1 + 2 * s) / 4) * width, slice * width);
  shuffle(shop.slices, width, shop.sample);
  shop.tried.resize(libdeflate_deflate_compress_bound(compressor, 2 * slice));
  // Noise sits at the bottom of a value, so the search starts at the top and ends at the first byte of noise.
  for (; noisy > 0; --noisy) {
    const std::size_t size = libdeflate_deflate_compress(compressor, shop.sample.data() + (noisy - 1) * 2 * slice,
                                                         2 * slice, shop.tried.data(), shop.tried.size());
    if (static_cast<double>(size) > worthwhile * static_cast<double>(2 * slice)) break;
  }
  return noisy;
}

void put(Bytes& out, std::size_t& at, std::initializer_list<unsigned> bytes) {
  for (const unsigned b : bytes) out[at++] = static_cast<std::byte>(b);
}

/// A zlib stream (RFC 1950) of `plain` whose first `stored` bytes stand in stored blocks (RFC 1951, 3.2.4), the rest in
/// what libdeflate makes of it. Returns its size in `out`.
std::size_t zlib_stream(libdeflate_compressor* compressor, std::span<const std::byte> plain, std::size_t stored,
                        Bytes& out) {
  constexpr std::size_t block = 65535;
  const std::size_t rest = plain.size() - stored;
  out.resize(2 + stored + 5 * (stored / block + 1) + libdeflate_deflate_compress_bound(compressor, rest) + 4);
  std::size_t at = 0;
  put(out, at, {0x78, 0x01});  // deflate with a window of 32 KiB, fastest
  for (std::size_t from = 0; from < stored;) {
    const auto length = static_cast<unsigned>(std::min(block, stored - from));
    // Not the last block, stored: a header of three zero bits that ends at a byte, the length and its complement.
    put(out, at, {0, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff});
    std::memcpy(out.data() + at, plain.data() + from, length);
    at += length;
    from += length;
  }
  at += libdeflate_deflate_compress(compressor, plain.data() + stored, rest, out.data() + at, out.size() - at - 4);
  const std::uint32_t sum = libdeflate_adler32(1, plain.data(), plain.size());
  put(out, at, {sum >> 24, (sum >> 16) & 0xff, (sum >> 8) & 0xff, sum & 0xff});
  return at;
}

}  // namespace

Chunk ChunkCodec::encode(std::span<const std::byte> raw) const {
  if (!deflates()) return {{raw.begin(), raw.end()}, 0};
  Workshop& shop = workshop();
  libdeflate_compressor* compressor = shop.at(level_);
  // Who asks for a low level wants speed: a byte must shrink to half to be worth its time. From 5 on, size counts.
  const double worthwhile = level_ < 5 ? 0.5 : 0.97;
  std::size_t stored = 0;
  std::span<const std::byte> plain = raw;
  const std::uint32_t all_filters = shuffles() ? 0b11 : 0b1;
  if (shuffles()) {
    const std::size_t noisy = noisy_bytes(shop, compressor, raw, width_, worthwhile);
    if (noisy == width_) return {{raw.begin(), raw.end()}, all_filters};
    shop.shuffled.resize(raw.size());
    shuffle(raw, width_, shop.shuffled);
    plain = shop.shuffled;
    stored = noisy * (raw.size() / width_);
  }
  const std::size_t size = zlib_stream(compressor, plain, stored, shop.packed);
  if (size * 20 > raw.size() * 19) return {{raw.begin(), raw.end()}, all_filters};
  return {{shop.packed.begin(), shop.packed.begin() + static_cast<std::ptrdiff_t>(size)}, 0};
}

}  // namespace haggle
