// SPDX-License-Identifier: MIT
#pragma once
#include <string_view>

namespace haggle::cli {

/// What the binary knows of its own making.
struct BuildInfo {
  std::string_view version, commit, compiler, flags;
};

extern const BuildInfo build_info;

}  // namespace haggle::cli
