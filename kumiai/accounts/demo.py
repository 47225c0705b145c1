"""The invented staff of demo mode, with secrets everybody may know. Refused outside demo mode."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from kumiai.accounts import one_time_codes
from kumiai.accounts.models import SecondFactor, User

PASSWORD = "kumiai-demo-2026"  # noqa: S105  (public on purpose: it opens nothing outside demo mode)
ADMINISTRATORS = "個人情報保護管理者"
HEADS = "所属長"
# What the administrators' section may do in the admin site with the models of accounts.
ADMINISTRATOR_PERMISSIONS = (
    ("accounts", "view_user"),
    ("accounts", "add_user"),
    ("accounts", "change_user"),
    ("accounts", "view_secondfactorreset"),
    ("accounts", "add_secondfactorreset"),
    ("accounts", "approve_secondfactorreset"),
    ("auth", "view_group"),
    ("auth", "add_group"),
    ("auth", "change_group"),
    *(("enrollment", f"{operation}_employer") for operation in ("view", "add", "change")),
    *(("filings", f"{operation}_filingrule") for operation in ("view", "add", "change")),
    *(
        ("cash", f"{operation}_{model}")
        for model in ("dailyaddition", "lumpaddition", "budget")
        for operation in ("view", "add", "change")
    ),
    *(("payments", f"{operation}_payersetting") for operation in ("view", "add", "change")),
    *(("remuneration", f"{operation}_insureraverage") for operation in ("view", "add", "change")),
)


class OnlyInDemoMode(Exception):
    """Raised wherever demo accounts would be made or opened while DEMO_MODE is off."""

    def __init__(self) -> None:
        super().__init__("デモ用の職員は、DEMO_MODE のときだけ使えます。")


@dataclass(frozen=True)
class Persona:
    """An invented member of staff; `section` is the group that carries the grants; `head` of it joins the heads too."""

    staff_number: str
    name: str
    kana: str
    section: str
    is_staff: bool = False
    head: bool = False


PERSONAS = (
    Persona("1001", "佐藤 真由美", "サトウ マユミ", "適用課"),
    Persona("1002", "鈴木 浩司", "スズキ コウジ", "給付課"),
    Persona("1003", "高橋 恵", "タカハシ メグミ", "保健事業課"),
    Persona("1004", "田中 恒一", "タナカ コウイチ", ADMINISTRATORS, is_staff=True),
    Persona("1005", "伊藤 誠", "イトウ マコト", "総務課"),
    Persona("1006", "小林 悠", "コバヤシ ユウ", "適用課", head=True),
    Persona("1007", "渡邉 恵子", "ワタナベ ケイコ", ADMINISTRATORS, is_staff=True),
    # Second persons of the sections whose files, mails and payments need one.
    Persona("1008", "中村 直樹", "ナカムラ ナオキ", "保健事業課"),
    Persona("1009", "加藤 由美", "カトウ ユミ", "給付課"),
    # Heads the section: approves runs of what 加藤 decided.
    Persona("1010", "山本 香織", "ヤマモト カオリ", "給付課", head=True),
)


def _require_demo_mode() -> None:
    if not settings.DEMO_MODE:
        raise OnlyInDemoMode


def demo_secret(staff_number: str) -> bytes:
    """The same second-factor secret for a persona on every machine."""
    _require_demo_mode()
    return hashlib.sha256(f"kumiai-portal demo {staff_number}".encode()).digest()[: one_time_codes.SECRET_BYTES]


def demo_code(staff_number: str, *, at: float) -> str:
    """The persona's one-time code at `at` (seconds since 1970 UTC)."""
    return one_time_codes.code_at(demo_secret(staff_number), at=at)


@transaction.atomic
def create_personas() -> list[User]:
    """Make the personas with their sections and second factors, or put them back to how they were drawn."""
    _require_demo_mode()
    sections = dict.fromkeys([*(p.section for p in PERSONAS), HEADS])
    groups = {section: Group.objects.get_or_create(name=section)[0] for section in sections}
    _permit_administrators(groups[ADMINISTRATORS])
    return [_create(persona, groups) for persona in PERSONAS]


def _permit_administrators(group: Group) -> None:
    for app_label, codename in ADMINISTRATOR_PERMISSIONS:
        group.permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))


def _create(persona: Persona, groups: dict[str, Group]) -> User:
    user = User.objects.filter(staff_number=persona.staff_number).first() or User(staff_number=persona.staff_number)
    user.name, user.kana, user.email = persona.name, persona.kana, ""
    user.section, user.is_staff, user.is_demo = groups[persona.section], persona.is_staff, True
    user.is_active, user.left_at, user.must_change_password = True, None, False
    if not user.check_password(PASSWORD):
        user.set_password(PASSWORD)
    user.save()
    user.groups.set([groups[persona.section], *([groups[HEADS]] if persona.head else [])])
    factor = SecondFactor.objects.filter(user=user).first() or SecondFactor(user=user)
    factor.secret = demo_secret(persona.staff_number)
    factor.confirmed, factor.confirmed_at = True, timezone.now()
    factor.failure_count, factor.locked_until, factor.drift = 0, None, 0
    factor.save()
    return user
