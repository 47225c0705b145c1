"""The last middleware: opens the scope of a view's activity, calls the view, renders, records, commits."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from privacy.activities import NO_PERSONAL_DATA, Activity, activity_of_view
from privacy.refusals import refused_page
from privacy.scope import Refused, Way, scope

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class ScopeMiddleware:
    """Calls the view itself in `process_view`, so that an exception leaves through the transaction and rolls back.

    Wrapping `get_response` instead would commit half-written work, because Django turns exceptions into responses inside
    it (docs/adr/0002).
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        activity = activity_of_view(view)
        request.activity = activity  # type: ignore[attr-defined]
        if activity is NO_PERSONAL_DATA:
            return None
        if not isinstance(activity, Activity):
            raise PermissionDenied("利用目的が宣言されていない画面です。")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        operation = operation_of(view, request.method or "GET")
        way = way_of(request, kwargs)
        try:
            with scope(activity, request.user, operation=operation, way=way):
                if request.method in SAFE_METHODS:
                    return _render(view(request, *args, **kwargs))
                return _keep_or_undo(request, view, args, kwargs)
        except PermissionDenied as refusal:
            if not isinstance(refusal, Refused):
                refusal = Refused(str(refusal) or "この操作はできません。", activity)
            return refused_page(request, refusal, operation=operation, way=way)


def _render(response: Any) -> HttpResponse:
    """Render inside the scope. A streaming body would be read after the commit, outside every purpose."""
    if getattr(response, "streaming", False):
        raise RuntimeError(
            "個人情報は、分割して送る応答では返せません。ファイルは privacy.outputs から出してください。"
        )
    if isinstance(response, TemplateResponse) or callable(getattr(response, "render", None)):
        response.render()
    return response


def _keep_or_undo(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse:
    """An unsafe request that ends in an error status stores nothing; what it showed is recorded all the same."""
    point = transaction.savepoint()
    response = _render(view(request, *args, **kwargs))
    if response.status_code >= 400:
        transaction.savepoint_rollback(point)
    else:
        transaction.savepoint_commit(point)
    return response


def operation_of(view: Any, method: str) -> str:
    declared = getattr(getattr(view, "view_class", view), "operation", None)
    if declared:
        return declared
    return "view" if method in SAFE_METHODS else "change"


def way_of(request: HttpRequest, kwargs: dict[str, Any]) -> Way:
    """The name of the screen and the number of its object; never the path's text or the query."""
    match = request.resolver_match
    object_id = kwargs.get("pk") or kwargs.get("object_id") or ""
    return Way(
        name="画面",
        view=match.view_name if match else "",
        object_id=str(object_id)[:40] if str(object_id).replace("-", "").isalnum() else "",
        reference=getattr(request, "reference", ""),
    )
