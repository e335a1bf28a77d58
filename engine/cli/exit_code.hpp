// SPDX-License-Identifier: MIT
#pragma once

namespace haggle::cli {

/// What the shell gets; part of the command line's contract.
enum ExitCode : int {
  done = 0,
  bad_request = 2,        ///< a bad spec or bad usage; nothing was solved
  some_games_failed = 3,  ///< done, and at least one status is a failure
  io_failed = 4,
  not_verified = 5,  ///< `verify` found a result that does not hold, or none that it could check
  stopped = 75,      ///< by a signal; EX_TEMPFAIL: schedulers requeue on it
};

}  // namespace haggle::cli
