"""The refused page: what was refused, why in one sentence, which work would allow it, and that it is recorded."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from privacy.activities import Activity, registry
from privacy.grants import held_by, holders, may
from privacy.scope import NotGranted, Refused, WallRefused, Way, record_refusal


def refused_page(request: HttpRequest, refusal: Refused, *, operation: str, way: Way) -> HttpResponse:
    """Record the refusal in a transaction of its own and answer 403 without one character of the data."""
    activity = refusal.activity
    outright = isinstance(refusal, NotGranted | WallRefused)
    title = "この目的では扱えません" if outright else "いまは扱えません"
    at = record_refusal(user_id=request.user.pk, activity=activity, operation=operation, way=way, reason=refusal.reason)
    request.refused = True  # type: ignore[attr-defined]
    context = {
        "title": title,
        "sentence": refusal.sentence,
        "allowed": _allowed(int(request.user.pk or 0), activity) if activity else [],
        "grantable": _grantable(activity) if isinstance(refusal, NotGranted) and activity else [],
        "event_reference": way.reference,
        "at": timezone.localtime(at),
        "back_url": reverse("home"),
        "officer": settings.ASSOCIATION["privacy_officer"],
        "operation": operation,
        "activity_title": activity.title if activity else "",
    }
    response = TemplateResponse(request, "privacy/refused.html", context, status=403)
    response.render()
    return response


def _entry(activity: Activity) -> str:
    try:
        return reverse(activity.entry) if activity.entry else ""
    except NoReverseMatch:
        return ""


def _allowed(user_id: int, refused: Activity) -> list[dict]:
    """The person's own work that uses the same categories."""
    held = held_by(user_id)
    wanted = set(refused.categories)
    return [
        {"activity": a.title, "pairs": a.labels, "url": _entry(a)}
        for a in registry().values()
        if a is not refused and _entry(a) and wanted & set(a.uses) and may(held, a)
    ]


def _grantable(refused: Activity) -> list[dict]:
    """The refused work itself, and which sections may do it."""
    names = holders(list(refused.keys))
    common: set[str] | None = None
    for key in refused.keys:
        common = set(names.get(key, [])) if common is None else common & set(names.get(key, []))
    return [{"activity": refused.title, "pairs": refused.labels, "holders": sorted(common or ())}]
