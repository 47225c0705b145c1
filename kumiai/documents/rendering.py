"""From a template and data to the bytes of a PDF, in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from kumiai.documents.font import font_path, missing_characters, printable
from kumiai.ui.formats import format_number, format_wareki

STANDARD: Final = "ua-1"
"""PDF/UA-1: tagged, with a title, a language and an order of reading; typst refuses what would not be."""


@dataclass(frozen=True)
class Frame:
    """What every page says of its document: whose it is, what it is for, who made it, when, how many it holds."""

    title: str
    association: str
    activity: str
    uses: tuple[tuple[str, str], ...] = ()
    """(類型, 利用目的) pairs of the activity."""
    statute: str = ""
    """The article, where a statute permits the use instead of the notice."""
    person: str = ""
    at: datetime | None = None
    count: int = 0
    unit: str = "名"
    record: str = ""
    """Under which number its leaving is on record."""

    def data(self) -> dict[str, Any]:
        """As the template reads it."""
        local = timezone.localtime(self.at) if self.at else None
        return {
            "title": self.title,
            "association": self.association,
            "activity": self.activity,
            "uses": [list(use) for use in self.uses],
            "statute": self.statute,
            "person": self.person,
            "at": f"{format_wareki(local.date())} {local:%H:%M}" if local else "",
            "count": f"{format_number(self.count)}{self.unit}",
            "record": self.record,
        }


def render(template: str | Path, data: Mapping[str, Any], *, frame: Frame) -> bytes:
    """The PDF of a template (`<app label>/<name>`, or a file inside the project) with this data.

    The same template, data and frame give the same bytes, whatever the machine: system fonts are not looked at and the
    time in the file is the frame's. Characters the font does not have stand as 〓 (see `missing_characters`).
    Raises typst.TypstError where the template cannot be set.
    """
    whole = {**data, "frame": frame.data()}
    whole = printable(whole, missing_characters(whole))
    fonts, family = _fonts(font_path())
    made = typst.compile(
        template if isinstance(template, Path) else template_path(template),
        root=settings.BASE_DIR,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(whole, ensure_ascii=False), "font": family},
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=int((frame.at or datetime(2000, 1, 1, tzinfo=UTC)).timestamp()),
    )
    return bytes(made)


def template_path(template: str) -> Path:
    """The file of a template; LookupError for an app that does not exist."""
    label, _slash, name = template.partition("/")
    return Path(apps.get_app_config(label).path) / "documents" / f"{name}.typ"


@cache
def _fonts(path: Path) -> tuple[typst.Fonts, str]:
    """The fonts beside the font of documents, read once a process, and the family name of that font."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(path.parent)])
    family = next(font.family for font in fonts.fonts() if font.path and Path(font.path).samefile(path))
    return fonts, family
