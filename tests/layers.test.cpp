// SPDX-License-Identifier: MIT
// Keeps the house's floors: who may include whom, which library belongs to which room, and who may print or exit.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path root{HAGGLE_SOURCE_DIR};

/// Room → what it may include besides itself: a room, or one header of a room.
const std::map<std::string, std::set<std::string>> allowed{
    {"core", {}},
    {"model", {"core"}},
    {"solver", {"core", "model"}},
    // Tables only, the families' names and the order of their numbers: nothing it could copy an error from.
    {"verify", {"core", "model/table.hpp", "model/power_law.hpp", "model/fine_tuning.hpp"}},
    {"sweep", {"core", "model/table.hpp"}},
    {"executor", {"core", "model", "solver", "sweep"}},
    {"storage", {"core", "model/table.hpp", "sweep", "executor/sink.hpp"}},
    {"cli", {"core", "model/table.hpp", "sweep", "executor", "storage", "verify"}},
};

/// Start of a foreign header's name → where it may be included, as a pattern of the including file's path.
const std::vector<std::pair<std::string, std::regex>> owners{
    {"yaml-cpp/", std::regex("engine/sweep/spec_yaml.*")},
    {"muParser", std::regex("engine/(sweep/.*|verify/general_expression.cpp)")},
    {"hdf5", std::regex("engine/storage/.*")},
    {"H5", std::regex("engine/storage/.*")},
    {"libdeflate", std::regex("engine/storage/.*")},
    {"sqlite3", std::regex("engine/storage/checkpoint_store.cpp")},
    {"CLI/", std::regex("engine/cli/.*")},
    {"nlohmann/", std::regex("engine/cli/.*")},
    {"xsimd/", std::regex("include/haggle/core/pack.hpp")},
    {"sleef", std::regex("include/haggle/core/pack.hpp")},
    {"omp.h", std::regex("engine/(executor|cli)/.*")},
};

/// "engine/sweep/spec.cpp" and "include/haggle/sweep/spec.hpp" both stand in room "sweep".
std::string room_of(const std::string& path) {
  std::smatch m;
  return std::regex_match(path, m, std::regex("(?:include/haggle|engine)/([a-z_]+)/.*")) ? m[1].str() : "";
}

std::vector<std::string> own_include_violations(const std::string& path, const std::string& included) {
  const std::string room = room_of(path);
  if (included.starts_with(".")) return {path + ": name " + included + " from its room"};
  std::smatch m;
  std::string target = included, other = room;  // "grid.hpp": a neighbour
  if (std::regex_match(included, m, std::regex("(?:haggle/)?(([a-z_]+)/.*)"))) target = m[1], other = m[2];
  if (other == room) return {};
  if (!allowed.contains(other)) return {path + ": there is no room for " + included};
  if (allowed.at(room).contains(other) || allowed.at(room).contains(target)) return {};
  return {path + ": " + room + " may not include " + included};
}

std::vector<std::string> foreign_include_violations(const std::string& path, const std::string& included) {
  for (const auto& [start, where] : owners)
    if (included.starts_with(start) && !std::regex_match(path, where)) return {path + " may not include " + included};
  return {};
}

