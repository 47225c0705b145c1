"""The two desks of 受診勧奨: what the screens of one aim say and where their buttons lead. The screens are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from health_programs.checkups.actions.campaigns import words_for
from health_programs.checkups.campaign_forms import CampaignForm, DraftForm, RecommendationForm
from health_programs.checkups.enums import CampaignAim, Channel, Urgency
from health_programs.checkups.letters.referral_letter import WORDS
from health_programs.checkups.models import Campaign
from health_programs.checkups.queries import recommendations, targets
from health_programs.checkups.queries.campaigns import AIMS, Look
from health_programs.checkups.queries.reminders import kind_of
from health_programs.checkups.rules.ages import fiscal_year
from health_programs.checkups.rules.campaign_text import RECOMMENDATION, REMINDER
from members.enrollment.queries import employers, members_by_id
from privacy.activities import Activity

OF_CAMPAIGN = (
    "list", "new", "detail", "change", "submit", "approve", "return", "take-back", "cancel", "stop", "resume", "settle",
)  # fmt: skip
OF_MAIL = ("list", "bounces", "suppressions", "log")
Sample = tuple[str, str, str]
"""How it is sent (and to whom), subject, text."""


@dataclass(frozen=True)
class Desk:
    """One aim on the screen.

    title: what the work is called. lead, who_lead, words_lead: what stands beside the headings. stops: who is not written to
    after all. sample_lead: what the samples are. heads: the columns of what became of it. start: what stands in a new draft.
    form: an empty or filled form. condition: the condition in words. samples: some people as they read it. letters: where the
    letters of a campaign are asked for. prefix, mails: of the names of its addresses.
    """

    aim: CampaignAim
    title: str
    lead: str
    who_lead: str
    words_lead: str
    stops: str
    sample_lead: str
    heads: tuple[str, str]
    start: dict[str, Any]
    form: Callable[..., DraftForm]
    condition: Callable[[Campaign], str]
    samples: Callable[[Campaign, Sequence[Look]], list[Sample]]
    letters: Callable[[Campaign], str]
    prefix: str
    mails: str

    @property
    def activity(self) -> Activity:
        return AIMS[self.aim].activity

    @property
    def mail_kind(self) -> str:
        return AIMS[self.aim].mail

    @property
    def names(self) -> dict[str, str]:
        """The names of its addresses: `detail`, `take_back`, `mail_list`, …"""
        found = {name.replace("-", "_"): f"checkups:{self.prefix}-{name}" for name in OF_CAMPAIGN}
        return found | {f"mail_{name}": f"checkups:{self.mails}-{name}" for name in OF_MAIL} | {
            "lift": f"checkups:{'' if self.mails == 'mail' else self.mails + '-'}suppression-lift"
        }  # fmt: skip


def _years() -> list[int]:
    return sorted({*targets.years(), fiscal_year(timezone.localdate())}, reverse=True)


# --- 未受診者 -----------------------------------------------------------------------------------------------------------


def _reminder_form(data: Any, *, initial: dict[str, Any] | None = None) -> DraftForm:
    companies = [(one.pk, f"{one.symbol} {one.name}") for one in employers()]
    return CampaignForm(data, initial=initial, years=_years(), kinds=targets.kinds(), companies=companies)


def _reminder_condition(campaign: Campaign) -> str:
    parts = [f"{kind_of(campaign).name}の対象者で、予約も受診もない人", *_ages(campaign)]
    if campaign.relation:
        parts.append(str(campaign.get_relation_display()))
    if campaign.employer_id is not None:
        names = {one.pk: f"{one.symbol} {one.name}" for one in employers()}
        parts.append(names.get(campaign.employer_id, "事業所の指定あり"))
    if campaign.all_year_only:
        parts.append("年度を通して加入")
    return "、".join([*parts, *_rest(campaign)])


def _ages(campaign: Campaign) -> list[str]:
    ages = f"年度末{campaign.age_from}歳から{campaign.age_to}歳"
    return [ages, str(campaign.get_sex_display())] if campaign.sex else [ages]


def _rest(campaign: Campaign) -> list[str]:
    return [f"この{campaign.rest_days}日に勧奨していない"] if campaign.rest_days else []


def _reminder_samples(campaign: Campaign, some: Sequence[Look]) -> list[Sample]:
    words = words_for(campaign, [one.member_id for one in some])
    return [(str(one.channel.label), *words[one.member_id]) for one in some if one.member_id in words]


REMINDERS = Desk(
    CampaignAim.REMINDER,
    title="受診勧奨",
    lead="予約も受診もない人に、メールか手紙で受診をすすめます",
    who_lead="対象者のうち、予約も受診もない人",
    words_lead="メールと手紙で同じです",
    stops="予約や受診",
    sample_lead="実際に届くものと同じです",
    heads=("予約した人", "受診した人"),
    start={"subject_line": "{年度}の{健診}のご案内", "body": REMINDER},
    form=_reminder_form,
    condition=_reminder_condition,
    samples=_reminder_samples,
    letters=lambda campaign: (
        reverse("outputs:output-request", args=["checkups.reminder_letter"]) + f"?campaign={campaign.pk}"
    ),
    prefix="campaign",
    mails="mail",
)


# --- 要医療者 -----------------------------------------------------------------------------------------------------------

REACHED = {
    Urgency.AT_ONCE: "すぐに受診の人",
    Urgency.SOON: "すぐに受診と早めに受診の人",
    Urgency.RECHECK: "再検査までの全員",
}


def _recommendation_form(data: Any, *, initial: dict[str, Any] | None = None) -> DraftForm:
    return RecommendationForm(data, initial=initial, years=_years())


def _recommendation_condition(campaign: Campaign) -> str:
    who = f"要医療で、治療中でなく返事もない人（{REACHED[Urgency(campaign.urgency)]}）"
    return "、".join([who, *_ages(campaign), *_rest(campaign)])


def _recommendation_samples(campaign: Campaign, some: Sequence[Look]) -> list[Sample]:
    """The mail is the same for all; a letter begins with how urgent it is. Who it is stands on this screen only."""
    ids = [one.member_id for one in some]
    people, urgent, words = (
        members_by_id(ids),
        recommendations.urgencies(ids, campaign.fiscal_year),
        words_for(campaign, ids),
    )
    found = []
    for one in some:
        pk = one.member_id
        if pk not in people or pk not in urgent:
            continue
        told = f"{one.channel.label}　{people[pk].name} 様　{Urgency(urgent[pk]).label}"
        head, text = words[pk] if one.channel == Channel.MAIL else WORDS[Urgency(urgent[pk])]
        found.append((told, head, text))
    return found


RECOMMENDATIONS = Desk(
    CampaignAim.TREATMENT,
    title="要医療者への受診勧奨",
    lead="要医療で、治療中でなく返事もない人に、急ぐ順にメールか手紙で受診をすすめます",
    who_lead="要医療で、治療中でなく返事もない人",
    words_lead="メールだけの文面です。郵送の人には「受診勧奨の通知」を作ります",
    stops="返事や受診",
    sample_lead="メールは全員同じ文面で、氏名も結果も書きません。手紙には検査の値も載ります",
    heads=("返事があった人", "受診・治療中の人"),
    start={"subject_line": "{組合}からのお知らせ", "body": RECOMMENDATION, "urgency": Urgency.RECHECK.value},
    form=_recommendation_form,
    condition=_recommendation_condition,
    samples=_recommendation_samples,
    letters=lambda campaign: (
        reverse("outputs:output-request", args=["checkups.referral_letter"])
        + "?"
        + urlencode({"year": campaign.fiscal_year, "urgency": "all", "campaign": campaign.pk})
    ),
    prefix="recommendation",
    mails="recommendation-mail",
)
