"""What the screens of the filings share: who may change, the filing or 404, protected people."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from kumiai.accounts.login import clerk_id
from members.filings import queries, reading, register
from members.filings.activities import FILING_ADMINISTRATION, FILING_OUTPUT
from members.filings.models import Filing
from members.filings.presentation.lines import FilingLine, lines
from privacy.grants import held_by, may
from privacy.scope import NotGranted

__all__ = [
    "filing_or_404",
    "is_hidden",
    "line_of",
    "may_change",
    "may_decide",
    "may_send",
    "protected_page",
    "read_now",
    "require_change",
]


def may_change(request: HttpRequest) -> bool:
    """Whether this person's section may change filings, so that no button is offered that would be refused."""
    return may(held_by(clerk_id(request)), FILING_ADMINISTRATION, "change")


def may_decide(request: HttpRequest) -> bool:
    """Whether this person's section may approve."""
    return may(held_by(clerk_id(request)), FILING_ADMINISTRATION, "decide")


def may_send(request: HttpRequest) -> bool:
    """Whether this person's section may hand out letters about filings."""
    return may(held_by(clerk_id(request)), FILING_OUTPUT, "export")


def require_change(request: HttpRequest) -> None:
    """Refuse a form to those who could not save it, before they type."""
    if not may_change(request):
        raise NotGranted("「加入者の管理」で変更する権限が、あなたの課にありません。", FILING_ADMINISTRATION)


def filing_or_404(pk: int) -> Filing:
    filing = queries.filing_of(pk)
    if filing is None:
        raise Http404("この番号の届はありません。")
    return filing


def line_of(request: HttpRequest, filing: Filing) -> FilingLine:
    """The filing as one line, with whom to ask when it is hidden; otherwise its protected contents are filled in."""
    [line] = lines([filing], user_id=clerk_id(request), today=timezone.localdate())
    if not line.hidden:
        queries.fill_contents(filing)
    return line


def is_hidden(request: HttpRequest, filing: Filing) -> bool:
    return line_of(request, filing).hidden


def protected_page(request: HttpRequest, line: FilingLine, *, status: int = 200) -> HttpResponse:
    """The number, the flag and whom to ask, and nothing else."""
    return TemplateResponse(request, "members/filings/filing_protected.html", {"line": line}, status=status)


def read_now(request: HttpRequest, filing: Filing, *, employers: dict[str, Any] | None = None) -> reading.Reading:
    """The stored filing understood today, with what the checks find now."""
    return reading.read_stored(
        filing,
        user_id=clerk_id(request),
        today=timezone.localdate(),
        employers=employers if employers is not None else register.employers_by_symbol(),
    )
