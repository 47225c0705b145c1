"""Part of the first page: what falls due of 任意継続 and 年齢到達, as counts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from members.lifecycle.activities import LIFECYCLE
from members.lifecycle.enums import AGE_MEANINGS, AgeKind
from members.lifecycle.queries import ages, voluntary


class LifecycleHome(View):
    """任意継続・年齢到達: counts, each leading to its list."""

    activity = LIFECYCLE

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        coming = ages.coming(today)
        context = {
            "counts": voluntary.counts(today),
            "coming": coming,
            "ages": [(kind.label, AGE_MEANINGS[kind], coming.by_kind[kind.value], kind.value) for kind in AgeKind],
        }
        return TemplateResponse(request, "members/lifecycle/fragments/lifecycle_home.html", context)
