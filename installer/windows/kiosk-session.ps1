<#
.SYNOPSIS
Makes this machine a booth: an account that signs in by itself and has szz-kiosk as its shell (Shell Launcher).

.DESCRIPTION
Needs Windows 10 or 11 Enterprise, Education or IoT Enterprise, and an administrator. Windows makes the account
("kioskUser0", without a password that anybody knows) and starts the program again whenever it ends.
-Remove takes all of it back. The booth's records, keys and settings are not touched.
#>
[CmdletBinding()]
param([switch]$Remove)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$program = Join-Path $PSScriptRoot 'szz-kiosk.exe'
$booth = Join-Path $env:ProgramData 'szz-kiosk'
$log = Join-Path $env:ProgramData 'szz-kiosk-session.log'
$account = 'kioskUser0'
$task = 'szz-kiosk session'

# Windows takes a shell's settings from SYSTEM alone, so this script starts itself as SYSTEM.
if (-not [Security.Principal.WindowsIdentity]::GetCurrent().IsSystem) {
    $arguments = "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$PSCommandPath`""
    if ($Remove) { $arguments += ' -Remove' }
    $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $arguments
    Register-ScheduledTask -TaskName $task -Action $action -User 'SYSTEM' -RunLevel Highest -Force | Out-Null
    try {
        Start-ScheduledTask -TaskName $task
        $until = (Get-Date).AddMinutes(5)
        do { Start-Sleep -Seconds 1 } while ((Get-ScheduledTask -TaskName $task).State -eq 'Running' -and (Get-Date) -lt $until)
        $result = (Get-ScheduledTaskInfo -TaskName $task).LastTaskResult
    } finally {
        Unregister-ScheduledTask -TaskName $task -Confirm:$false
    }
    if (Test-Path $log) { Get-Content $log }
    exit $result
}

Start-Transcript -Path $log | Out-Null
try {
    $assigned = Get-CimInstance -Namespace 'root\cimv2\mdm\dmmap' -ClassName 'MDM_AssignedAccess'
    if ($null -eq $assigned) {
        throw 'This Windows has no Shell Launcher: Enterprise, Education or IoT Enterprise is needed.'
    }
    if ($Remove) {
        $assigned.ShellLauncher = $null
        Set-CimInstance -CimInstance $assigned
        'Nobody signs in by themselves any more. Restart the machine.'
        exit 0
    }

    $shell = [Security.SecurityElement]::Escape("`"$program`" run --config `"$booth\kiosk.toml`"")
    $settings = @"
<?xml version="1.0" encoding="utf-8"?>
<ShellLauncherConfiguration xmlns="http://schemas.microsoft.com/ShellLauncher/2018/Configuration"
    xmlns:V2="http://schemas.microsoft.com/ShellLauncher/2019/Configuration">
  <Profiles>
    <DefaultProfile>
      <Shell Shell="%SystemRoot%\explorer.exe"/>
    </DefaultProfile>
    <Profile ID="{6f2c1f0a-3a52-4d0e-9a7b-5d1e6c0b8f41}">
      <Shell Shell="$shell" V2:AppType="Desktop">
        <DefaultAction Action="RestartShell"/>
      </Shell>
    </Profile>
  </Profiles>
  <Configs>
    <Config>
      <AutoLogonAccount/>
      <Profile ID="{6f2c1f0a-3a52-4d0e-9a7b-5d1e6c0b8f41}"/>
    </Config>
  </Configs>
</ShellLauncherConfiguration>
"@
    $assigned.ShellLauncher = [System.Net.WebUtility]::HtmlEncode($settings)
    Set-CimInstance -CimInstance $assigned

    # Settings to read, records and keys to write.
    $until = (Get-Date).AddMinutes(1)
    while ($null -eq (Get-LocalUser -Name $account -ErrorAction SilentlyContinue)) {
        if ((Get-Date) -gt $until) { throw "Windows did not make the account $account." }
        Start-Sleep -Seconds 1
    }
    foreach ($grant in @(
            @($booth, "${account}:(OI)(CI)RX"),
            @("$booth\data", "${account}:(OI)(CI)M"),
            @("$booth\secrets", "${account}:(OI)(CI)M"))) {
        & icacls.exe $grant[0] /grant $grant[1] | Out-Null
        if ($LASTEXITCODE -ne 0) { throw "$account could not be let into $($grant[0])." }
    }

    # The screen never sleeps, and nobody swipes the desktop's menus in.
    foreach ($what in 'monitor-timeout-ac', 'standby-timeout-ac', 'hibernate-timeout-ac') {
        & powercfg.exe /change $what 0
    }
    $edges = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\EdgeUI'
    New-Item -Path $edges -Force | Out-Null
    Set-ItemProperty -Path $edges -Name 'AllowEdgeSwipe' -Type DWord -Value 0
    'The booth starts at the next start of the machine.'
    exit 0
} catch {
    $_.ToString()
    exit 1
} finally {
    Stop-Transcript | Out-Null
}
