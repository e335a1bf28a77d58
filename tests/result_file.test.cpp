// SPDX-License-Identifier: MIT
// The file as our own code sees it. tests/python/test_result_file.py reads it with everybody else's.
#include "haggle/storage/result_file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "haggle/core/error.hpp"
#include "haggle/executor/run.hpp"
#include "haggle/storage/predict_size.hpp"
#include "temporary_folder.hpp"
#include "toy_sweep.hpp"

using namespace haggle;
using namespace haggle::test;
namespace fs = std::filesystem;

namespace {

void write(const Plan& plan, const std::string& path, bool overwrite = false, int threads = 2,
           const std::atomic<bool>* stop = nullptr) {
  ResultFile file(plan, path, overwrite);
  RunOptions options;
  options.threads = threads;
  options.stop = stop;
  run_sweep(plan, solve_toy, file, options);
  file.publish({{"host", "here"}});
}

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void put(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

const FileSummary::Variable& variable(const FileSummary& file, const std::string& name) {
  const auto found =
      std::find_if(file.variables.begin(), file.variables.end(), [&](const auto& v) { return v.name == name; });
  REQUIRE(found != file.variables.end());
  return *found;
}

using Counted = std::vector<std::pair<std::string, std::uint64_t>>;

/// Root may write anywhere; these tests then are nobody for a while.
struct Nobody {
  Nobody() {
    if (root) REQUIRE(::seteuid(65534) == 0);
  }
  ~Nobody() {
    if (root) REQUIRE(::seteuid(0) == 0);
  }
  const bool root = ::geteuid() == 0;
};

/// No file of this process may grow beyond `bytes`, as on a full disk.
struct FileSizeLimit {
  explicit FileSizeLimit(rlim_t bytes) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
  }
  rlimit before{};
  void (*handler)(int) = nullptr;
};

}  // namespace

TEST_CASE("a written sweep is read back with its names, shapes, units and counts") {
  const Folder folder;
  const std::string path = folder.file("toy.h5");
  write(toy_plan(41, 53, 200), path);
  const FileSummary file = inspect_file(path);
  CHECK(file.title == "A toy sweep: ξ against η");
  CHECK(file.game == "toy");
  CHECK(file.spec_hash == "0123456789abcdef");
  CHECK(file.history == "haggle " + file.engine_version + ": run toy.yaml");
  CHECK(file.dimensions == Counted{{"x", 41}, {"y", 53}});
  REQUIRE(file.variables.size() == 6);
  CHECK(file.variables[0].name == "x");
  CHECK(file.variables[2].name == "status");
  const auto& value = variable(file, "value");
  CHECK(value.dimensions == std::vector<std::string>{"x", "y"});
  CHECK(value.type == "float64");
  CHECK(value.unit == "m");
  CHECK(value.long_name == "Value α of the game");
  CHECK(value.bytes_raw == 41 * 53 * 8);
  CHECK(value.counts.empty());
  CHECK(variable(file, "status").counts == Counted{{"pending", 0},
                                                   {"solved", 40 * 53},
                                                   {"excluded", 0},
                                                   {"no_deal", 53},
                                                   {"unbounded", 0},
                                                   {"out_of_domain", 0},
                                                   {"not_converged", 0},
                                                   {"overflow", 0}});
  CHECK(variable(file, "regime").counts == Counted{{"unsolved", 0}, {"above", 820}, {"below", 41 * 53 - 820}});
  REQUIRE(file.provenance.size() == 7);
  CHECK(file.provenance[1] == std::pair<std::string, std::string>{"spec", "haggle: 1\ngame: toy  # ξ\n"});
  CHECK(file.provenance[5] == std::pair<std::string, std::string>{"pending_points", "0"});
  CHECK(file.provenance[6] == std::pair<std::string, std::string>{"host", "here"});
}

