// SPDX-License-Identifier: MIT
#include "storage/chunk_codec.hpp"

#include <doctest/doctest.h>
#include <libdeflate.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <thread>

using namespace haggle;

namespace {

using Bytes = std::vector<std::byte>;

/// What HDF5's reader does: undo deflate, then shuffle, skipping what the mask says was skipped.
Bytes decode(const Chunk& chunk, std::size_t width, const ChunkCodec& codec, std::size_t size) {
  const unsigned deflate_bit = codec.shuffles() ? 2 : 1;
  Bytes plain = chunk.bytes;
  if (codec.deflates() && !(chunk.filter_mask & deflate_bit)) {
    plain.assign(size, std::byte{});
    libdeflate_decompressor* inflate = libdeflate_alloc_decompressor();
    std::size_t got = 0;
    REQUIRE(libdeflate_zlib_decompress(inflate, chunk.bytes.data(), chunk.bytes.size(), plain.data(), size, &got) ==
            LIBDEFLATE_SUCCESS);
    libdeflate_free_decompressor(inflate);
    REQUIRE(got == size);
  }
  if (!codec.shuffles() || (chunk.filter_mask & 1)) return plain;
  Bytes raw(plain.size());
  const std::size_t n = size / width;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < width; ++j) raw[i * width + j] = plain[j * n + i];
  return raw;
}

template <class T>
Bytes bytes_of(std::size_t n, const std::function<double(std::size_t)>& value) {
  Bytes raw(n * sizeof(T));
  for (std::size_t i = 0; i < n; ++i) {
    const T x = static_cast<T>(value(i));
    std::memcpy(raw.data() + i * sizeof(T), &x, sizeof(T));
  }
  return raw;
}

Bytes bytes_of(StoredType type, std::size_t n, const std::function<double(std::size_t)>& value) {
  return type == StoredType::int8      ? bytes_of<std::int8_t>(n, value)
         : type == StoredType::float32 ? bytes_of<float>(n, value)
                                       : bytes_of<double>(n, value);
}

double noise(std::size_t i) {
  std::uint64_t x = (i + 1) * 0x9e3779b97f4a7c15ULL;  // splitmix64: all bits of the mantissa and the exponent vary
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  return std::ldexp(static_cast<double>(x), static_cast<int>(x % 900) - 450);
}

const std::map<std::string, std::function<double(std::size_t)>> fields{
    {"constant", [](std::size_t) { return 0.5; }},
    {"fill", [](std::size_t) { return 0.0; }},
    {"smooth", [](std::size_t i) { return 100 * std::sin(1e-4 * static_cast<double>(i)); }},
    {"steps", [](std::size_t i) { return static_cast<double>(i / 201 % 100); }},
    {"noise", [](std::size_t i) { return std::fmod(noise(i), 100.0); }},
};

}  // namespace

TEST_CASE("an encoded chunk is what HDF5's filters turn back into the same values") {
  for (const StoredType type : {StoredType::int8, StoredType::float32, StoredType::float64})
    for (const int level : {0, 1, 4, 6, 9})
      for (const std::size_t n :
           {std::size_t{1}, std::size_t{7}, std::size_t{65}, std::size_t{8193}, std::size_t{65536}, std::size_t{70001}})
        for (const auto& named : fields) {
          const auto& field = named.second;
          CAPTURE(named.first);
          CAPTURE(level);
          CAPTURE(n);
          const Bytes raw = bytes_of(type, n, field);
          const ChunkCodec codec(type, level);
          CHECK(decode(codec.encode(raw), size_of(type), codec, raw.size()) == raw);
        }
}

TEST_CASE("a chunk never grows, and one of noise is stored as it is") {
  for (const int level : {1, 6}) {
    const ChunkCodec codec(StoredType::float64, level);
    const Bytes raw = bytes_of(StoredType::float64, 65536, noise);
    const Chunk chunk = codec.encode(raw);
    CHECK(chunk.bytes == raw);
    CHECK(chunk.filter_mask == 3);
    for (const auto& [name, field] : fields)
      for (const std::size_t n : {1, 100, 65536}) {
        const Bytes some = bytes_of(StoredType::float64, n, field);
        CHECK(codec.encode(some).bytes.size() <= some.size());
      }
  }
}

TEST_CASE("smooth numbers lose their top bytes' redundancy at every level, constants nearly everything") {
  const Bytes smooth = bytes_of(StoredType::float64, 65536, fields.at("smooth"));
  const Bytes constant = bytes_of(StoredType::float64, 65536, fields.at("constant"));
  for (const int level : {1, 6, 9}) {
    const ChunkCodec codec(StoredType::float64, level);
    CHECK(codec.encode(smooth).bytes.size() < smooth.size() * 85 / 100);
    CHECK(codec.encode(constant).bytes.size() < constant.size() / 100);
  }
}

TEST_CASE("many threads encode at once as one does") {
  const ChunkCodec codec(StoredType::float64, 1);
  const Bytes raw = bytes_of(StoredType::float64, 20000, fields.at("smooth"));
  const Bytes alone = codec.encode(raw).bytes;
  std::vector<Bytes> together(4);
  std::vector<std::thread> threads;
  for (Bytes& mine : together) threads.emplace_back([&] { mine = codec.encode(raw).bytes; });
  for (std::thread& thread : threads) thread.join();
  for (const Bytes& mine : together) CHECK(mine == alone);
}
