# How our own code is compiled. Third-party and generated code never links project_options.

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)

# No NDEBUG anywhere: assertions guard results. -g1 keeps lines for backtraces at half the link time.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(CASIM_CCACHE ccache)
  if(CASIM_CCACHE)
    # Paths below the checkout do not count, so that a clone elsewhere finds what was compiled here.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CASIM_CCACHE})
  endif()
endif()

# For everything that ends up in our binaries, generated code too.
add_library(casim_base_options INTERFACE)
target_compile_features(casim_base_options INTERFACE cxx_std_23)
# No contraction and no -march: the digest of a run is the same on every x86-64.
target_compile_options(casim_base_options INTERFACE -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Its own garbage collection, from 128 MiB on, is a fifth of the time to compile: from 512 MiB on.
  target_compile_options(casim_base_options INTERFACE --param=ggc-min-heapsize=524288)
endif()
# A quarter of the time that GNU ld takes, where it is installed.
find_program(CASIM_MOLD mold)
mark_as_advanced(CASIM_MOLD)
if(CASIM_MOLD)
  target_link_options(casim_base_options INTERFACE -fuse-ld=mold)
endif()
if(CASIM_SANITIZE)
  # Without the checks for null and alignment, which double the time to compile a coroutine: a null
  # pointer faults by itself, and nothing here casts between pointers.
  target_compile_options(casim_base_options INTERFACE -fsanitize=${CASIM_SANITIZE}
                         -fno-sanitize=null,alignment -fno-sanitize-recover=all)
  target_link_options(casim_base_options INTERFACE -fsanitize=${CASIM_SANITIZE})
endif()
if(CASIM_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "CASIM_FUZZ needs clang: cmake --preset fuzz")
  endif()
  target_compile_options(casim_base_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# A run allocates and frees without end, of all sizes: with this allocator it takes a fifth less time
# than with glibc's. Where it is installed; sanitizers bring their own.
add_library(casim_allocator INTERFACE)
if(NOT CASIM_SANITIZE AND NOT CASIM_FUZZ)
  find_library(CASIM_JEMALLOC jemalloc)
  mark_as_advanced(CASIM_JEMALLOC)
  if(CASIM_JEMALLOC)
    target_link_libraries(casim_allocator INTERFACE ${CASIM_JEMALLOC})
  endif()
endif()

add_library(project_options INTERFACE)
target_link_libraries(project_options INTERFACE casim_base_options)
target_include_directories(project_options INTERFACE ${PROJECT_SOURCE_DIR})
# A failed assertion says the path below the checkout, in a batch too.
target_compile_options(project_options INTERFACE -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
target_compile_options(project_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 pairs a coroutine frame's inlined delete with a new that it did not inline.
  target_compile_options(project_options INTERFACE -Wno-mismatched-new-delete)
  if(CMAKE_UNITY_BUILD)
    # It spares the file that is compiled, and a batch includes that.
    target_compile_options(project_options INTERFACE -Wno-subobject-linkage)
  endif()
  # GCC 12 in release is the gate; clang's own warnings are shown by the tidy and fuzz presets, not
  # fatal.
  if(CASIM_SANITIZE)
    # False positives in library code once sanitizers keep branches apart.
    target_compile_options(project_options INTERFACE -Wno-maybe-uninitialized)
  else()
    target_compile_options(project_options INTERFACE -Werror)
  endif()
  if(CASIM_SANITIZE STREQUAL "thread")
    # Asio counts references with fences, which the thread sanitizer does not understand.
    target_compile_options(project_options INTERFACE -Wno-tsan)
  endif()
endif()
if(CASIM_CHECK_INVARIANTS)
  target_compile_definitions(project_options INTERFACE CASIM_CHECK_INVARIANTS)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(project_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()
