"""Long work of the checkups, chunk by chunk, and the night."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from health_programs.checkups.actions import (
    answers,
    archives,
    bookings,
    campaigns,
    government,
    judging,
    online_eligibility,
    recommendations,
    targets,
)
from health_programs.checkups.activities import CHECKUP_REMINDER, GUIDANCE_TARGETING, TREATMENT_RECOMMENDATION
from health_programs.checkups.enums import (
    AnswerOutcome,
    CampaignAim,
    DocumentOutcome,
    Level,
    LinkAction,
    LinkLeft,
    Standing,
    Urgency,
)
from health_programs.checkups.models import GovernmentReport
from health_programs.checkups.queries import campaigns as campaign_queries
from health_programs.checkups.queries import government as government_queries
from health_programs.checkups.queries import online_eligibility as link_queries
from health_programs.checkups.queries import recommendations as recommendation_queries
from health_programs.checkups.queries import targets as target_queries
from kumiai.jobs.kinds import Chunk, register
from kumiai.jobs.models import Job
from kumiai.mailing import kinds as mails
from members.enrollment.queries import coverage
from privacy.scope import Way, scope


def _born(job: Job) -> int:
    born_from, born_to = targets.born_within(target_queries.kinds(), job.parameters["year"])
    return coverage.born_between(born_from, born_to)


def count_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """A thousand people of the register looked at for one year."""
    year = job.parameters["year"]
    reached, done, counts = targets.count_some(fiscal_year=year, after=position or 0)
    if reached is None:
        targets.finish_count(fiscal_year=year)
        return Chunk(position, done=0, finished=True)
    return Chunk(reached, done=done, counts=counts)


register(
    targets.COUNT,
    "健診の対象者の確認",
    total=_born,
    chunk=count_chunk,
    counts={"new": "新しく対象", "changed": "変更", "gone": "対象でなくなった"},
)


def issue_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some hundred vouchers; who has none yet, the rows say themselves."""
    year, kind = job.parameters["year"], job.parameters["kind"]
    made = bookings.issue_some(by_id=job.owner_id, fiscal_year=year, kind_id=kind, today=timezone.localdate())
    return Chunk((position or 0) + 1, done=made, counts={"issued": made} if made else {}, finished=not made)


register(
    bookings.ISSUE,
    "受診券の交付",
    total=lambda job: bookings.waiting_for_voucher(
        job.parameters["year"], job.parameters["kind"], timezone.localdate()
    ),
    chunk=issue_chunk,
    counts={"issued": "交付"},
)


def stratify_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some hundred results judged; which are left, the rows say themselves."""
    by_id, year = job.owner_id, job.parameters["year"]
    judged = judging.stratify_after(by_id=by_id, fiscal_year=year, after=position or 0)
    if not judged.done and position:
        judged = judging.stratify_after(by_id=by_id, fiscal_year=year, after=0)
    return Chunk(judged.reached, done=judged.done, counts=judged.counts, finished=not judged.done)


register(
    judging.STRATIFY,
    "階層化",
    total=lambda job: judging.unjudged_count(job.parameters["year"]),
    chunk=stratify_chunk,
    counts={str(value): str(label) for value, label in Level.choices} | {"ended": "取りやめた判定"},
)


def find_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some hundred results looked at for referral."""
    reached, done, counts = judging.find_some(fiscal_year=job.parameters["year"], after=position or 0)
    return Chunk(position if reached is None else reached, done=done, counts=counts, finished=reached is None)


register(
    judging.FIND,
    "要医療者の抽出",
    total=lambda job: judging.results_of_year(job.parameters["year"]),
    chunk=find_chunk,
    counts={str(value): str(label) for value, label in Urgency.choices},
)


def read_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some documents of an archive, each kept or told what is wrong with it."""
    read = archives.read_some(archive_id=job.parameters["archive"], by_id=job.owner_id, position=position)
    return Chunk(read.position, done=read.done, counts=read.counts, finished=read.finished)


register(
    archives.READ,
    "健診結果の取り込み",
    total=lambda job: archives.documents_in(job.parameters["archive"]),
    chunk=read_chunk,
    counts={str(value): str(label) for value, label in DocumentOutcome.choices},
)


def _reported(job: Job) -> int:
    report = GovernmentReport.objects.get(pk=job.parameters["report"])
    return government_queries.people_due(report.fiscal_year)


def collect_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """A thousand people of the year judged for the report; after the last, the counts."""
    found = government.collect_some(report_id=job.parameters["report"], position=position)
    if found.position is None:
        government.finish(report_id=job.parameters["report"])
        return Chunk(position, done=0, finished=True)
    return Chunk(found.position, done=found.done, counts=found.counts)


register(
    government.COLLECT,
    "国への実績報告の集計",
    total=_reported,
    chunk=collect_chunk,
    counts={str(value): str(label) for value, label in Standing.choices},
)


def _concerned(job: Job) -> int:
    batch = link_queries.batch_of(job.parameters["batch"])
    return link_queries.concerned_count(batch.fiscal_year) if batch else 0


def link_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some hundred results looked at for オンライン資格確認."""
    batch = job.parameters["batch"]
    found = online_eligibility.collect_some(batch_id=batch, after=position or 0, today=timezone.localdate())
    if found.reached is None:
        online_eligibility.finish_collecting(batch_id=batch)
        return Chunk(position, done=0, finished=True)
    return Chunk(found.reached, done=found.done, counts=found.counts)


