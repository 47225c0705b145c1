"""What the frame shows of the purpose: the band and the menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from privacy.activities import Activity


def purpose(request: HttpRequest) -> dict[str, object]:
    """`purpose` for the band, and `menu`, which costs one statement and only when a full page is drawn."""
    activity = getattr(request, "activity", None)
    declared = activity if isinstance(activity, Activity) else None
    return {
        "purpose": {
            "activity": declared.title if declared else "",
            "pairs": declared.labels if declared else [],
            "statute": declared.statute.article if declared and declared.statute else None,
            "none": declared is None,
        },
        "menu": SimpleLazyObject(lambda: _menu(request, declared)),
    }


def _menu(request: HttpRequest, current: Activity | None) -> list[dict[str, object]]:
    from privacy.grants import menu_of

    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    # A screen without personal data belongs to the entry of its own app: one file of 受け渡し under 受け渡し.
    here = request.resolver_match.namespace if current is None and request.resolver_match else None
    entries = []
    for activity in menu_of(user.pk):
        try:
            url = reverse(activity.entry)
        except NoReverseMatch:
            continue
        entries.append(
            {
                "label": activity.menu,
                "url": url,
                "current": activity is current or activity.entry.partition(":")[0] == here,
            }
        )
    return entries
