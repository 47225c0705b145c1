"""CSV as offices read it: rows in, bytes out. Pure.

UTF-8 with BOM and CRLF by default, CP932 on request. Two promises, both kept character by character:

* **Formulas are made harmless and nothing is lost.** A spreadsheet runs a cell that begins with = + - @, a tab, a carriage
  return or a line feed (their full-width forms too). Such a cell gets one apostrophe in front; and so does a cell that
  already begins with apostrophes followed by one of these, so that taking exactly one away (`restored`) gives back
  what was written. Numbers (int) are no text and are left as they are: -5 stays -5.
* **CP932 says first what it cannot hold.** `replacements` lists every character that would be replaced, with what would
  stand instead and how often, before a byte is written: a near twin that CP932 has (〜 → ～), else 〓.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Literal

Cell = str | int | date | None
Encoding = Literal["utf8", "cp932"]

GETA = "〓"
# A character of Unicode, and the twin at the same place of JIS X 0208 that CP932 maps otherwise.
TWINS: Mapping[str, str] = {
    "\u301c": "\uff5e",  # 〜 → ～
    "\u2212": "\uff0d",  # − → －
    "\u2016": "\u2225",  # ‖ → ∥
    "\u2014": "\u2015",  # — → ―
    "\u00a2": "\uffe0",  # ¢ → ￠
    "\u00a3": "\uffe1",  # £ → ￡
    "\u00ac": "\uffe2",  # ¬ → ￢
    "\u00a6": "\uffe4",  # ¦ → ￤
    "\u00a0": " ",
}
_DANGER = "=+\\-@\\t\\r\\n＝＋－＠"
_RUNS = re.compile(f"'*[{_DANGER}]")
_MADE_HARMLESS = re.compile(f"'+[{_DANGER}]")


@dataclass(frozen=True)
class Replacement:
    """One character that cannot be written (CP932 does not hold it, the font does not draw it): what stands instead, and
    how often it occurs."""

    character: str
    instead: str
    count: int

    @property
    def code(self) -> str:
        """U+9AD9, as font tables name it; U+845B U+E0101 of a variant."""
        return " ".join(f"U+{ord(part):04X}" for part in self.character)


def harmless(text: str) -> str:
    """The text as no spreadsheet runs it."""
    return f"'{text}" if _RUNS.match(text) else text


def restored(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if _MADE_HARMLESS.match(text) else text


def _in_cp932(character: str) -> bool:
    try:
        return character.encode("cp932").decode("cp932") == character
    except UnicodeError:
        return False


def _instead(character: str) -> str:
    return character if _in_cp932(character) else TWINS.get(character, GETA)


def as_cp932(text: str) -> str:
    """The text with every character CP932 lacks replaced, one for one."""
    return text if text.isascii() else "".join(map(_instead, text))


def replacements(rows: Iterable[Iterable[Cell]]) -> list[Replacement]:
    """Every character of these rows that CP932 would replace, most frequent first."""
    seen: Counter[str] = Counter()
    for row in rows:
        for cell in row:
            if isinstance(cell, str) and not cell.isascii():
                seen.update(cell)
    lost = [(c, n) for c, n in seen.items() if not c.isascii() and not _in_cp932(c)]
    return [Replacement(c, _instead(c), n) for c, n in sorted(lost, key=lambda entry: (-entry[1], entry[0]))]


def _written(cell: Cell, encoding: Encoding) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return cell
    # Replaced first: a minus sign that becomes － must not slip past the guard.
    return harmless(as_cp932(cell) if encoding == "cp932" else cell)


def csv_bytes(
    head: Sequence[str], rows: Iterable[Sequence[Cell]], *, foot: Sequence[str] = (), encoding: Encoding = "utf8"
) -> bytes:
    """A CSV file: head, rows, and after an empty line the lines of the foot, each one cell. CRLF everywhere.

    Dates are written 2026-04-01, None as an empty cell. A line break inside a cell is kept, in quotation marks.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_written(title, encoding) for title in head])
    for row in rows:
        writer.writerow([_written(cell, encoding) for cell in row])
    if foot:
        out.write("\r\n")
        for line in foot:
            writer.writerow([_written(line, encoding)])
    return out.getvalue().encode("cp932" if encoding == "cp932" else "utf-8-sig")