register(
    online_eligibility.COLLECT,
    "連携する健診結果の抽出",
    total=_concerned,
    chunk=link_chunk,
    counts={str(value): str(label) for value, label in (*LinkAction.choices, *LinkLeft.choices)},
)


def answer_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some hundred lines of an answer, each settled with its result or kept."""
    read = answers.read_some(file_id=job.parameters["answer"], start=position or 0)
    return Chunk(read.reached, done=read.done, counts=read.counts, finished=read.finished)


register(
    answers.READ,
    "オンライン資格確認の回答の取り込み",
    total=lambda job: answers.rows_in(job.parameters["answer"]),
    chunk=answer_chunk,
    counts={str(value): str(label) for value, label in AnswerOutcome.choices},
)


WAY = Way(name="夜間処理", view="checkups.night")


def run_night() -> int:
    """Judge every result that came or changed since it was judged, chunk by chunk, each in a scope of its own."""
    total, after = 0, 0
    while True:
        with scope(GUIDANCE_TARGETING, None, operation="change", way=WAY):
            judged = judging.stratify_after(by_id=None, fiscal_year=None, after=after)
        total += judged.done
        if not judged.done and not after:
            return total
        after = judged.reached if judged.done else 0


@shared_task(name="checkups.night", acks_late=True, reject_on_worker_lost=True, activity=GUIDANCE_TARGETING)
def run_checkups_night() -> None:
    """階層化 of the night."""
    run_night()


SENDING = Way(name="メールの送信", view="checkups.reminder")
BUILDING = Way(name="夜間処理", view="checkups.campaigns")
WRITING = Way(name="メールの送信", view="checkups.recommended")


def writing(aim: CampaignAim) -> Callable[[], AbstractContextManager[None]]:
    """The transaction in which mails of an aim are written and asked whether they are still wanted: nobody at the keyboard."""
    activity = campaign_queries.AIMS[aim].activity

    @contextmanager
    def entered() -> Iterator[None]:
        with transaction.atomic(), scope(activity, None, operation="view", way=SENDING):
            yield

    return entered


for _aim in campaign_queries.AIMS.values():
    mails.register(
        _aim.mail,
        _aim.aim.label,
        compose=lambda campaign, ids: campaigns.compose(campaign, list(ids)),
        still_wanted=lambda campaign, ids: campaigns.still_wanted(campaign, list(ids)),
        entered=writing(_aim.aim),
    )


def build_due(today: date, aims: Collection[CampaignAim] = tuple(CampaignAim)) -> int:
    """Build every approved campaign of these aims whose day has come, each in a scope of its own. How many."""
    built = 0
    for aim in aims:
        activity = campaign_queries.AIMS[aim].activity
        with scope(activity, None, operation="view", way=BUILDING):
            due = campaign_queries.due_on(today)
        for pk in due:
            with scope(activity, None, operation="change", way=BUILDING):
                campaigns.build(campaign_id=pk, today=today, at=timezone.now())
        built += len(due)
    return built


@shared_task(name="checkups.campaigns", acks_late=True, reject_on_worker_lost=True, activity=CHECKUP_REMINDER)
def build_campaigns() -> None:
    """未受診者への受診勧奨: who is written to is fixed in the night before the mails go out."""
    build_due(timezone.localdate(), [CampaignAim.REMINDER])


@shared_task(
    name="checkups.recommendations", acks_late=True, reject_on_worker_lost=True, activity=TREATMENT_RECOMMENDATION
)
def build_recommendations() -> None:
    """要医療者への受診勧奨: who is written to is fixed in the night before the mails go out."""
    build_due(timezone.localdate(), [CampaignAim.TREATMENT])


def write_recommended(today: date) -> int:
    """Write the mails that went out into their cases, each campaign in a scope of its own. How many cases."""
    with scope(TREATMENT_RECOMMENDATION, None, operation="view", way=WRITING):
        watched = recommendation_queries.watched(today)
    written = 0
    for pk in watched:
        with scope(TREATMENT_RECOMMENDATION, None, operation="change", way=WRITING):
            written += recommendations.write_down(campaign_id=pk)
    return written


@shared_task(name="checkups.recommended", acks_late=True, reject_on_worker_lost=True, activity=TREATMENT_RECOMMENDATION)
def write_down_recommended() -> None:
    """要医療: whoever was written to by mail waits for an answer from that day on."""
    write_recommended(timezone.localdate())