TEST_CASE("a single game is a file of scalars") {
  const Folder folder;
  write(single_toy(), folder.file("one.h5"));
  const FileSummary file = inspect_file(folder.file("one.h5"));
  CHECK(file.dimensions.empty());
  CHECK(variable(file, "value").dimensions.empty());
  CHECK(variable(file, "value").bytes_raw == 8);
  CHECK(variable(file, "status").counts[1] == std::pair<std::string, std::uint64_t>{"solved", 1});
}

TEST_CASE("zipped and categorical axes are variables of their own") {
  const Folder folder;
  Plan plan = toy_plan(6, 3, 5);
  plan.axes.push_back(numbers("solution", 3));
  plan.axes[2].labels = {"low", "middle", "high"};
  plan.dimensions = {{"x", 6, {0}}, {"pair", 3, {1, 2}}};
  plan.parameters[2] = {Source::Kind::axis, 0, 2, ""};
  write(plan, folder.file("zip.h5"));
  const FileSummary file = inspect_file(folder.file("zip.h5"));
  CHECK(file.dimensions == Counted{{"x", 6}, {"pair", 3}});
  CHECK(variable(file, "pair").type == "int64");
  CHECK(variable(file, "y").dimensions == std::vector<std::string>{"pair"});
  CHECK(variable(file, "solution").dimensions == std::vector<std::string>{"pair"});
  CHECK(variable(file, "solution").type == "string");
  CHECK(variable(file, "status").dimensions == std::vector<std::string>{"x", "pair"});
}

TEST_CASE("one thread twice gives the same file to the byte, many threads the same arrays") {
  const Folder folder;
  const Plan plan = toy_plan(100, 120, 500);
  write(plan, folder.file("a.h5"), false, 1);
  write(plan, folder.file("b.h5"), false, 1);
  write(plan, folder.file("c.h5"), false, 4);
  CHECK(contents(folder.file("a.h5")) == contents(folder.file("b.h5")));
  const FileSummary a = inspect_file(folder.file("a.h5")), c = inspect_file(folder.file("c.h5"));
  for (std::size_t v = 0; v < a.variables.size(); ++v) {
    CHECK(a.variables[v].bytes_stored == c.variables[v].bytes_stored);
    CHECK(a.variables[v].counts == c.variables[v].counts);
  }
}

TEST_CASE("what a stopped run did not solve reads as pending") {
  const Folder folder;
  const Plan plan = toy_plan(40, 50, 200);
  const std::atomic<bool> stop{true};
  write(plan, folder.file("none.h5"), false, 2, &stop);
  CHECK(variable(inspect_file(folder.file("none.h5")), "status").counts[0] ==
        std::pair<std::string, std::uint64_t>{"pending", 2000});
}

TEST_CASE("the file appears whole, under its name, at the end") {
  const Folder folder;
  const Plan plan = toy_plan(10, 10, 50);
  const std::string path = folder.file("toy.h5");
  {
    ResultFile file(plan, path, false);
    run_sweep(plan, solve_toy, file, {});
    CHECK_FALSE(fs::exists(path));
    CHECK(fs::exists(path + ".part"));
    file.publish({});
  }
  CHECK(fs::exists(path));
  CHECK_FALSE(fs::exists(path + ".part"));
}

TEST_CASE("an unpublished file leaves no trace, and an older result as it was") {
  const Folder folder;
  const std::string path = folder.file("toy.h5");
  put(path, "old");
  {
    const ResultFile file(toy_plan(10, 10, 50), path, true);
    CHECK(contents(path) == "old");
  }
  CHECK(contents(path) == "old");
  CHECK_FALSE(fs::exists(path + ".part"));
}

TEST_CASE("an existing file is replaced only when asked") {
  const Folder folder;
  const std::string path = folder.file("toy.h5");
  put(path, "old");
  CHECK_THROWS_AS(write(toy_plan(10, 10, 50), path), UsageError);
  CHECK(contents(path) == "old");
  CHECK_FALSE(fs::exists(path + ".part"));
  write(toy_plan(10, 10, 50), path, true);
  CHECK(inspect_file(path).game == "toy");
}

