# Loads the toolchain file of whichever Emscripten owns the em++ on the PATH:
# Debian keeps it under /usr/share/emscripten, emsdk beside em++ itself.
find_program(TB_EMXX em++ REQUIRED)
get_filename_component(tb_emxx_real ${TB_EMXX} REALPATH)
get_filename_component(tb_em_root ${tb_emxx_real} DIRECTORY)
foreach(tb_root ${tb_em_root} /usr/share/emscripten)
  set(tb_file ${tb_root}/cmake/Modules/Platform/Emscripten.cmake)
  if(EXISTS ${tb_file})
    include(${tb_file})
    return()
  endif()
endforeach()
message(FATAL_ERROR "Emscripten.cmake not found near ${tb_emxx_real}")
