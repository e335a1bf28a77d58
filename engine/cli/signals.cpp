// SPDX-License-Identifier: MIT
#include "cli/signals.hpp"

#include <array>
#include <csignal>

namespace haggle::cli {
namespace {

constexpr std::array watched{SIGINT, SIGTERM};

// A handler can reach nothing but globals; these two are written by nobody else.
std::atomic<bool> stop_requested{false};
std::atomic<int> last_signal{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

std::array<struct sigaction, watched.size()> before;

extern "C" void ask_to_stop(int signal) {
  last_signal = signal;
  stop_requested = true;
}

}  // namespace

StopSignals::StopSignals() {
  stop_requested = false;
  last_signal = 0;
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  // The second signal finds the default action, which ends the process whatever state it is in.
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < watched.size(); ++i) {
    sigaction(watched[i], nullptr, &before[i]);
    if (before[i].sa_handler != SIG_IGN) sigaction(watched[i], &action, nullptr);
  }
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < watched.size(); ++i) sigaction(watched[i], &before[i], nullptr);
}

const std::atomic<bool>& StopSignals::requested() const { return stop_requested; }

std::string_view StopSignals::name() const {
  const int signal = last_signal;
  return signal == SIGINT ? "SIGINT" : signal == SIGTERM ? "SIGTERM" : "";
}

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace haggle::cli