TEST_CASE("a file that somebody else makes during the run is left alone and the result is kept beside it") {
  const Folder folder;
  const Plan plan = toy_plan(10, 10, 50);
  const std::string path = folder.file("toy.h5");
  {
    ResultFile file(plan, path, false);
    run_sweep(plan, solve_toy, file, {});
    put(path, "theirs");
    const std::string message = message_of<IoError>([&] { file.publish({}); });
    CHECK(says(message, "toy.h5.part"));
  }
  CHECK(contents(path) == "theirs");
  CHECK(inspect_file(path + ".part").game == "toy");
}

TEST_CASE("a link is followed, not replaced") {
  const Folder folder;
  fs::create_directory(folder.path / "disk");
  put(folder.file("disk/real.h5"), "old");
  fs::create_symlink("disk/real.h5", folder.path / "link.h5");
  write(toy_plan(10, 10, 50), folder.file("link.h5"), true);
  CHECK(fs::is_symlink(folder.path / "link.h5"));
  CHECK(inspect_file(folder.file("disk/real.h5")).game == "toy");
}

TEST_CASE("a temporary file left by a killed run is replaced, one in use is refused") {
  const Folder folder;
  const Plan plan = toy_plan(10, 10, 50);
  const std::string path = folder.file("toy.h5");
  put(path + ".part", "\x89HDF\r\n\x1a\n" + std::string(100000, 'x'));
  {
    ResultFile first(plan, path, false);
    const std::string message = message_of<IoError>([&] { const ResultFile second(plan, path, false); });
    CHECK(says(message, "another run"));
    CHECK(fs::exists(path + ".part"));
    run_sweep(plan, solve_toy, first, {});
    first.publish({});
  }
  CHECK(inspect_file(path).game == "toy");
}

TEST_CASE("places that cannot hold a file are refused before any work, with the reason") {
  const Folder folder;
  const auto refusal = [](const std::string& path) {
    return message_of<IoError>([&] { const ResultFile file(toy_plan(10, 10, 50), path, true); });
  };
  CHECK(says(refusal(folder.file("missing/toy.h5")), "No such file or directory"));
  CHECK(says(refusal(folder.path.string()), "is a folder"));
  CHECK(says(refusal(folder.path.string() + "/"), "is a folder"));
  put(folder.file("plain"), "");
  CHECK(says(refusal(folder.file("plain/toy.h5")), "plain is not a folder"));
  CHECK(says(refusal("/dev/null"), "not an ordinary file"));
  fs::create_directory(folder.path / "toy.h5.part");
  CHECK(says(refusal(folder.file("toy.h5")), "cannot be created"));

  fs::create_directory(folder.path / "closed");
  fs::permissions(folder.path, fs::perms::all);
  fs::permissions(folder.path / "closed", fs::perms::owner_read | fs::perms::others_read | fs::perms::others_exec);
  const Nobody nobody;
  const std::string message = refusal(folder.file("closed/toy.h5"));
  CHECK(says(message, "Permission denied"));
  CHECK(says(message, "name a folder that you may write to"));
}

TEST_CASE("a disk that fills up ends the run with the reason and leaves the older file untouched") {
  const Folder folder;
  const std::string path = folder.file("toy.h5");
  put(path, "old");
  Plan plan = toy_plan(200, 200, 4000);
  plan.format.compression = 0;
  for (const rlim_t limit : {rlim_t{1000}, rlim_t{40000}, rlim_t{600000}}) {
    CAPTURE(limit);
    std::string message;
    {
      const FileSizeLimit full(limit);
      message = message_of<IoError>([&] { write(plan, path, true); });
    }
    CHECK(says(message, "toy.h5.part"));
    CHECK(says(message, "File too large; raise the limit"));
    CHECK(contents(path) == "old");
    CHECK_FALSE(fs::exists(path + ".part"));
  }
  write(plan, path, true);
  CHECK(inspect_file(path).game == "toy");
}

