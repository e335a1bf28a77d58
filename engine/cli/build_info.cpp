// SPDX-License-Identifier: MIT
#include "cli/build_info.hpp"

namespace haggle::cli {

const BuildInfo build_info{HAGGLE_VERSION, HAGGLE_COMMIT, HAGGLE_COMPILER, HAGGLE_FLAGS};

}  // namespace haggle::cli
