"""The name of a file out: purpose, person, time and count, and nobody's data."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

# What file systems refuse or an office might misread, control characters included.
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\s,;%]+')


def filename(
    *, number: int, title: str, recipient_code: str, activity: str, staff_number: str, at: datetime, count: int,
    unit: str, extension: str,
) -> str:  # fmt: skip
    """適用台帳_受取12_加入者の管理_職員1001_20260401-0930_240件_受渡31.csv — the number leads back to the record.

    recipient_code: the number of a recipient, 本人 for the person themselves. at: local time.
    """
    parts = [
        title, f"受取{recipient_code}", activity, f"職員{staff_number}", f"{at:%Y%m%d-%H%M}", f"{count}{unit}",
        f"受渡{number}",
    ]  # fmt: skip
    safe = (_UNSAFE.sub("-", unicodedata.normalize("NFC", part)).strip("-.") for part in parts)
    return f"{'_'.join(safe)}.{extension}"
