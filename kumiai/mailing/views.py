"""The page behind List-Unsubscribe: open to everyone who holds a mail of ours, and it says nothing about anyone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from kumiai.mailing import actions, digests
from kumiai.ui.declarations import NO_PERSONAL_DATA


# The mailbox provider presses the button for its user (RFC 8058) and has no token of ours; the address itself is signed.
@method_decorator(csrf_exempt, name="dispatch")
class UnsubscribePage(TemplateView):
    """配信停止. Looking changes nothing, for mail filters follow links; pressing does, at once and without a log-in."""

    activity = NO_PERSONAL_DATA
    template_name = "kumiai/mailing/unsubscribe.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = digests.outgoing_of(self.kwargs["token"]) is not None
        return self._page("ask" if known else "unknown")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._page("done" if actions.unsubscribe(token=self.kwargs["token"]) else "unknown")

    def _page(self, step: str) -> HttpResponse:
        answer = self.render_to_response(self.get_context_data(step=step), status=404 if step == "unknown" else 200)
        # The address of the page is the key to it.
        answer["Referrer-Policy"] = "no-referrer"
        answer["Cache-Control"] = "no-store"
        answer["X-Robots-Tag"] = "noindex"
        return answer
