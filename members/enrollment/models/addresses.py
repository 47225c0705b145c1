"""Where members live and are reached; of protected people in tables of their own."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from members.enrollment import enums
from members.enrollment.models.base import Eligibility, PeriodQuerySet, no_overlap, real_period
from members.enrollment.models.members import Member


class AddressFields(Eligibility):
    """What an address is, for the open table and for the protected one."""

    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    town = models.CharField("都道府県・市区町村・町域", max_length=120)
    street = models.CharField("番地・建物", max_length=120, blank=True)
    abroad = models.BooleanField("国外", default=False)
    country = models.CharField("国", max_length=2, blank=True, default="", db_default="", help_text="ISO 3166 の2文字")
    lines = models.TextField("国外の住所（書かれるとおりの行）", max_length=300, blank=True, default="", db_default="")
    period = DateRangeField("期間")
    cancelled = models.BooleanField("取り消し済み", default=False, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def line(self) -> str:
        """The address on one line; abroad the country first, then the lines as they are written there."""
        if self.lines:
            return f"{self.town} {', '.join(self.lines.splitlines())}"
        return f"{self.town}{self.street}"


class Address(AddressFields):
    """住所。Where a member lives, by period."""

    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="addresses")

    class Meta:
        verbose_name = "住所"
        verbose_name_plural = "住所"
        constraints = [
            no_overlap(
                "enrollment_address_no_overlap",
                message="同じ人の住所の期間が重なっています。",
                condition=Q(cancelled=False),
            ),
            real_period("enrollment_address_period"),
        ]

    def __str__(self) -> str:
        return f"住所 {self.pk}"


class ProtectedAddress(AddressFields):
    """保護対象の住所。The address of a protected member: a table of its own, for named clerks."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="protected_addresses"
    )

    class Meta:
        verbose_name = "保護対象の住所"
        verbose_name_plural = "保護対象の住所"
        constraints = [
            no_overlap(
                "enrollment_protectedaddress_no_overlap",
                message="同じ人の住所の期間が重なっています。",
                condition=Q(cancelled=False),
            ),
            real_period("enrollment_protectedaddress_period"),
        ]

    def __str__(self) -> str:
        return f"保護対象の住所 {self.pk}"


class MailingFields(AddressFields):
    """送付先: where letters go instead of the address, to whom, and why, by period."""

    addressee = models.CharField("宛名", max_length=120, blank=True, help_text="本人のときは空けておきます")
    reason = models.CharField("理由", max_length=20, choices=enums.MailingReason.choices)

    class Meta:
        abstract = True


class MailingAddress(MailingFields):
    """送付先。Where a member's letters go instead of the address."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="mailing_addresses"
    )

    class Meta:
        verbose_name = "送付先"
        verbose_name_plural = "送付先"
        constraints = [
            no_overlap(
                "enrollment_mailing_no_overlap",
                message="同じ人の送付先の期間が重なっています。",
                condition=Q(cancelled=False),
            ),
            real_period("enrollment_mailing_period"),
        ]

    def __str__(self) -> str:
        return f"送付先 {self.pk}"


class ProtectedMailingAddress(MailingFields):
    """保護対象の送付先。In a table of its own, for named clerks."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="protected_mailing_addresses"
    )

    class Meta:
        verbose_name = "保護対象の送付先"
        verbose_name_plural = "保護対象の送付先"
        constraints = [
            no_overlap(
                "enrollment_protectedmailing_no_overlap",
                message="同じ人の送付先の期間が重なっています。",
                condition=Q(cancelled=False),
            ),
            real_period("enrollment_protectedmailing_period"),
        ]

    def __str__(self) -> str:
        return f"保護対象の送付先 {self.pk}"


class ContactFields(Eligibility):
    kind = models.CharField("種類", max_length=10, choices=enums.ContactKind.choices)
    value = models.CharField("連絡先", max_length=120)
    period = DateRangeField("期間")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True


class ContactPoint(ContactFields):
    """連絡先。Telephone or mail of a member, by period."""

    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="contacts")

    class Meta:
        verbose_name = "連絡先"
        verbose_name_plural = "連絡先"
        constraints = [real_period("enrollment_contact_period")]

    def __str__(self) -> str:
        return f"連絡先 {self.pk}"


class ProtectedContact(ContactFields):
    """保護対象の連絡先。In a table of its own, for named clerks."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="protected_contacts"
    )

    class Meta:
        verbose_name = "保護対象の連絡先"
        verbose_name_plural = "保護対象の連絡先"
        constraints = [real_period("enrollment_protectedcontact_period")]

    def __str__(self) -> str:
        return f"保護対象の連絡先 {self.pk}"
