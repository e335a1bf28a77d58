// SPDX-License-Identifier: MIT
// Writes the wide toy sweep, for tests that read it with other people's software: toy_file PATH [NX NY BLOCK LEVEL], or
// a single game.
#include <exception>
#include <iostream>
#include <string>

#include "haggle/executor/run.hpp"
#include "haggle/storage/result_file.hpp"
#include "toy_sweep.hpp"

int main(int argc, char** argv) try {
  using namespace haggle;
  if (argc != 2 && argc != 6) throw std::invalid_argument("toy_file PATH [NX NY BLOCK LEVEL]");
  Plan plan = test::single_wide();
  if (argc == 6) {
    plan = test::wide_plan(std::stoul(argv[2]), std::stoul(argv[3]), std::stoul(argv[4]));
    plan.format.compression = std::stoi(argv[5]);
  }
  ResultFile file(plan, argv[1], false);
  run_sweep(plan, test::solve_wide, file, {});
  file.publish({});
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
