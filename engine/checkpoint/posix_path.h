// Python's os.path on POSIX: the rules by which state files name checkpoints.
#ifndef TB_CHECKPOINT_POSIX_PATH_H_
#define TB_CHECKPOINT_POSIX_PATH_H_

#include <string>
#include <string_view>

namespace tensorbundle::checkpoint {

bool IsAbsolutePath(std::string_view path);

// os.path.join(a, b): `b` alone when it is absolute.
std::string JoinPath(std::string_view a, std::string_view b);

// os.path.normpath: no ".", no "x/..", single slashes; "." for "". Exactly two
// leading slashes stay two, as POSIX has it.
std::string NormalizePath(std::string_view path);

// os.path.relpath(path, start) with `working_dir` as the current directory.
// An empty `start` stands for it. REQUIRES: working_dir is absolute, path is
// not empty.
std::string RelativePath(std::string_view path, std::string_view start,
                         std::string_view working_dir);

}  // namespace tensorbundle::checkpoint

#endif  // TB_CHECKPOINT_POSIX_PATH_H_
