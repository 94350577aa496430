# Codecs in C are optimised in every build.
set(CMAKE_C_FLAGS_DEBUG_INIT "-O2")
set(CMAKE_CXX_FLAGS_DEBUG_INIT "-O2")
