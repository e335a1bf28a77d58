# HAGGLE_PROVENANCE_DEFINITIONS: what a result file says of the binary that wrote it. Taken at configure time, and again
# when a commit moves HEAD; a tree that differs from its commit is marked as modified.
set(haggle_commit "unknown")
find_package(Git QUIET)
if(Git_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${PROJECT_SOURCE_DIR} describe --always --dirty=-modified --abbrev=12 --exclude=*
                  OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE git_failed)
  # A source archive unpacked inside somebody else's repository must not report that repository's commit.
  if(NOT git_failed AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
    set(haggle_commit ${described})
    foreach(moved HEAD logs/HEAD)
      if(EXISTS ${PROJECT_SOURCE_DIR}/.git/${moved})
        set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
                     ${PROJECT_SOURCE_DIR}/.git/${moved})
      endif()
    endforeach()
  endif()
endif()

string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}" haggle_flags)
set(HAGGLE_PROVENANCE_DEFINITIONS
    HAGGLE_VERSION="${PROJECT_VERSION}"
    HAGGLE_COMMIT="${haggle_commit}"
    HAGGLE_COMPILER="${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
    HAGGLE_FLAGS="${haggle_flags}")
