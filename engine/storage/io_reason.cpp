// SPDX-License-Identifier: MIT
#include "storage/io_reason.hpp"

#include <cerrno>
#include <system_error>

namespace haggle {
namespace {

const char* remedy(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "free some space there or name another folder";
    case EFBIG:
      return "raise the limit (ulimit -f), or name a folder on a file system that allows larger files";
    case EACCES:
    case EPERM:
    case EROFS:
      return "name a folder that you may write to";
    case ENOENT:
      return "check the name";
    case EIO:
    case ESTALE:
      return "the disk or its network is failing; name a folder elsewhere and check this one";
    case EAGAIN:
    case ENOLCK:
    case ENOSYS:
    case ENOTSUP:
      return "the file is locked by another program, or its file system knows no locks: then set "
             "HDF5_USE_FILE_LOCKING=FALSE";
    case EMFILE:
    case ENFILE:
      return "too many files are open (ulimit -n)";
    default:
      return nullptr;
  }
}

}  // namespace

std::string io_reason(int error_number) {
  std::string text = std::generic_category().message(error_number);
  if (const char* advice = remedy(error_number)) text.append("; ").append(advice);
  return text;
}

}  // namespace haggle
