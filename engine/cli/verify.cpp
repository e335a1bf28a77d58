// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/commands.hpp"
#include "cli/request.hpp"
#include "cli/text.hpp"
#include "cli/verification.hpp"
#include "haggle/storage/result_points.hpp"

namespace haggle::cli {
namespace {

using nlohmann::ordered_json;
using Verdict = Certificate::Verdict;

struct Report {
  const VerifyArguments& arguments;
  const Plan& plan;
  const Verification& verification;
  bool spec_as_written;  ///< the spec as written makes the plan: no --set changed it
};

/// "c0=0.5 solution=nash"; a zipped dimension by its axes.
std::string place_text(const Plan& plan, const std::vector<std::uint64_t>& coordinates) {
  std::string text;
  for (std::size_t d = 0; d < coordinates.size(); ++d)
    for (const std::size_t axis : plan.dimensions[d].axes)
      text += (text.empty() ? "" : " ") + plan.axes[axis].name + "=" + value_text(plan.axes[axis], coordinates[d]);
  return text.empty() ? "the only game" : text;
}

std::string shell_word(const std::string& word) {
  const bool plain = std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) || c >= 0x80 ||
           std::string_view("_-./=#,:+").find(static_cast<char>(c)) != std::string::npos;
  });
  if (plain && !word.empty()) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

/// The command that plays the game again: a point of the spec or, where a --set changed the spec that the file keeps,
/// of the file.
std::string replay(const Report& report, const Checked& checked) {
  const Plan& plan = report.plan;
  std::string command = "haggle solve " + (report.spec_as_written ? shell_word(plan.spec_name)
                                                                  : "--from " + shell_word(report.arguments.file));
  for (std::size_t d = 0; d < checked.coordinates.size(); ++d)
    command.append(" --at ").append(
        shell_word(plan.dimensions[d].name + "=#" + std::to_string(checked.coordinates[d])));
  return command;
}

std::string regret_text(double regret) {
  if (std::isinf(regret)) return "no bound";
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", std::max(regret, 0.0));
  return text;
}

/// "excluded 10, pending 2"
std::string left_out(const Verification& v) {
  std::string text;
  for (const auto& s : status_meanings)
    if (s.status != Status::solved && s.status != Status::no_deal && v.drawn[s.status] > 0)
      text += (text.empty() ? "" : ", ") + std::string(s.name) + " " + grouped(v.drawn[s.status]);
  return text;
}

/// Outputs of the file that no certificate speaks of.
std::vector<std::string> unchecked_outputs(const Plan& plan) {
  std::vector<std::string> names;
  for (const std::size_t output : plan.outputs) {
    const std::string_view name = plan.game->outputs[output].name;
    // A share in single precision is too far from the end of a component to say on which side it is.
    if (!is_certified(name) || (plan.format.float32 && name.starts_with("pareto_"))) names.emplace_back(name);
  }
  return names;
}

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<const Checked*> games_of(const Verification& v, Verdict verdict) {
  std::vector<const Checked*> games;
  for (const Checked& c : v.checked)
    if (c.certificate.verdict == verdict) games.push_back(&c);
  return games;
}

std::string wrong_text(const Report& report, const std::vector<const Checked*>& wrong) {
  constexpr std::size_t shown = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, wrong.size()); ++i) {
    const Checked& game = *wrong[i];
    text += "\n  " + place_text(report.plan, game.coordinates) + "\n    ";
    std::string regrets;
    for (std::size_t m = 0; m < measure_meanings.size(); ++m)
      if (game.certificate.regrets[m] > regret_allowed)
        regrets += (regrets.empty() ? "" : ", ") + std::string(measure_meanings[m].name) + " " +
                   regret_text(game.certificate.regrets[m]);
    text += regrets + "\n    " + game.certificate.reason + "\n    " + replay(report, game) + "\n";
  }
  if (wrong.size() > shown) text += "\n  and " + grouped(wrong.size() - shown) + " more; --json lists all\n";
  return text;
}

std::string verdict_text(const Report& report) {
  const Verification& v = report.verification;
  switch (v.finding()) {
    case Finding::sound:
      return "sound: no regret above " + number(regret_allowed) + " in " + plural(v.count(Verdict::sound), "game");
    case Finding::wrong:
      return "WRONG: " + plural(v.count(Verdict::wrong), "game") + " of " +
             grouped(v.checked.size() - v.count(Verdict::skipped)) + " cannot be as the file says";
    case Finding::unchecked:
      break;
  }
  return "NOT VERIFIED: no game of the sample could be checked";
}

