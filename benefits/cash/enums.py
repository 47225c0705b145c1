"""Words of the cases of cash benefits. Kinds and states come from the rules."""

from django.db import models

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


class Outcome(models.TextChoices):
    """What a decision says."""

    GRANT = "grant", "支給"
    REFUSE = "refuse", "不支給"
    RECOVER = "recover", "返納"


class DocumentState(models.TextChoices):
    MISSING = "missing", "未着"
    RECEIVED = "received", "受付"
    CHECKED = "checked", "確認済み"
    FAULTY = "faulty", "不備"


class Way(models.TextChoices):
    """出産育児一時金の受取方法. The same codes as `rules.childbirth.Way`."""

    DIRECT = "direct", "直接支払制度"
    AGENT = "agent", "受取代理制度"
    CASH = "cash", "窓口で全額を支払った"


class Hold(models.TextChoices):
    """How far a month of decisions has come."""

    PROPOSED = "proposed", "議長の承認待ち"
    CLOSED = "closed", "締切済み"
