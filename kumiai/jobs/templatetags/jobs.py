"""Filters of the job screens."""

from __future__ import annotations

from datetime import timedelta

from django import template

from kumiai.jobs.models import Job
from kumiai.jobs.queries import registered_kind

register = template.Library()

ENGINE_ERRORS = {
    "refused": "この利用目的の権限がないか、公表の範囲を外れたため、止めました。個人情報保護管理者に確認してください。",
    "unknown_kind": "この種類の処理は、いまの版にありません。システム担当に処理番号を伝えてください。",
    "no_progress": "何度始めても進まなかったため、止めました。システム担当に処理番号を伝えてください。",
    "error": "予期しない誤りで止まりました。済んだところまでは残っています。システム担当に処理番号を伝えてください。",
}


@register.filter
def time_left(left: timedelta) -> str:
    """約2分, 約1時間20分, 1分未満."""
    minutes = round(left.total_seconds() / 60)
    if left.total_seconds() < 60:
        return "1分未満"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"約{minutes}分"
    return f"約{hours}時間{rest}分" if rest else f"約{hours}時間"


@register.filter
def job_error(job: Job) -> str:
    """Why a job failed, as a sentence."""
    kind = registered_kind(job)
    said = dict(kind.errors) if kind else {}
    return ENGINE_ERRORS.get(job.error_code) or said.get(job.error_code) or ENGINE_ERRORS["error"]
