#!/usr/bin/env bash
# Makes NotoSansSC-GBK.otf: Noto Sans CJK SC (OFL 1.1, Debian package fonts-noto-cjk) cut down to the
# GBK repertoire, since students' names need it, plus the punctuation and symbols of the screens.
# Needs: fonts-noto-cjk and fonttools (pip).
set -euo pipefail
cd "$(dirname "$0")"
text=$(mktemp)
trap 'rm -f "$text"' EXIT
python3 - >"$text" <<'PYTHON'
wanted = {chr(code) for code in range(0x20, 0x7F)} | {chr(code) for code in range(0xA0, 0x100)}
for lead in range(0x81, 0xFF):
    for trail in range(0x40, 0xFF):
        try:
            wanted.add(bytes([lead, trail]).decode("gbk"))
        except UnicodeDecodeError:
            pass
wanted |= set("✓✗←→↑↓●○■□▲△▼▽☆★·…—–‘’“”×÷±°•")
print("".join(sorted(wanted)))
PYTHON
pyftsubset /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc --font-number=2 --text-file="$text" \
    --layout-features='' --no-hinting --drop-tables+=vhea,vmtx,VORG,BASE,GPOS,GSUB --output-file=NotoSansSC-GBK.otf
