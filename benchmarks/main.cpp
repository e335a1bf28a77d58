// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "accuracy.hpp"
#include "groups.hpp"

namespace {

/// The console abbreviates counters with SI prefixes, 4.4e-16 to 444.089a. What a label says in words is left out
/// there; JSON and CSV keep it as numbers.
class ReadableConsole final : public benchmark::BenchmarkReporter {
 public:
  explicit ReadableConsole(std::unique_ptr<BenchmarkReporter> console) : console_(std::move(console)) {}

  bool ReportContext(const Context& context) override { return console_->ReportContext(context); }
  void ReportRuns(const std::vector<Run>& runs) override {
    std::vector<Run> shown = runs;
    for (Run& run : shown)
      for (const char* said : {"max_share_error", "max_regret", "checked", "wrong", "unsolved", "no_deal"})
        run.counters.erase(said);
    console_->ReportRuns(shown);
  }
  void Finalize() override { console_->Finalize(); }

 private:
  std::unique_ptr<BenchmarkReporter> console_;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  haggle::bench::add_solvers();
  haggle::bench::add_race();
  haggle::bench::add_general_race();
  haggle::bench::add_sweeps();
  haggle::bench::add_slow_paths();
  std::unique_ptr<benchmark::BenchmarkReporter> display(benchmark::CreateDefaultDisplayReporter());
  if (dynamic_cast<benchmark::ConsoleReporter*>(display.get()))
    display = std::make_unique<ReadableConsole>(std::move(display));
  benchmark::RunSpecifiedBenchmarks(display.get());
  benchmark::Shutdown();
  if (!haggle::bench::all_were_right()) std::fputs("a solver was wrong: see the labels\n", stderr);
  return haggle::bench::all_were_right() ? 0 : 1;
}
