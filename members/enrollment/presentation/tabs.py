"""The tabs of a member's page: the register's own screens, and the work of others, which keeps its place behind a lock."""

from dataclasses import dataclass

from django.urls import reverse

from privacy.notice.register import Category, Purpose, category_label, purpose_label

OWN = (
    ("資格", "enrollment:member-detail"),
    ("住所・連絡先", "enrollment:member-address"),
    ("家族", "enrollment:member-household"),
)
RECORDS = (
    ("変更の履歴", "enrollment:member-history"),
    ("閲覧の記録", "enrollment:member-access-log"),
)
LOCKED = (
    ("標準報酬", Category.ELIGIBILITY_ADDRESS, Purpose.STANDARD_REMUNERATION),
    ("証", Category.ELIGIBILITY_ADDRESS, Purpose.CERTIFICATE_ISSUANCE),
    ("給付", Category.CASH_BENEFIT, Purpose.BENEFIT_REVIEW_PAYMENT),
    ("レセプト", Category.MEDICAL_CLAIM, Purpose.BENEFIT_REVIEW_PAYMENT),
    ("健診", Category.HEALTH_CHECKUP, Purpose.USER_ADMINISTRATION),
)
"""Facts about a member that this activity does not read, with the published use that would open them."""


@dataclass(frozen=True)
class Tab:
    """A tab one may open, or a locked one: then it has no address but says which published use it needs."""

    label: str
    url: str = ""
    current: bool = False
    category: str = ""
    purpose: str = ""

    @property
    def locked(self) -> bool:
        return not self.url


def short_label(category: Category) -> str:
    """The published words of a category without the ending they all share: 現金給付に関する情報 → 現金給付."""
    return category_label(category).removesuffix("に関する情報")


def tabs(member_id: int, current: str) -> dict[str, list[Tab]]:
    """Tabs at the left and at the far right; `current` is the URL name of the open screen."""
    return {
        "own": [Tab(label, reverse(name, args=[member_id]), name == current) for label, name in OWN],
        "locked": [
            Tab(label, category=short_label(category), purpose=purpose_label(category, purpose))
            for label, category, purpose in LOCKED
        ],
        "records": [Tab(label, reverse(name, args=[member_id]), name == current) for label, name in RECORDS],
    }
