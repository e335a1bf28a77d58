// SPDX-License-Identifier: MIT
#include "cli/provenance.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>

#include "cli/build_info.hpp"
#include "cli/request.hpp"

namespace haggle::cli {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

Provenance provenance_of_process(const std::vector<std::string>& command_line, const std::string& started) {
  return {{"command_line", shell_line(command_line)},
          {"started", started},
          {"finished", utc_now()},
          {"host", host_name()},
          {"engine_version", std::string(build_info.version)},
          {"commit", std::string(build_info.commit)},
          {"compiler", std::string(build_info.compiler)},
          {"compiler_flags", std::string(build_info.flags)}};
}

}  // namespace haggle::cli