std::string as_text(const Report& report) {
  const Verification& v = report.verification;
  const auto wrong = games_of(v, Verdict::wrong), skipped = games_of(v, Verdict::skipped);
  Table head;
  head.add({"sample", plural(v.checked.size(), "game") + " of " + plural(report.plan.grid.points(), "point") +
                          ", seed " + std::to_string(report.arguments.seed)});
  head.add({"checked", grouped(v.checked.size() - skipped.size())});
  std::map<std::string, std::vector<const Checked*>> by_reason;
  for (const Checked* game : skipped) by_reason[game->certificate.reason].push_back(game);
  for (const auto& [reason, games] : by_reason)
    head.add({"skipped", grouped(games.size()) + ": " + reason + "; the first at " +
                             place_text(report.plan, games.front()->coordinates)});
  if (const std::string others = left_out(v); !others.empty())
    head.add({"not solved", others + " (drawn and passed over)"});
  const std::vector<std::string> unchecked = unchecked_outputs(report.plan);
  if (!unchecked.empty())
    head.add({"not checked", list(unchecked) + ": brute force has nothing to say of these outputs"});
  std::string text = report.arguments.file + "\n" + head.text();

  Table regrets;
  for (std::size_t m = 0; m < measure_meanings.size(); ++m) {
    const Checked* worst = v.worst(static_cast<Measure>(m));
    regrets.add({std::string(measure_meanings[m].name),
                 worst ? regret_text(worst->certificate.regrets[m]) : "not measured: the file does not keep the share",
                 worst ? std::string(measure_meanings[m].meaning) : "",
                 worst && worst->certificate.regrets[m] > 0 ? place_text(report.plan, worst->coordinates) : ""});
  }
  if (v.finding() != Finding::unchecked) text += "\nlargest regrets, relative to the game's money\n" + regrets.text();
  return text + wrong_text(report, wrong) + "\n" + verdict_text(report) + "\n";
}

ordered_json game_json(const Report& report, const Checked& game) {
  ordered_json json{{"at", ordered_json::object()}, {"regrets", ordered_json::object()}};
  for (std::size_t d = 0; d < game.coordinates.size(); ++d)
    json["at"][report.plan.dimensions[d].name] = game.coordinates[d];
  // JSON has no infinity; nlohmann writes null. What was not measured is left out.
  for (std::size_t m = 0; m < measure_meanings.size(); ++m)
    if (const double regret = game.certificate.regrets[m]; !std::isnan(regret))
      json["regrets"][std::string(measure_meanings[m].name)] = regret;
  json["reason"] = game.certificate.reason;
  json["replay"] = replay(report, game);
  return json;
}

std::string as_json(const Report& report) {
  const Verification& v = report.verification;
  constexpr std::array findings{"sound", "wrong", "unchecked"};
  const auto skipped = games_of(v, Verdict::skipped);
  ordered_json json{{"file", report.arguments.file},
                    {"verdict", findings[static_cast<std::size_t>(v.finding())]},
                    {"allowed", regret_allowed},
                    {"seed", report.arguments.seed},
                    {"points", report.plan.grid.points()},
                    {"checked", v.checked.size() - skipped.size()},
                    {"sound", v.count(Verdict::sound)},
                    {"wrong", v.count(Verdict::wrong)},
                    {"skipped", skipped.size()},
                    {"outputs_not_checked", unchecked_outputs(report.plan)},
                    {"drawn", ordered_json::object()},
                    {"largest_regrets", ordered_json::object()},
                    {"wrong_games", ordered_json::array()},
                    {"skipped_games", ordered_json::array()}};
  for (const auto& s : status_meanings) json["drawn"][std::string(s.name)] = v.drawn[s.status];
  for (std::size_t m = 0; m < measure_meanings.size(); ++m)
    if (const Checked* worst = v.worst(static_cast<Measure>(m)))
      json["largest_regrets"][std::string(measure_meanings[m].name)] = game_json(report, *worst);
  for (const Checked* game : games_of(v, Verdict::wrong)) json["wrong_games"].push_back(game_json(report, *game));
  for (const Checked* game : skipped) json["skipped_games"].push_back(game_json(report, *game));
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

bool makes(const Plan& plan) {
  try {
    return read_spec(plan.spec_text, plan.spec_name).hash == plan.hash;
  } catch (const SpecError&) {
    return false;
  }
}

Verification verify_with_progress(const Plan& plan, const VerifyArguments& arguments) {
  const auto start = std::chrono::steady_clock::now();
  ProgressReporter reporter(ProgressMode::automatic);
  Progress progress;
  progress.points_total = std::min(arguments.sample, plan.grid.points());
  const auto tell = [&](std::uint64_t games) {
    const double before = progress.seconds;
    progress.points_done = games;
    progress.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (std::floor(10 * before) < std::floor(10 * progress.seconds)) reporter.update(progress, std::nullopt);
  };
  Verification v = verify_sample(plan, arguments.file, {arguments.sample, arguments.seed, arguments.effort}, tell);
  reporter.finish(progress, std::nullopt, false, "");
  return v;
}

}  // namespace

ExitCode verify(const VerifyArguments& arguments) {
  const Plan plan = plan_of_result(arguments.file);
  const Verification verification = verify_with_progress(plan, arguments);
  const Report report{arguments, plan, verification, makes(plan)};
  print(arguments.json ? as_json(report) : as_text(report));
  return verification.finding() == Finding::sound ? done : not_verified;
}

}  // namespace haggle::cli
