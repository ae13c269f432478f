# find_package(landbridge REQUIRED)
# target_link_libraries(app landbridge::landbridge)          # or landbridge::static
#
# Installed as PREFIX/lib/cmake/landbridge/landbridgeConfig.cmake.

get_filename_component(_landbridge_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
find_package(Threads REQUIRED)

if(NOT TARGET landbridge::landbridge)
  add_library(landbridge::landbridge SHARED IMPORTED)
  set_target_properties(landbridge::landbridge PROPERTIES
    IMPORTED_LOCATION "${_landbridge_prefix}/lib/liblandbridge${CMAKE_SHARED_LIBRARY_SUFFIX}"
    IMPORTED_SONAME "liblandbridge.so.0"
    INTERFACE_INCLUDE_DIRECTORIES "${_landbridge_prefix}/include")

  add_library(landbridge::static STATIC IMPORTED)
  set_target_properties(landbridge::static PROPERTIES
    IMPORTED_LOCATION "${_landbridge_prefix}/lib/liblandbridge.a"
    INTERFACE_INCLUDE_DIRECTORIES "${_landbridge_prefix}/include"
    INTERFACE_LINK_LIBRARIES "Threads::Threads;${CMAKE_DL_LIBS};m")
endif()

unset(_landbridge_prefix)
