"""Which kinds belong together, and kinds and states of the rules as choices of fields."""

from __future__ import annotations

from benefits.cash.rules.findings import Effect
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.restrictions import RESTRICTIONS
from benefits.cash.rules.states import State

APPLIED_FOR = (
    Kind.SICKNESS,
    Kind.MATERNITY,
    Kind.CHILDBIRTH,
    Kind.FAMILY_CHILDBIRTH,
    Kind.FUNERAL,
    Kind.FUNERAL_COST,
    Kind.FAMILY_FUNERAL,
    Kind.TRANSPORT,
    Kind.FAMILY_TRANSPORT,
)
"""What somebody applies for; the additions of the association are computed with it and need no application."""

DAILY_CASES = (Kind.SICKNESS, Kind.MATERNITY)
FAMILY = (Kind.FAMILY_CHILDBIRTH, Kind.FAMILY_FUNERAL, Kind.FAMILY_TRANSPORT)
BIRTHS = (Kind.MATERNITY, Kind.CHILDBIRTH, Kind.FAMILY_CHILDBIRTH)
DEATHS = (Kind.FUNERAL, Kind.FUNERAL_COST, Kind.FAMILY_FUNERAL)
TRANSPORTS = (Kind.TRANSPORT, Kind.FAMILY_TRANSPORT)

KIND_CHOICES = [(kind.value, kind.label) for kind in Kind]
APPLICATION_CHOICES = [(kind.value, kind.label) for kind in APPLIED_FOR]
STATE_CHOICES = [(state.value, state.label) for state in State]
EFFECT_CHOICES = [(effect.value, effect.label) for effect in Effect]
RESTRICTION_CHOICES = [(ground.value, row.label) for ground, row in RESTRICTIONS.items()]
