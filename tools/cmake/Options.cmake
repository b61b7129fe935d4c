# Compile and link options shared by every target of this project.
#
#   tb_library(<name> [DEPS <tb_...>...] [FILES <source>...] [HOT <source>...])
#     One static library per folder of engine/. DEPS are the only edges that
#     the layer diagram in engine/README.md allows. HOT are the files whose
#     loops run over elements or bytes: there speed counts for more than size.

# Bit-exactness (random numbers, CRCs) forbids contracted multiply-adds.
add_compile_options(-ffp-contract=off)

if(EMSCRIPTEN)
  add_compile_options(-msimd128)
endif()

if(TB_SANITIZE)
  # The vptr check needs RTTI, which the engine does without.
  add_compile_options(-fsanitize=${TB_SANITIZE} -fno-sanitize=vptr
                      -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TB_SANITIZE} -fno-sanitize=vptr)
endif()

# What our own code is compiled with, and third-party code is not.
add_library(tb_own_options INTERFACE)
target_include_directories(tb_own_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(tb_own_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<CXX_COMPILER_ID:Clang>:-Wshorten-64-to-32 -Wimplicit-fallthrough>
  $<$<BOOL:${TB_WERROR}>:-Werror>)

# The engine proper: no exceptions, no run-time type information.
add_library(tb_engine_options INTERFACE)
target_link_libraries(tb_engine_options INTERFACE tb_own_options)
target_compile_options(tb_engine_options INTERFACE -fno-exceptions -fno-rtti)

# Whoever opens a page waits for the wasm: what is not HOT is made small. At -Oz
# Emscripten turns inlining off; with one-line functions inlined where they are
# called, the code is half as large.
set(tb_small_options)
if(EMSCRIPTEN AND CMAKE_BUILD_TYPE STREQUAL "Release")
  set(tb_small_options -Oz -sINLINING_LIMIT=0)
endif()

function(tb_library name)
  cmake_parse_arguments(arg "" "" "DEPS;FILES;HOT" ${ARGN})
  add_library(${name} STATIC ${arg_FILES} ${arg_HOT})
  target_link_libraries(${name} PUBLIC ${arg_DEPS} PRIVATE tb_engine_options)
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  set_source_files_properties(${arg_FILES} PROPERTIES
    COMPILE_OPTIONS "${tb_small_options}")
endfunction()
