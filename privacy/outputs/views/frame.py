"""What the screens of one file share.

Which purpose a file goes out under is known only with its row, which is about nobody. So these views declare
NO_PERSONAL_DATA to the middleware, read that row, and open the scope of the file's own activity themselves: the same proof,
the same event, the same refusal (docs/adr/0009).
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from privacy.activities import Activity
from privacy.middleware import SAFE_METHODS
from privacy.outputs import queries
from privacy.outputs.kinds import FileKind, kind_of
from privacy.outputs.models import Output
from privacy.outputs.policies import Closed
from privacy.refusals import refused_page
from privacy.scope import Refused, Way, scope


def through_door(
    request: HttpRequest, activity: Activity, *, operation: str, object_id: object, work: Callable[[], HttpResponse]
) -> HttpResponse:
    """Do the work of a screen in the scope of the file's activity: as the middleware does for all other screens."""
    request.activity = activity  # type: ignore[attr-defined]
    match = request.resolver_match
    way = Way(
        name="画面",
        view=match.view_name if match else "",
        object_id=str(object_id),
        reference=getattr(request, "reference", ""),
    )
    try:
        with scope(activity, request.user, operation=operation, way=way):
            return _keep_or_undo(request, work)
    except PermissionDenied as refusal:
        if not isinstance(refusal, Refused):
            refusal = Refused(str(refusal) or "この操作はできません。", activity)
        return refused_page(request, refusal, operation=operation, way=way)


def _keep_or_undo(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """What ends in an error stores nothing. A closed door says why, in a page that shows nobody."""
    point = transaction.savepoint()
    try:
        response = work()
    except Closed as closed:
        response = TemplateResponse(request, "privacy/outputs/closed.html", {"sentence": str(closed)}, status=409)
    if isinstance(response, TemplateResponse):
        response.render()
    if response.status_code >= 400 and request.method not in SAFE_METHODS:
        transaction.savepoint_rollback(point)
    else:
        transaction.savepoint_commit(point)
    return response


def kind_or_404(name: str) -> FileKind:
    try:
        return kind_of(name)
    except LookupError:
        raise Http404("このファイルの種類はありません。") from None


def output_or_404(request: HttpRequest, pk: int) -> Output:
    """One's own, one that waits for one's confirmation, or for staff of the administration any."""
    found = queries.outputs_of(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404("この受け渡しはありません。")
    return found
