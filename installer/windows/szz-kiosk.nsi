; The installer for Windows, made by installer/windows/build: makensis -DVERSION=… -DSTAGED=folder -DOUT=file.exe
; Silently: szz-kiosk-setup.exe /S, and with /NOKIOSK without the kiosk session.
Unicode true
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "x64.nsh"

Name "szz-kiosk ${VERSION}"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\szz-kiosk"
RequestExecutionLevel admin
SetCompressor /SOLID lzma
ShowInstDetails show

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\szz-kiosk"
!define KIOSK 'powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\kiosk-session.ps1"'

Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Var WithoutKiosk

Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_ICONSTOP "szz-kiosk needs 64-bit Windows." /SD IDOK
    Abort
  ${EndIf}
  SetRegView 64
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/NOKIOSK" $1
  ${If} ${Errors}
    StrCpy $WithoutKiosk "no"
  ${Else}
    StrCpy $WithoutKiosk "yes"
  ${EndIf}
FunctionEnd

Section "szz-kiosk"
  SetShellVarContext all
  SetOutPath "$INSTDIR"
  File /r "${STAGED}\program\*.*"

  ; What belongs to the booth is below ProgramData. Its settings stay as they are in an upgrade.
  SetOutPath "$APPDATA\szz-kiosk"
  SetOverwrite off
  File /r "${STAGED}\settings\*.*"
  SetOverwrite on
  ${IfNot} ${FileExists} "$APPDATA\szz-kiosk\kiosk.toml"
    CopyFiles /SILENT "$INSTDIR\kiosk.example.toml" "$APPDATA\szz-kiosk\kiosk.toml"
  ${EndIf}
  CreateDirectory "$APPDATA\szz-kiosk\data"
  CreateDirectory "$APPDATA\szz-kiosk\secrets"
  ; SYSTEM and administrators; kiosk-session.ps1 lets the kiosk's account in.
  nsExec::ExecToLog 'icacls.exe "$APPDATA\szz-kiosk" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F'
  Pop $0
  ${If} $0 != "0"
    DetailPrint "Others could not be kept out of $APPDATA\szz-kiosk: close it before the booth is enrolled."
    SetErrorLevel 2
  ${EndIf}

  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayName" "szz-kiosk"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKLM "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL}" "NoRepair" 1

  ${If} $WithoutKiosk == "no"
    nsExec::ExecToLog '${KIOSK}'
    Pop $0
    ${If} $0 != "0"
      DetailPrint "The kiosk session is not set up: README.md in $INSTDIR says what it needs."
      SetErrorLevel 3
    ${EndIf}
  ${EndIf}
SectionEnd

Section "Uninstall"
  SetShellVarContext all
  SetRegView 64
  nsExec::ExecToLog '${KIOSK} -Remove'
  Pop $0
  ; Only what was installed; the records, keys and settings below ProgramData outlive the program.
  Delete "$INSTDIR\szz-kiosk.exe"
  Delete "$INSTDIR\onnxruntime.dll"
  Delete "$INSTDIR\kiosk-session.ps1"
  Delete "$INSTDIR\kiosk.example.toml"
  Delete "$INSTDIR\README.md"
  Delete "$INSTDIR\OPERATING.md"
  RMDir /r "$INSTDIR\models"
  RMDir /r "$INSTDIR\licences"
  RMDir /r "$INSTDIR\kiosk-config"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKLM "${UNINSTALL}"
  DetailPrint "Records, keys and settings are kept in $APPDATA\szz-kiosk."
SectionEnd
