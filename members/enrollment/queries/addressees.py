"""宛名: where letters go. Protected people have tables of their own and are never among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from members.enrollment.models import Address, MailingAddress, Member
from privacy.outputs.door import among


@dataclass(frozen=True)
class Addressee:
    """Whom and where a letter goes to on a day. postal_code: seven digits or empty. address: empty where none is known.

    to: the name on the envelope: the person's own, or that of the 送付先.
    """

    member_id: int
    number: str
    name: str
    kana: str
    birth_date: date
    sex: str
    to: str
    postal_code: str
    address: str


def addressees(ids: Sequence[int], on: date) -> dict[int, Addressee]:
    """These people with the address of the day, or 送付先 where they have one. Three statements; protected people are left out."""
    where = {"member_id__in": among(ids), "period__contains": on, "cancelled": False, "member__protected": False}
    homes = {row.member_id: row for row in Address.objects.filter(**where)}
    instead = {row.member_id: row for row in MailingAddress.objects.filter(**where)}
    found = {}
    for member in Member.objects.filter(pk__in=among(ids), protected=False):
        other = instead.get(member.pk)
        place = other or homes.get(member.pk)
        found[member.pk] = Addressee(
            member.pk,
            member.card_number,
            member.name,
            member.kana,
            member.birth_date,
            member.sex,
            (other.addressee if other else "") or member.name,
            place.postal_code if place else "",
            place.line if place else "",
        )
    return found
