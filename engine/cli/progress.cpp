// SPDX-License-Identifier: MIT
#include "cli/progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/text.hpp"

namespace haggle::cli {
namespace {

double games_per_second(const Progress& p) {
  return p.seconds > 0 ? static_cast<double>(p.points_done) / p.seconds : 0;
}

std::optional<double> eta(const Progress& p) {
  const double speed = games_per_second(p);
  if (speed <= 0) return std::nullopt;
  return static_cast<double>(p.points_total - p.points_done) / speed;
}

nlohmann::ordered_json as_json(const Progress& p, const char* event) {
  nlohmann::ordered_json line{{"event", event},
                              {"points_done", p.points_done},
                              {"points_total", p.points_total},
                              {"blocks_done", p.blocks_done},
                              {"blocks_total", p.blocks_total},
                              {"seconds", p.seconds},
                              {"games_per_second", games_per_second(p)},
                              {"eta_seconds", nullptr},
                              {"failures", p.counts.failures()}};
  if (const auto left = eta(p)) line["eta_seconds"] = *left;
  auto& statuses = line["statuses"] = nlohmann::ordered_json::object();
  for (const auto& s : status_meanings)
    if (s.status != Status::pending) statuses[std::string(s.name)] = p.counts[s.status];
  return line;
}

}  // namespace

std::string progress_bar(const Progress& p) {
  constexpr std::size_t cells = 24;
  // points_total is at least 1: a grid without dimensions has one point.
  const double share = static_cast<double>(p.points_done) / static_cast<double>(p.points_total);
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

ProgressReporter::ProgressReporter(ProgressMode mode) : mode_(mode) {
  if (mode_ == ProgressMode::automatic) mode_ = ::isatty(STDERR_FILENO) ? ProgressMode::bar : ProgressMode::none;
}

ProgressReporter::~ProgressReporter() {
  if (drawn_) complain("\n");
}

void ProgressReporter::update(const Progress& progress) {
  if (mode_ == ProgressMode::bar) {
    drawn_ = true;
    complain("\r" + progress_bar(progress) + "\x1b[K");  // erase what a longer line left behind
  } else if (mode_ == ProgressMode::json) {
    complain(as_json(progress, "progress").dump() + "\n");
  }
}

void ProgressReporter::finish(const Progress& progress, bool stopped, const std::string& file) {
  if (mode_ == ProgressMode::bar) {
    update(progress);
    complain("\n");
    drawn_ = false;
  } else if (mode_ == ProgressMode::json) {
    auto line = as_json(progress, "finished");
    line["stopped"] = stopped;
    line["file"] = file.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(file);
    complain(line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  }
}

}  // namespace haggle::cli
