"""Invented recipients and agreements. Employers come from the register's own list, through `people().employers`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from privacy.outputs.enums import Basis, RecipientKind
from privacy.outputs.kinds import file_kinds
from privacy.outputs.models import Agreement, Recipient
from privacy.outputs.people import NobodyKnowsPeople, people
from privacy.outputs.rules.names import name_key

SINCE = date(2020, 4, 1)
# Number, kind, name, address, representative, public body.
ORGANISATIONS = (
    ("K001", RecipientKind.STATE, "架空地方厚生局", "架空市官庁町1-1", "局長 見本 一郎", True),
    ("S013", RecipientKind.PAYMENT_FUND, "架空支払基金 東部支部", "架空市本町2-1", "支部長 見本 二郎", False),
    ("06139999", RecipientKind.INSURER, "みほん健康保険組合", "架空市中央3-2-1", "理事長 見本 三郎", False),
    ("138099", RecipientKind.INSURER, "架空市（国民健康保険）", "架空市中央1-1-1", "市長 見本 四郎", True),
    ("C101", RecipientKind.CONTRACTOR, "みなと印刷センター株式会社", "架空市港町5-6", "代表取締役 見本 五郎", False),
    ("C102", RecipientKind.CONTRACTOR, "みなと印刷サービス株式会社", "架空市港町9-1", "代表取締役 見本 六郎", False),
    ("M001", RecipientKind.MEDICAL, "架空総合病院", "架空市病院町1-1", "院長 見本 九郎", False),
    ("M002", RecipientKind.MEDICAL, "みなと整形外科", "架空市港町2-4", "院長 見本 十郎", False),
    ("9999", RecipientKind.BANK, "架空中央銀行 本店営業部", "架空市金融町1-2", "頭取 見本 七郎", False),
)

# Those with whom, besides the employers, something is agreed.
AGREED_WITH = ("C101", "06139999")
TITLES = {
    Basis.CONTRACT: "個人データの取扱いに関する覚書",
    Basis.SHARED_USE: "個人データの共同利用に関する取決め",
    Basis.CONSENT: "本人の同意による提供に関する取決め",
}


def load(*, seed: int, today: date, by: Any) -> int:
    """Recipients (employers among them), and agreements with employers, a contractor and an insurer for files that need one.

    How many recipients are new. seed: not needed, everything here is fixed. by: who recorded the agreements.
    """
    made = sum(_recipient(*organisation) for organisation in ORGANISATIONS)
    for employer_id, name in _employers():
        code, _space, rest = name.partition(" ")
        place = f"架空市事業所町{code}-1"
        made += _recipient(
            code, RecipientKind.EMPLOYER, rest or name, place, "代表取締役 見本 八郎", False, employer_id
        )
    agreed = Recipient.objects.filter(kind=RecipientKind.EMPLOYER) | Recipient.objects.filter(code__in=AGREED_WITH)
    for recipient in agreed:
        _agree(recipient, today, by)
    return made


def _employers() -> list[tuple[int, str]]:
    try:
        return people().employers()
    except NobodyKnowsPeople:
        return []


def _recipient(
    code: str, kind: RecipientKind, name: str, address: str, representative: str, public_body: bool,
    employer_id: int | None = None,
) -> bool:  # fmt: skip
    _row, created = Recipient.objects.get_or_create(
        code=code[:12],
        defaults={
            "kind": kind,
            "name": name,
            "name_key": name_key(name),
            "address": address,
            "representative": representative,
            "public_body": public_body,
            "employer_id": employer_id,
            "since": SINCE,
        },
    )
    return created


def _agree(recipient: Recipient, today: date, by: Any) -> None:
    kind_of_recipient = RecipientKind(recipient.kind)
    for kind in file_kinds().values():
        allowed = kind.recipients.get(kind_of_recipient)
        if allowed is None or not allowed.agreed:
            continue
        if Agreement.objects.filter(recipient=recipient, file_kind=kind.name).exists():
            continue
        Agreement.objects.create(
            recipient=recipient,
            file_kind=kind.name,
            basis=allowed.basis,
            title=TITLES[allowed.basis],
            items=list(allowed.items),
            period=DateRange(date(today.year - 1, 4, 1), None),
            return_days=30 if allowed.basis == Basis.CONTRACT else None,
            recorded_by=by,
        )
