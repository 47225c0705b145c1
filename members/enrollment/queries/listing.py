"""The list of members: who matches, how many, and fifty of them.

What it costs does not grow with the register: counting stops at a cap unless the clerk asks for the exact figure, and the
next page goes on from the last line of this one (keyset) instead of counting lines from the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce

from members.enrollment.enums import EligibilityKind
from members.enrollment.models import DependantPeriod, EligibilityPeriod, Member, NameToken
from members.enrollment.queries.identity import numbered
from members.enrollment.queries.protection import hidden_from, open_to
from members.enrollment.queries.rows import MemberRow, member_rows
from members.enrollment.search import Terms, understand
from privacy.scope import population, record_search

PAGE = 50
CAP = 10_000
"""People counted at most, where the count reads one table."""
PROBED_CAP = 1_000
"""People counted at most, where each must be asked for their periods one by one."""
SORTS = {
    "number": ("symbol_order", "number_order", "branch", "pk"),
    "kana": ("kana_key", "pk"),
    "birth": ("birth_date", "kana_key", "pk"),
}


class Tally(NamedTuple):
    """How many people; `more`: counting stopped there, and there are at least so many."""

    number: int
    more: bool = False


@dataclass
class MemberPage:
    """A page of the list with its counts.

    pages: the last page a number leads to; behind it only `after` leads on. first, last: members to continue from.
    left_out: protected people (when filtered by employer, with their families) this clerk is not named for, counted
    over the whole register; None where they stand in the list by line.
    """

    rows: list[MemberRow]
    total: Tally
    registered: Tally
    page: int
    pages: int
    first: int | None = None
    last: int | None = None
    follows: bool = False
    left_out: int | None = None
    exact: int | None = None
    problem: str = ""


def matching(terms: Terms) -> Q:
    """The members that the understood words mean."""
    if terms.number is not None:
        found = numbered(terms.number.symbol, terms.number.number)
        if terms.number.branch:
            found &= Q(branch=terms.number.branch)
        return found
    found = Q()
    if terms.birth is not None:
        found &= Q(birth_date=terms.birth)
    if terms.name:
        # One index for the start and the inside of the name: an OR over two tables would read every member.
        found &= Q(pk__in=NameToken.objects.filter(token__startswith=terms.name).values("member_id"))
    return found


def _first_covered(model: Any, on: date) -> Subquery:
    """The period of a member that holds the day, or null. A scalar probe an index answers member by member: an EXISTS
    within an OR would be hashed over the whole table before the first row of the page."""
    return Subquery(model.objects.filter(member=OuterRef("pk"), period__contains=on).values("pk")[:1])


def _held(on: date) -> Coalesce:
    return Coalesce(_first_covered(EligibilityPeriod, on), _first_covered(DependantPeriod, on))


def members_in(state: str, on: date) -> QuerySet[Member]:
    """Members by the state of their qualification on a day: active (default), voluntary, ended, all."""
    members = Member.objects.filter(merged_into=None)
    if state == "all":
        return members
    if state == "voluntary":
        return members.filter(
            Exists(
                EligibilityPeriod.objects.filter(
                    member=OuterRef("pk"), period__contains=on, kind=EligibilityKind.VOLUNTARY
                )
            )
        )
    return members.alias(held=_held(on)).filter(held__isnull=state == "ended")


def _of_employer(members: QuerySet[Member], employer_id: int, on: date, user_id: int) -> QuerySet[Member]:
    """The employer's people on a day, their families included; nobody whose employer this clerk may not learn."""
    insured = (
        EligibilityPeriod.objects.filter(employer_id=employer_id, period__contains=on)
        .exclude(member_id__in=hidden_from(user_id).values("pk"))
        .values("member_id")
    )
    families = Member.objects.filter(insured_id__in=insured).values("pk")
    return members.filter(pk__in=insured.union(families, all=True))


def _up_to(members: QuerySet[Any], cap: int | None) -> Tally:
    """How many, counted no further than the cap; exactly without one."""
    if cap is None:
        return Tally(members.count())
    number = members.order_by()[: cap + 1].count()
    return Tally(min(number, cap), number > cap)


def _covered(on: date, hidden: int, cap: int | None) -> Tally:
    """How many are covered on a day, counted from the periods without their people, less the `hidden` among them."""
    insured = EligibilityPeriod.objects.covered_on(on)  # type: ignore[attr-defined]
    found = _up_to(insured, cap + hidden if cap else None)
    if not found.more:
        dependants = DependantPeriod.objects.covered_on(on)  # type: ignore[attr-defined]
        alone = _up_to(dependants.exclude(Exists(insured.filter(member=OuterRef("member")))), cap)
        found = Tally(found.number + alone.number, alone.more)
    number = found.number - hidden
    return Tally(min(number, cap) if cap else number, found.more or (cap is not None and number > cap))


