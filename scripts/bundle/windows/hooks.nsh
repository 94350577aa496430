; Entries of the Explorer: “Upload with Picferry” on pictures, and Picferry's own links, which always ask.
; Nothing becomes the program that opens pictures.

!macro NSIS_HOOK_POSTINSTALL
  WriteRegStr SHCTX "Software\Classes\SystemFileAssociations\image\shell\Picferry" "" "Upload with Picferry"
  WriteRegStr SHCTX "Software\Classes\SystemFileAssociations\image\shell\Picferry" "Icon" "$INSTDIR\picferry-app.exe"
  WriteRegStr SHCTX "Software\Classes\SystemFileAssociations\image\shell\Picferry" "MultiSelectModel" "Player"
  WriteRegStr SHCTX "Software\Classes\SystemFileAssociations\image\shell\Picferry\command" "" '"$INSTDIR\picferry-app.exe" --hidden -- "%1"'
  WriteRegStr SHCTX "Software\Classes\picferry" "" "URL:Picferry"
  WriteRegStr SHCTX "Software\Classes\picferry" "URL Protocol" ""
  WriteRegStr SHCTX "Software\Classes\picferry\DefaultIcon" "" "$INSTDIR\picferry-app.exe,0"
  WriteRegStr SHCTX "Software\Classes\picferry\shell\open\command" "" '"$INSTDIR\picferry-app.exe" "%1"'
!macroend

!macro NSIS_HOOK_POSTUNINSTALL
  DeleteRegKey SHCTX "Software\Classes\SystemFileAssociations\image\shell\Picferry"
  DeleteRegKey SHCTX "Software\Classes\picferry"
!macroend
