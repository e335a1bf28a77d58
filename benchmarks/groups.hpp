// SPDX-License-Identifier: MIT
#pragma once

namespace haggle::bench {

/// Each adds its benchmarks to Google Benchmark's list, which runs in that order.
void add_solvers();
void add_race();
void add_general_race();
void add_sweeps();
void add_slow_paths();

}  // namespace haggle::bench
