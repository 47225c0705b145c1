"""Where a reader of one file collects what is wrong: with the name of the file, the field and the line."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from health_programs.checkups.files.documents import Problem

ASK = "健診機関に確かめ、直したファイルを受け取ってください。"
MOST = 50  # problems of one file that are said; a file made to be wrong everywhere says no more
TELL = "読み取りました。送付元に知らせてください。"


@dataclass
class Desk:
    """Problems of one file in the order they were found."""

    name: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, code: str, label: str, what: str, at: etree._Element | None = None, remedy: str = ASK) -> None:
        """Something that keeps the document out."""
        self._add(Problem(code, self._place(label), what, remedy, _line(at)))

    def note(self, code: str, label: str, what: str, at: etree._Element | None = None, remedy: str = TELL) -> None:
        """Something the clerk should know; the document is taken."""
        self._add(Problem(code, self._place(label), what, remedy, _line(at), fatal=False))

    def _add(self, problem: Problem) -> None:
        """Beyond MOST only the first that keeps the document out still counts."""
        if len(self.problems) < MOST or (problem.fatal and not self.stopped):
            self.problems.append(problem)

    def _place(self, label: str) -> str:
        return f"{self.name}　{label}" if label else self.name

    @property
    def stopped(self) -> bool:
        return any(problem.fatal for problem in self.problems)

    def needed(self, value: str, label: str, at: etree._Element | None, most: int = 200) -> str:
        """The value; says so where it is empty or too long."""
        if not value:
            self.wrong("missing", label, "入っていません。", at)
        return self.fits(value, label, at, most)

    def fits(self, value: str, label: str, at: etree._Element | None, most: int) -> str:
        if len(value) > most:
            self.wrong("long", label, f"長すぎます（{most}文字まで）。", at)
        return value

    def oid(self, element: etree._Element | None, attribute: str, wanted: str, label: str) -> None:
        """The OID of an attribute, where it is given, is the one that belongs here."""
        found = element.get(attribute) if element is not None else None
        if found is not None and found != wanted:
            self.wrong("oid", label, "OID（番号の種類）が違います。", element)


def _line(element: etree._Element | None) -> int | None:
    found = element.sourceline if element is not None else None
    return int(found) if found else None
