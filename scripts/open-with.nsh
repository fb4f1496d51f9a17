; Puts Duet on Windows' "Open with" list for pictures, without becoming the program that opens them.
!macro eachPictureType ACTION
  !insertmacro ${ACTION} "png"
  !insertmacro ${ACTION} "jpg"
  !insertmacro ${ACTION} "jpeg"
  !insertmacro ${ACTION} "webp"
  !insertmacro ${ACTION} "gif"
  !insertmacro ${ACTION} "avif"
!macroend

!macro offer EXT
  WriteRegNone SHELL_CONTEXT "Software\Classes\.${EXT}\OpenWithProgids" "Duet.Picture"
!macroend

!macro withdraw EXT
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.${EXT}\OpenWithProgids" "Duet.Picture"
!macroend

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\Duet.Picture" "" "Picture"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Duet.Picture\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !insertmacro eachPictureType offer
!macroend

!macro customUnInstall
  !insertmacro eachPictureType withdraw
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Duet.Picture"
!macroend
