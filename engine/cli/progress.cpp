// SPDX-License-Identifier: MIT
#include "cli/progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/text.hpp"

namespace haggle::cli {
namespace {

std::optional<double> eta(const Progress& p) {
  const double speed = games_per_second(p);
  if (speed <= 0) return std::nullopt;
  return static_cast<double>(p.points_total - p.points_done) / speed;
}

nlohmann::ordered_json as_json(const Progress& p, std::optional<std::uint64_t> durable, const char* event) {
  nlohmann::ordered_json line{{"event", event},
                              {"points_done", p.points_done},
                              {"points_total", p.points_total},
                              {"blocks_done", p.blocks_done},
                              {"blocks_total", p.blocks_total},
                              {"blocks_durable", nullptr},
                              {"seconds", p.seconds},
                              {"games_per_second", games_per_second(p)},
                              {"eta_seconds", nullptr},
                              {"failures", p.counts.failures()}};
  if (durable) line["blocks_durable"] = *durable;
  if (const auto left = eta(p)) line["eta_seconds"] = *left;
  auto& statuses = line["statuses"] = nlohmann::ordered_json::object();
  for (const auto& s : status_meanings)
    if (s.status != Status::pending) statuses[std::string(s.name)] = p.counts[s.status];
  return line;
}

}  // namespace

double games_per_second(const Progress& p) {
  return p.seconds > 0 ? static_cast<double>(p.points_done - p.points_before) / p.seconds : 0;
}

std::string progress_bar(const Progress& p) {
  constexpr std::size_t cells = 24;
  // A shard may have no points: there can be more shards than blocks.
  const double share =
      p.points_total > 0 ? static_cast<double>(p.points_done) / static_cast<double>(p.points_total) : 1;
  const auto filled = static_cast<std::size_t>(share * cells);
  std::string line = "[" + std::string(filled, '#') + std::string(cells - filled, '-') + "] ";
  char percent[16];
  std::snprintf(percent, sizeof percent, "%5.1f%%", 100 * share);
  line += percent;
  line += "  " + grouped(p.points_done) + "/" + grouped(p.points_total) + "  " + rate(games_per_second(p));
  const auto left = eta(p);
  line += "  ETA " + (left ? duration(*left) : std::string("?"));
  if (const auto failures = p.counts.failures(); failures > 0) line += "  " + grouped(failures) + " failed";
  return line;
}

std::string summary(const Progress& p, const std::string& file) {
  Table table;
  for (const auto& s : status_meanings)
    if (const auto n = p.counts[s.status]; n > 0 && s.status != Status::pending)
      table.add({grouped(n), std::string(s.name), std::string(s.meaning)});
  if (p.points_done < p.points_total) table.add({grouped(p.points_total - p.points_done), "pending", "not solved yet"});
  std::string text = plural(p.points_done - p.points_before, "game") + " in " + duration(p.seconds);
  if (p.seconds > 0) text += ", " + rate(games_per_second(p));
  if (p.points_before > 0) text += "; " + grouped(p.points_before) + " were there before";
  text += "\n" + table.text();
  std::error_code unknown;
  const auto size = std::filesystem::file_size(file, unknown);
  text += file + (unknown ? "" : ", " + bytes(static_cast<double>(size))) + "\n";
  return text;
}

ProgressReporter::ProgressReporter(ProgressMode mode) : mode_(mode) {
  if (mode_ == ProgressMode::automatic) mode_ = ::isatty(STDERR_FILENO) ? ProgressMode::bar : ProgressMode::none;
}

ProgressReporter::~ProgressReporter() {
  if (drawn_) complain("\n");
}

void ProgressReporter::update(const Progress& progress, std::optional<std::uint64_t> durable) {
  if (mode_ == ProgressMode::bar) {
    drawn_ = true;
    complain("\r" + progress_bar(progress) + "\x1b[K");  // erase what a longer line left behind
  } else if (mode_ == ProgressMode::json) {
    complain(as_json(progress, durable, "progress").dump() + "\n");
  }
}

void ProgressReporter::finish(const Progress& progress, std::optional<std::uint64_t> durable, bool stopped,
                              const std::string& file) {
  if (mode_ == ProgressMode::bar) {
    update(progress, durable);
    complain("\n");
    drawn_ = false;
  } else if (mode_ == ProgressMode::json) {
    auto line = as_json(progress, durable, "finished");
    line["stopped"] = stopped;
    line["file"] = file.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(file);
    complain(line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  }
}

}  // namespace haggle::cli
