// SPDX-License-Identifier: MIT
#include "haggle/sweep/spec.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "spec_override.hpp"
#include "spec_resolve.hpp"
#include "spec_shared.hpp"
#include "spec_yaml.hpp"

namespace haggle {

Plan read_spec(std::string_view text, const std::string& name, const std::vector<Override>& overrides) {
  spec::Diagnostics diagnostics(name, overrides);
  Plan plan;
  if (auto root = spec::parse_yaml(text, -1, diagnostics)) {
    spec::apply_overrides(*root, overrides, diagnostics);
    spec::lend_shared(*root);
    plan = spec::resolve(*root, diagnostics);
  }
  diagnostics.throw_if_any();
  plan.spec_name = name;
  plan.spec_text = text;
  return plan;
}

Plan read_spec_file(const std::string& path, const std::vector<Override>& overrides) {
  const auto refuse = [&](const std::string& why) { throw IoError("cannot read the spec " + path + ": " + why); };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) refuse("it is a folder");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(std::generic_category().message(errno ? errno : ENOENT));
  std::ostringstream text;
  if (file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  if (file.bad()) refuse("reading failed");
  return read_spec(text.str(), path, overrides);
}

}  // namespace haggle
