# Third-party code, always as a package and never in the repository:
#   tb_protobuf_lite  protobuf's lite runtime, compiled from its packaged source
#                     so that native and wasm builds share one version
#   tb_eigen          headers
#   GTest::gmock_main GoogleTest, from its source package
#   benchmark::benchmark (native, TB_BENCH)
#
# `npm run setup` unpacks the protobuf source package into build/third_party;
# without it CMake fetches the same release where the network allows.
include(FetchContent)

set(TB_THIRD_PARTY_DIR ${CMAKE_SOURCE_DIR}/build/third_party CACHE PATH
    "Where source packages are unpacked")

# -- protobuf -----------------------------------------------------------------
find_program(TB_PROTOC protoc)
if(NOT TB_PROTOC)
  message(FATAL_ERROR "protoc not found. On Debian: apt-get install protobuf-compiler")
endif()
execute_process(COMMAND ${TB_PROTOC} --version OUTPUT_VARIABLE tb_protoc_version)
# protoc 3.21.12 prints "libprotoc 3.21.12", the release is also named v21.12.
string(REGEX MATCH "[0-9]+\\.[0-9]+(\\.[0-9]+)?" tb_protobuf_version "${tb_protoc_version}")

file(GLOB tb_protobuf_dirs ${TB_THIRD_PARTY_DIR}/protobuf-*/src/google/protobuf)
if(tb_protobuf_dirs)
  list(GET tb_protobuf_dirs 0 tb_protobuf_dir)
  get_filename_component(tb_protobuf_src ${tb_protobuf_dir}/../.. ABSOLUTE)
else()
  string(REGEX REPLACE "^3\\.(2[0-9]\\.)" "\\1" tb_protobuf_tag "${tb_protobuf_version}")
  message(STATUS "Fetching protobuf ${tb_protobuf_version}")
  FetchContent_Declare(protobuf
    URL https://github.com/protocolbuffers/protobuf/archive/refs/tags/v${tb_protobuf_tag}.tar.gz)
  FetchContent_GetProperties(protobuf)
  if(NOT protobuf_POPULATED)
    FetchContent_Populate(protobuf)
  endif()
  set(tb_protobuf_src ${protobuf_SOURCE_DIR}/src)
endif()

# The lite runtime is the list that protobuf's own build names.
file(STRINGS ${tb_protobuf_src}/../cmake/libprotobuf-lite.cmake tb_lite_lines
     REGEX "google/protobuf/.*\\.cc")
set(tb_lite_files)
foreach(tb_line ${tb_lite_lines})
  string(REGEX MATCH "google/protobuf/[a-z0-9_/.]*\\.cc" tb_file "${tb_line}")
  list(APPEND tb_lite_files ${tb_protobuf_src}/${tb_file})
endforeach()
list(REMOVE_DUPLICATES tb_lite_files)

add_library(tb_protobuf_lite STATIC ${tb_lite_files})
target_include_directories(tb_protobuf_lite SYSTEM PUBLIC ${tb_protobuf_src})
# protobuf copies no bytes from nowhere, which the sanitizer minds.
set(tb_protobuf_options -w -fno-rtti ${tb_small_options})
if(TB_SANITIZE)
  list(APPEND tb_protobuf_options -fno-sanitize=nonnull-attribute)
endif()
target_compile_options(tb_protobuf_lite PRIVATE ${tb_protobuf_options})
target_compile_definitions(tb_protobuf_lite PUBLIC
  $<$<NOT:$<BOOL:${EMSCRIPTEN}>>:HAVE_PTHREAD=1>)
if(NOT EMSCRIPTEN)
  find_package(Threads REQUIRED)
  target_link_libraries(tb_protobuf_lite PUBLIC Threads::Threads)
endif()

# tb_proto_library(<name> <file.proto>...): C++ from .proto files of this folder.
function(tb_proto_library name)
  set(generated)
  foreach(proto ${ARGN})
    get_filename_component(stem ${proto} NAME_WE)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${stem}.pb)
    add_custom_command(
      OUTPUT ${out}.cc ${out}.h
      COMMAND ${TB_PROTOC} --cpp_out=lite:${CMAKE_BINARY_DIR}
              -I${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${proto}
      DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${proto}
      COMMENT "protoc ${proto}"
      VERBATIM)
    list(APPEND generated ${out}.cc ${out}.h)
  endforeach()
  add_library(${name} STATIC ${generated})
  target_link_libraries(${name} PUBLIC tb_protobuf_lite)
  # Includes read "engine/proto/<file>.pb.h", beside our own headers.
  target_include_directories(${name} SYSTEM PUBLIC ${CMAKE_BINARY_DIR})
  target_compile_options(${name} PRIVATE ${tb_protobuf_options})
endfunction()

# -- Eigen --------------------------------------------------------------------
find_path(TB_EIGEN_DIR Eigen/Core PATH_SUFFIXES eigen3
          HINTS /usr/include /usr/local/include NO_CMAKE_FIND_ROOT_PATH)
if(NOT TB_EIGEN_DIR)
  FetchContent_Declare(eigen
    URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz)
  FetchContent_GetProperties(eigen)
  if(NOT eigen_POPULATED)
    FetchContent_Populate(eigen)
  endif()
  set(TB_EIGEN_DIR ${eigen_SOURCE_DIR} CACHE PATH "" FORCE)
endif()
add_library(tb_eigen INTERFACE)
target_include_directories(tb_eigen SYSTEM INTERFACE ${TB_EIGEN_DIR})

# -- GoogleTest ---------------------------------------------------------------
if(TB_TESTS)
  if(EMSCRIPTEN)
    set(gtest_disable_pthreads ON CACHE BOOL "" FORCE)
  endif()
  set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
  if(EXISTS /usr/src/googletest/CMakeLists.txt)
    add_subdirectory(/usr/src/googletest ${CMAKE_BINARY_DIR}/googletest
                     EXCLUDE_FROM_ALL)
  else()
    FetchContent_Declare(googletest
      URL https://github.com/google/googletest/archive/refs/tags/release-1.12.1.tar.gz)
    FetchContent_MakeAvailable(googletest)
  endif()
endif()

# -- Google Benchmark ---------------------------------------------------------
if(TB_BENCH AND NOT EMSCRIPTEN)
  find_package(benchmark REQUIRED)
endif()
