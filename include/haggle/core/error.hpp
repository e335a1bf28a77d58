// SPDX-License-Identifier: MIT
#pragma once
#include <stdexcept>
#include <string>

namespace haggle {

/// Something a person must know: what() says what is wrong, where, and what to do. Thrown only outside the solve loop.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A file or folder could not be read or written as asked. The command line exits with 4.
class IoError : public Error {
 public:
  using Error::Error;
};

/// The request itself is wrong (bad flag, existing output file, …). The command line exits with 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace haggle
