// SPDX-License-Identifier: MIT
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/gaps.hpp"
#include "cli/text.hpp"
#include "haggle/storage/checkpoint.hpp"
#include "haggle/storage/result_file.hpp"

namespace haggle::cli {
namespace {

using nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

ordered_json as_json(const FileSummary& file) {
  ordered_json json{{"title", file.title},
                    {"game", file.game},
                    {"engine_version", file.engine_version},
                    {"commit", file.commit},
                    {"spec_hash", file.spec_hash},
                    {"history", file.history},
                    {"dimensions", ordered_json::object()},
                    {"variables", ordered_json::object()},
                    {"provenance", ordered_json::object()}};
  for (const auto& [name, size] : file.dimensions) json["dimensions"][name] = size;
  for (const auto& v : file.variables) {
    ordered_json variable{{"long_name", v.long_name},   {"units", v.unit},          {"type", v.type},
                          {"dimensions", v.dimensions}, {"bytes_raw", v.bytes_raw}, {"bytes_stored", v.bytes_stored}};
    for (const auto& [code, values] : v.counts) variable["counts"][code] = values;
    for (const auto& [place, counts] : v.counts_by_place)
      for (const auto& [code, values] : counts) variable["counts_by_place"][place][code] = values;
    json["variables"][v.name] = variable;
  }
  for (const auto& [key, value] : file.provenance) json["provenance"][key] = value;
  return json;
}

void add_counts(Table& table, std::string name, const FileSummary::Variable::Counted& counts) {
  std::uint64_t points = 0;
  for (const auto& [code, n] : counts) points += n;
  for (const auto& [code, n] : counts) {
    if (n == 0) continue;
    table.add({name, code, grouped(n),
               number(std::round(1e3 * static_cast<double>(n) / static_cast<double>(points)) / 10) + " %"});
    name.clear();  // once for all of its codes
  }
}

std::string as_text(const FileSummary& file) {
  Table head;
  const auto line = [&head](const char* key, const std::string& value) {
    if (!value.empty()) head.add({key, value});
  };
  line("game", file.game);
  line("engine", file.engine_version + (file.commit.empty() ? "" : ", commit " + file.commit));
  line("spec hash", file.spec_hash);
  line("history", file.history);
  std::string text = (file.title.empty() ? "(no title)" : file.title) + "\n" + head.text();

  Table dimensions;
  for (const auto& [name, size] : file.dimensions) dimensions.add({name, grouped(size)});
  if (!dimensions.empty()) text += "\ndimensions\n" + dimensions.text();

  Table variables, counts;
  for (const auto& v : file.variables) {
    const double raw = static_cast<double>(v.bytes_raw), stored = static_cast<double>(v.bytes_stored);
    variables.add({v.name, v.type, "(" + joined(v.dimensions) + ")", bytes(raw) + " → " + bytes(stored), v.long_name,
                   v.unit == "1" ? "" : "[" + v.unit + "]"});
    if (v.counts_by_place.empty()) add_counts(counts, v.name, v.counts);
    for (const auto& [place, of_place] : v.counts_by_place) add_counts(counts, v.name + "[" + place + "]", of_place);
  }
  text += "\nvariables (raw → stored)\n" + variables.text();
  if (!counts.empty()) text += "\npoints by code\n" + counts.text();

  Table provenance;
  std::string specs;
  for (const auto& [key, value] : file.provenance) {
    if (value.find('\n') == std::string::npos)
      provenance.add({key, value});
    else
      specs += (specs.empty() ? "" : ", ") + key;
  }
  if (!provenance.empty()) text += "\nprovenance\n" + provenance.text();
  if (!specs.empty()) text += "  (in full with --json: " + specs + ")\n";
  return text;
}

double share(std::uint64_t part, std::uint64_t all) {
  return all > 0 ? std::round(1e3 * static_cast<double>(part) / static_cast<double>(all)) / 10 : 100;
}

std::uint64_t first_block(const CheckpointSummary& c, std::uint64_t k) { return c.shard.block(k).value; }

ordered_json as_json(const CheckpointSummary& c) {
  const Coverage& all = c.coverage;
  ordered_json json{{"checkpoint_of", c.result},
                    {"shard", c.shard.index},
                    {"shards", c.shard.count},
                    {"running", c.running},
                    {"blocks_done", all.blocks_done},
                    {"blocks_total", all.blocks_total},
                    {"points_done", all.points_done},
                    {"points_total", all.points_total},
                    {"failures", all.counts.failures()},
                    {"statuses", ordered_json::object()},
                    {"gaps", ordered_json::array()},
                    {"gaps_total", all.gaps_total},
                    {"resume", c.resume},
                    {"files", ordered_json::object()}};
  for (const auto& s : status_meanings)
    if (s.status != Status::pending) json["statuses"][std::string(s.name)] = all.counts[s.status];
  for (const BlockRange& gap : all.gaps) json["gaps"].push_back({first_block(c, gap.first), first_block(c, gap.last)});
  for (const auto& [name, size] : c.files) json["files"][name] = size;
  for (const auto& [key, value] : c.entries) json[key] = value;
  return json;
}

std::string as_text(const CheckpointSummary& c, const Plan& plan) {
  const Coverage& all = c.coverage;
  Table head, counts, files;
  if (c.shard.count > 1) head.add({"shard", std::to_string(c.shard.index) + " of " + std::to_string(c.shard.count)});
  head.add({"blocks", grouped(all.blocks_done) + " of " + grouped(all.blocks_total) + " are done, " +
                          number(share(all.blocks_done, all.blocks_total)) + " %"});
  head.add({"points", grouped(all.points_done) + " of " + grouped(all.points_total)});
  if (all.gaps_total > 0)
    head.add({c.shard.count > 1 ? "missing, of its own blocks" : "missing blocks", gaps_text(all)});
  for (const auto& [key, value] : c.entries) head.add({key, value});
  for (const auto& s : status_meanings)
    if (const auto n = all.counts[s.status]; n > 0)
      counts.add({std::string(s.name), grouped(n), number(share(n, all.points_done)) + " %"});
  for (const auto& [name, size] : c.files) files.add({name, bytes(static_cast<double>(size))});
  std::string text = plan.title + "\ncheckpoint of " + c.result + "\n" + head.text();
  if (!counts.empty()) text += "\npoints by status\n" + counts.text();
  text += "\nfiles\n" + files.text() + "\n";
  if (c.running) return text + "a run is at work on it; for a look: haggle publish " + c.result + ".checkpoint\n";
  if (all.blocks_done < all.blocks_total) return text + "go on with: " + c.resume + "\n";
  return text + (c.shard.count > 1 ? "all is done; haggle merge makes one file of all shards\n"
                                   : "all is done; put the file in place with: " + c.resume + "\n");
}

}  // namespace

ExitCode inspect(const InspectArguments& arguments) {
  if (is_checkpoint(arguments.file)) {
    const Plan plan = plan_of_file(arguments.file);
    const CheckpointSummary checkpoint = inspect_checkpoint(plan, arguments.file);
    print(arguments.json ? as_json(checkpoint).dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n"
                         : as_text(checkpoint, plan));
    return done;
  }
  const FileSummary file = inspect_file(arguments.file);
  // A file of another maker may hold bytes that are not UTF-8; JSON shows them as U+FFFD.
  print(arguments.json ? as_json(file).dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n"
                       : as_text(file));
  return done;
}

}  // namespace haggle::cli