TEST_CASE("an uncompressed sweep that cannot fit on the disk is refused at once") {
  const Folder folder;
  Plan plan = toy_plan(2, 2, 65536);
  for (const std::size_t d : {0, 1}) {
    plan.axes[d].segments = {Spaced{0, 1, 1'000'000'000}};
    plan.dimensions[d].size = 1'000'000'000;
  }
  plan.grid = Grid({1'000'000'000, 1'000'000'000});
  plan.format.compression = 0;
  const std::string message = message_of<IoError>([&] { const ResultFile file(plan, folder.file("big.h5"), false); });
  CHECK(says(message, "takes at least"));
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("two variables of one name are refused") {
  const Folder folder;
  Plan plan = toy_plan(4, 4, 65536);
  plan.axes[0].name = plan.dimensions[0].name = "value";
  CHECK(says(message_of<UsageError>([&] { const ResultFile file(plan, folder.file("a.h5"), false); }), "'value'"));
  plan.axes[0].name = plan.dimensions[0].name = "provenance";
  CHECK_THROWS_AS(ResultFile(plan, folder.file("a.h5"), false), UsageError);
}

TEST_CASE("the predicted size counts every array once and never wraps") {
  const FileEstimate small = predict_size(toy_plan(41, 53, 200));
  CHECK(small.total == (41 + 53) * 8 + 41 * 53 * (1 + 8 + 1 + 8));
  Plan plan = toy_plan(41, 53, 200);
  plan.format.float32 = true;
  CHECK(predict_size(plan).variables[3].bytes == 41 * 53 * 4);
  plan.grid = Grid({std::uint64_t{1} << 62});
  CHECK(predict_size(plan).total == ~std::uint64_t{0});
}

TEST_CASE("what is no result file is called what it is") {
  const Folder folder;
  const auto complaint = [&](const std::string& name, const std::string& text) {
    put(folder.file(name), text);
    return message_of<IoError>([&] { inspect_file(folder.file(name)); });
  };
  CHECK(says(complaint("empty.h5", ""), "is empty"));
  CHECK(says(complaint("spec.yaml", "haggle: 1\ngame: toy\n"), "is a spec, not a result"));
  CHECK(says(complaint("notes.txt", "hello\n"), "is a text file"));
  CHECK(says(complaint("old.nc", std::string("CDF\x01\0\0", 6)), "classic netCDF"));
  CHECK(says(complaint("x.checkpoint", std::string("SQLite format 3\0", 16)), "checkpoint"));
  CHECK(says(complaint("noise.h5", std::string("\x01\x02\x03", 3)), "is not an HDF5 file"));
  CHECK(says(complaint("toy.h5.part", "\x01"), "a run that was killed"));
  CHECK(says(message_of<IoError>([&] { inspect_file(folder.file("missing.h5")); }), "No such file"));
  CHECK(says(message_of<IoError>([&] { inspect_file(folder.path.string()); }), "is a folder"));

  const ResultFile running(toy_plan(10, 10, 50), folder.file("now.h5"), false);
  CHECK(says(message_of<IoError>([&] { inspect_file(folder.file("now.h5.part")); }), "still goes on"));
}

TEST_CASE("a truncated or damaged result is an error, never wrong numbers in silence") {
  const Folder folder;
  const std::string path = folder.file("toy.h5");
  write(toy_plan(100, 100, 500), path);
  const std::string whole = contents(path);
  put(path, whole.substr(0, whole.size() / 2));
  CHECK(says(message_of<IoError>([&] { inspect_file(path); }), "truncated file"));

  // Zeros over everything behind the first kilobytes: chunks no longer inflate, tables are no tables.
  std::string damaged = whole;
  std::fill(damaged.begin() + 4096, damaged.end(), '\0');
  put(path, damaged);
  CHECK(says(message_of<IoError>([&] { inspect_file(path); }), path));
}
