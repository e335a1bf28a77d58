// SPDX-License-Identifier: MIT
// Random nasty games, each solved by the engine and searched by brute force for a better choice: `./dev brute`. Exits
// with 1 if the engine is found to be wrong. One thread; for more, start several seeds.
#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <map>
#include <optional>
#include <string>

#include "comparison.hpp"
#include "domain_comparison.hpp"
#include "nasty_games.hpp"
#include "summary.hpp"

namespace {

using namespace haggle::test;

struct Arguments {
  std::size_t games = 50;
  double seconds = std::numeric_limits<double>::infinity();
  std::uint64_t seed = 1;
  std::array<std::size_t, 2> specialists{1, 3};
  double step = 0.03;
  Path path = Path::kernel;
  std::size_t by_domain = 0;
  std::optional<std::size_t> only;
};

/// For a message and no more; CLI11's own would name the largest double.
CLI::Validator positive() {
  return CLI::Validator(
      [](std::string& text) {
        char* end = nullptr;
        const bool is = std::strtod(text.c_str(), &end) > 0 && *end == '\0';
        return is ? std::string() : "`" + text + "` is not above 0";
      },
      "");
}

void add_arguments(CLI::App& app, Arguments& a) {
  app.add_option("--games", a.games, "How many games to draw; one takes about a second")
      ->type_name("N")
      ->check(positive())
      ->capture_default_str();
  app.add_option("--seconds", a.seconds, "Begin no further game after so long; default: no limit")
      ->type_name("S")
      ->check(positive());
  app.add_option("--seed", a.seed, "Which games: the same seed draws the same ones")
      ->type_name("K")
      ->capture_default_str();
  app.add_option("--specialists", a.specialists, "From and to how many specialists, by turns; 1 to 64")
      ->type_name("FROM TO")
      ->check(CLI::Range(std::size_t{1}, haggle::fine_tuning::most_specialists).description(""))
      ->capture_default_str();
  app.add_option("--step", a.step, "Between looks at shares, in logit(share), 0.001 to 3: smaller is surer and slower")
      ->type_name("X")
      ->check(CLI::Range(1e-3, 3.0).description(""))
      ->capture_default_str();
  const std::map<std::string, Path> paths{{"kernel", Path::kernel}, {"global", Path::global}};
  app.add_option("--path", a.path, "Whose choices: kernel, what a run has, or global, the global solver's alone")
      ->type_name("PATH")
      ->transform(CLI::CheckedTransformer(paths).description(""))
      ->default_str("kernel");
  app.add_option("--by-domain", a.by_domain,
                 "One share for each domain (per_domain), searched from so many random ones: some 10000; up to 8 "
                 "specialists; it trusts the engine's equilibria")
      ->type_name("N")
      ->check(positive());
  app.add_option("--only", a.only, "Only that game of the seed's, counted from 0 as in what is printed")
      ->type_name("K");
}

/// A stream of its own for each game, so that one can be drawn alone.
void play_game(const Arguments& a, std::size_t k, Summary& summary) {
  const auto [from, to] = a.specialists;
  Random random(a.seed * 1000003 + k);
  GeneralGame game = very_nasty_game(random, from + k % (to - from + 1));
  if (!haggle::oracle::bounded(game)) return summary.add_unbounded();
  if (a.by_domain > 0) {
    game.per_domain = true;
    game.fixed_shares.assign(game.specialists.size(), 0.5);  // of no account
  }
  const Comparison comparison =
      a.by_domain > 0 ? compare_by_domain(game, a.by_domain, random) : compare(game, a.step, a.path, random);
  summary.add(comparison);
  for (const std::string& finding : comparison.findings)
    std::cout << "seed " << a.seed << " game " << k << ": " << finding << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  CLI::App app(
      "Draws random nasty games, solves each for every bargaining solution, and searches each by brute force over "
      "shares for a better choice than the engine's. Prints a line for each that is wrong, and a summary; exits with 1 "
      "if any is.");
  add_arguments(app, a);
  try {
    app.parse(argc, argv);
    if (a.specialists[0] > a.specialists[1])
      throw CLI::ValidationError("--specialists", "from " + std::to_string(a.specialists[0]) + " to " +
                                                      std::to_string(a.specialists[1]) + " is empty; swap them");
    if (a.by_domain > 0 && a.specialists[1] > 8) throw CLI::ValidationError("--by-domain", "takes up to 8 specialists");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  Summary summary;
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  const std::size_t first = a.only.value_or(0), end = a.only ? first + 1 : a.games;
  for (std::size_t k = first; k < end && elapsed() < a.seconds; ++k) play_game(a, k, summary);
  std::cout << summary.text();
  return summary.findings() == 0 ? 0 : 1;
}
