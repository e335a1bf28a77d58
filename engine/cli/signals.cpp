// SPDX-License-Identifier: MIT
#include "cli/signals.hpp"

#include <sys/time.h>

#include <array>
#include <cmath>
#include <csignal>

namespace haggle::cli {
namespace {

constexpr std::array watched{SIGINT, SIGTERM, SIGUSR1, SIGALRM};

// A handler can reach nothing but globals; these two are written by nobody else.
std::atomic<bool> stop_requested{false};
std::atomic<int> last_signal{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

std::array<struct sigaction, watched.size()> before;

extern "C" void ask_to_stop(int signal) {
  last_signal = signal;
  stop_requested = true;
}

void set_alarm(double seconds) {
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(seconds);
  timer.it_value.tv_usec = static_cast<suseconds_t>((seconds - std::floor(seconds)) * 1e6);
  setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

StopSignals::StopSignals(double limit) {
  stop_requested = false;
  last_signal = 0;
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < watched.size(); ++i) {
    // The second SIGINT finds the default action, which ends the process whatever state it is in. Not so the others:
    // schedulers and mpirun may well send one signal twice.
    action.sa_flags = static_cast<int>(watched[i] == SIGINT ? SA_RESTART | SA_RESETHAND : SA_RESTART);
    sigaction(watched[i], nullptr, &before[i]);
    if (before[i].sa_handler != SIG_IGN) sigaction(watched[i], &action, nullptr);
  }
  if (limit > 0) set_alarm(limit);
}

StopSignals::~StopSignals() {
  set_alarm(0);
  for (std::size_t i = 0; i < watched.size(); ++i) sigaction(watched[i], &before[i], nullptr);
}

const std::atomic<bool>& StopSignals::requested() const { return stop_requested; }

std::string_view StopSignals::name() const {
  switch (last_signal) {
    case SIGINT:
      return "SIGINT";
    case SIGTERM:
      return "SIGTERM";
    case SIGUSR1:
      return "SIGUSR1";
    case SIGALRM:
      return "the time limit";
    default:
      return "";
  }
}

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace haggle::cli