def member_list(
    *,
    user_id: int,
    on: date,
    state: str = "active",
    employer_id: int | None = None,
    kind: str = "",
    terms: str = "",
    search_id: UUID | None = None,
    sort: str = "number",
    descending: bool = False,
    page: int = 1,
    after: int | None = None,
    before: int | None = None,
    count_all: bool = False,
) -> MemberPage:
    """A page of fifty members on a day.

    state: active, voluntary, ended or all. kind: insured, dependant or empty. terms: the words of a search, searched
    among everybody whatever the state. after, before: the member the page goes on from, in either direction; `page` is
    then only its number. count_all: count beyond the cap. At most nine statements, whatever the rows.

    Protected people whom this clerk is not named for stand before the first page of a search, in no order that tells
    anything; a list by filters leaves them out, because where they appear would tell what the filter asks.
    """
    understood = understand(terms)
    searched = not understood.empty
    filtered = bool(kind) or employer_id is not None
    # A row that was merged into another is no person of its own: only its number still leads to it.
    everyone = Member.objects.all() if understood.number else members_in("all" if searched else state, on)
    if searched:
        everyone = everyone.filter(matching(understood))
    elif terms:
        everyone = everyone.none()
    members = everyone.filter(open_to(user_id))
    if employer_id is not None:
        members = _of_employer(members, employer_id, on, user_id)
    if kind:
        members = members.filter(insured__isnull=kind == "insured")

    veiled: list[Member] = []
    left_out: int | None = None
    hidden = {"all": 0, "covered": 0}
    if searched and not filtered:
        veiled = list(everyone.exclude(open_to(user_id)).order_by("pk")[:PAGE])
    elif employer_id is not None:
        guarded = hidden_from(user_id)
        families = Member.objects.filter(open_to(user_id), insured_id__in=guarded.values("pk"))
        left_out = guarded.count() + families.count()
    else:
        hidden = (
            hidden_from(user_id)
            .filter(merged_into=None)
            .alias(held=_held(on))
            .aggregate(all=Count("pk"), covered=Count("pk", filter=Q(held__isnull=False)))
        )
        left_out = hidden["all"]

    registered = _up_to(Member.objects.filter(merged_into=None), None if count_all else CAP)
    if searched or filtered or terms or state == "ended":
        probed = not terms and (filtered or state == "ended")
        total = _up_to(members, None if count_all else PROBED_CAP if probed else CAP)
    elif state == "voluntary":
        voluntary = EligibilityPeriod.objects.covered_on(on).filter(kind=EligibilityKind.VOLUNTARY)  # type: ignore[attr-defined]
        seen = voluntary.exclude(member_id__in=hidden_from(user_id).values("pk"))
        total = _up_to(seen, None if count_all else CAP)
    elif state == "all":
        total = Tally(registered.number if registered.more else registered.number - hidden["all"], registered.more)
    else:
        total = _covered(on, hidden["covered"], None if count_all else CAP)

    order = SORTS.get(sort, SORTS["number"])
    window = _window(members, order, descending, user_id=user_id, total=total, page=page, after=after, before=before)
    found = window.members
    listed = total.number + len(veiled)
    population("members.listed", listed)
    population("members.registered", registered.number)
    if search_id is not None:
        record_search(search_id, listed)
    on_page = [*veiled, *found] if window.page == 1 else found
    exact = None
    if understood.number is not None and on_page:
        own = [m for m in on_page if understood.number.branch or m.insured_id is None]
        exact = own[0].pk if len(own) == 1 else None
    return MemberPage(
        rows=member_rows(on_page, user_id=user_id, on=on),
        total=Tally(listed, total.more),
        registered=registered,
        page=window.page,
        pages=window.pages,
        first=found[0].pk if found else None,
        last=found[-1].pk if found else None,
        follows=window.follows,
        left_out=left_out,
        exact=exact,
        problem=understood.problem,
    )


class _Window(NamedTuple):
    members: list[Member]
    page: int
    pages: int
    follows: bool


def _window(
    members: QuerySet[Member],
    order: tuple[str, ...],
    descending: bool,
    *,
    user_id: int,
    total: Tally,
    page: int,
    after: int | None,
    before: int | None,
) -> _Window:
    """Fifty of the members: from where another page ended, or from the nearer end of the list."""
    forward = [f"-{name}" if descending else name for name in order]
    backward = [name if descending else f"-{name}" for name in order]
    pages = max(1, -(-total.number // PAGE))
    place = _place(order, after or before, user_id)
    if place is not None and page > 1:
        beyond = TupleLessThan if descending == (after is not None) else TupleGreaterThan
        here: Any = beyond(Tuple(*map(F, order)), place)
        if after is not None:
            found = list(members.filter(here).order_by(*forward)[: PAGE + 1])
            if found:
                return _Window(found[:PAGE], page, pages, len(found) > PAGE)
        else:
            found = list(members.filter(here).order_by(*backward)[:PAGE])
            if len(found) == PAGE:
                return _Window(found[::-1], page, pages, True)
            page = 1
    page = min(max(1, page), pages)
    start = (page - 1) * PAGE
    left = total.number - start
    if not total.more and left < start:
        size = min(PAGE, left)
        found = list(members.order_by(*backward)[left - size : left])[::-1]
        return _Window(found, page, pages, page < pages)
    found = list(members.order_by(*forward)[start : start + PAGE + 1])
    return _Window(found[:PAGE], page, pages, len(found) > PAGE)


def _place(order: tuple[str, ...], member_id: int | None, user_id: int) -> tuple[Any, ...] | None:
    """Where a member stands in an order; None for nobody, and for somebody whose place the clerk may not learn."""
    if member_id is None:
        return None
    return Member.objects.filter(open_to(user_id), pk=member_id).values_list(*order).first()