/// Comments and the contents of literals blanked out.
std::string code_only(const std::string& text) {
  static const std::regex noise(R"re(//[^\n]*|/\*[^]*?\*/|'(?:\\.|[^'\\\n])'|"(?:\\.|[^"\\\n])*")re");
  return std::regex_replace(text, noise, "\"\"");
}

std::vector<std::string> output_violations(const std::string& path, const std::string& text) {
  if (room_of(path) == "cli") return {};
  static const std::regex speaking(
      R"(std::(cout|cerr|clog)\b|\b(v?f?printf|puts|fputs|putchar|perror|_?exit|quick_exit|abort|terminate)\s*\()");
  std::smatch m;
  const std::string code = code_only(text);
  if (std::regex_search(code, m, speaking)) return {path + ": only the command line prints or exits: " + m[0].str()};
  return {};
}

std::vector<std::string> violations(const std::string& path, const std::string& text) {
  static const std::regex include(R"re(#\s*include\s*([<"])([^>"]+)[>"])re");
  std::vector<std::string> all = output_violations(path, text);
  for (std::sregex_iterator at(text.begin(), text.end(), include), end; at != end; ++at) {
    const auto more = (*at)[1] == "<" && !(*at)[2].str().starts_with("haggle/")
                          ? foreign_include_violations(path, (*at)[2])
                          : own_include_violations(path, (*at)[2]);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::string contents(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::vector<fs::path> sources_under(const char* folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder))
    if (const auto kind = entry.path().extension(); kind == ".hpp" || kind == ".cpp") files.push_back(entry.path());
  return files;
}

}  // namespace

TEST_CASE("every source stands in a room, and no room reaches above its floor") {
  for (const char* folder : {"include", "engine"}) {
    const auto files = sources_under(folder);
    REQUIRE(files.size() > 5);
    for (const auto& file : files) {
      const std::string path = fs::relative(file, root).generic_string();
      CAPTURE(path);
      REQUIRE(allowed.contains(room_of(path)));
      for (const auto& violation : violations(path, contents(file))) FAIL_CHECK(violation);
    }
  }
}

TEST_CASE("the brute-force reference shares no code with the engine") {
  const std::regex foreign(R"re(#\s*include\s*["<](?!haggle/verify/|verify/general_)[^">]*/)re");
  const std::regex reference("(general_.*|equilibrium|brute_force|regret)[.][ch]pp");
  std::size_t files = 0;
  for (const char* folder : {"include/haggle/verify", "engine/verify"})
    for (const fs::path& file : sources_under(folder)) {
      if (!std::regex_match(file.filename().string(), reference)) continue;
      const std::string text = contents(file);
      CHECK_MESSAGE(!text.empty(), file.string());
      CHECK_MESSAGE(!std::regex_search(text, foreign), file.string());
      ++files;
    }
  CHECK(files >= 18);
}

TEST_CASE("a certificate reads a table's columns and evaluates none of its functions") {
  // Jets, growths and Formula::at are what the engine computes with.
  const std::regex computing(R"(::at\(|[.>]at<|growth<|convex_until|revenue_of|cost_of|function_of<|Jet)");
  for (const char* name : {"fine_tuning_game.cpp", "fine_tuning_claims.cpp", "fine_tuning_certificate.cpp"}) {
    const std::string text = contents(root / "engine/verify" / name);
    CHECK_MESSAGE(!text.empty(), name);
    CHECK_MESSAGE(!std::regex_search(text, computing), name);
  }
}

TEST_CASE("the floors' guard sees a room reaching up, sideways or into another's library") {
  CHECK(violations("engine/sweep/grid.cpp", "#include \"haggle/storage/result_file.hpp\"").size() == 1);
  CHECK(violations("engine/sweep/grid.cpp", "#include \"haggle/model/power_law.hpp\"").size() == 1);
  CHECK(violations("include/haggle/model/a.hpp", "#include \"solver/kernel.hpp\"").size() == 1);
  CHECK(violations("engine/storage/a.cpp", "#include \"haggle/executor/run.hpp\"").size() == 1);
  CHECK(violations("engine/verify/a.cpp", "#include \"haggle/solver/solved.hpp\"").size() == 1);
  CHECK(violations("engine/verify/a.cpp", "#include \"haggle/model/power_law_game.hpp\"").size() == 1);
  CHECK(violations("engine/cli/solve.cpp", "#include \"haggle/model/power_law.hpp\"").size() == 1);
  CHECK(violations("engine/cli/a.cpp", "#include <hdf5.h>\n#include <H5Dpublic.h>").size() == 2);
  CHECK(violations("engine/sweep/plan.cpp", "#include <yaml-cpp/yaml.h>").size() == 1);
  CHECK(violations("engine/executor/a.cpp", "#include \"attic/old.hpp\"").size() == 1);
}

TEST_CASE("the floors' guard lets a room use what is below it") {
  CHECK(
      violations("engine/sweep/spec_yaml_reader.cpp", "#include <yaml-cpp/yaml.h>\n#include \"nearest.hpp\"").empty());
  CHECK(violations("engine/storage/a.cpp", "#include <hdf5.h>\n#include \"haggle/executor/sink.hpp\"").empty());
  CHECK(violations("engine/executor/a.cpp", "#include <omp.h>\n#include \"solver/kernel.hpp\"").empty());
}

TEST_CASE("the floors' guard sees a library that prints or exits, and not the word in a comment or a message") {
  CHECK(violations("engine/solver/a.cpp", "void f() { std::cout << 1; }").size() == 1);
  CHECK(violations("engine/solver/a.cpp", "void f() { std::exit(1); }").size() == 1);
  CHECK(violations("engine/storage/a.cpp", "void f() { fprintf(stderr, \"x\"); }").size() == 1);
  CHECK(violations("engine/core/a.cpp", "// printf(x)\n/* exit(1) */ const char* s = \"abort()\"; snprintf(s, 1);")
            .empty());
  CHECK(violations("engine/cli/text.cpp", "void f() { printf(\"x\"); }").empty());
}
