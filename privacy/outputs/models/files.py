"""Files that went through the door, and the records of provision. Nobody's data: ids, codes, counts, states, digests."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from privacy.outputs import enums
from privacy.outputs.models.organisations import Agreement, Recipient


def staff(name: str, *, null: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=name, null=null, on_delete=models.PROTECT, related_name="+"
    )


class Output(models.Model):
    """受け渡し。One file through the door: what, to whom, how many, by whom, and its end. Ids, codes and counts only."""

    key = models.UUIDField("依頼の番号", default=uuid.uuid4, unique=True, editable=False)
    file_kind = models.CharField("ファイルの種類", max_length=100)
    activity_code = models.CharField("活動", max_length=100)
    uses = ArrayField(models.CharField(max_length=100), verbose_name="利用目的")
    parameters = models.JSONField("引数", default=dict)
    columns = ArrayField(models.CharField(max_length=60), verbose_name="項目")
    file_format = models.CharField("形式", max_length=10, choices=enums.FileFormat.choices)
    encoding = models.CharField(
        "文字コード", max_length=10, choices=enums.Encoding.choices, default=enums.Encoding.UTF8
    )

    recipient_kind = models.CharField("受取人の種別", max_length=20, choices=enums.RecipientKind.choices)
    recipient = models.ForeignKey(Recipient, verbose_name="受け渡し先", null=True, on_delete=models.PROTECT)
    member_id = models.BigIntegerField("受取人（本人）", null=True)
    agreement = models.ForeignKey(Agreement, verbose_name="取決め", null=True, on_delete=models.PROTECT)
    basis = models.CharField("根拠", max_length=20, choices=enums.Basis.choices)
    article = models.CharField("条文", max_length=100, blank=True)

    state = models.CharField(
        "状態", max_length=20, choices=enums.OutputState.choices, default=enums.OutputState.PREPARING
    )
    job_id = models.BigIntegerField("処理", null=True)
    expected_count = models.PositiveIntegerField("依頼したときの人数")
    subject_count = models.PositiveIntegerField("人数", null=True)
    row_count = models.PositiveIntegerField("件数", null=True)
    unregistered_count = models.PositiveIntegerField("台帳にない人の件数", default=0)
    removed = models.JSONField("除いた人数", default=dict)
    digest = models.CharField("要約値（SHA-256）", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("大きさ（バイト）", null=True)
    filename = models.CharField("ファイルの名前", max_length=200, blank=True)
    replaced_count = models.PositiveIntegerField("置き換わる文字の数", default=0)

    second_person = models.BooleanField("二人目の確認を受ける")
    requested_by = staff("依頼した職員", null=False)
    requested_at = models.DateTimeField("依頼日時", default=timezone.now)
    built_at = models.DateTimeField("作成日時", null=True)
    decided_by = staff("確認した職員")
    decided_at = models.DateTimeField("確認日時", null=True)
    refusal = models.CharField("差し戻しの理由", max_length=20, choices=enums.RefusalReason.choices, blank=True)
    fetched_at = models.DateTimeField("取り出した日時", null=True)
    expires_at = models.DateTimeField("保管の期限", null=True)
    destroyed_at = models.DateTimeField("廃棄日時", null=True)
    destroyed_by = staff("廃棄した職員")

    return_due = models.DateField("返却・廃棄の期限", null=True)
    returned_on = models.DateField("返却・廃棄を確かめた日", null=True)
    returned_by = staff("返却・廃棄を確かめた職員")
    return_way = models.CharField("後始末", max_length=20, choices=enums.HandBack.choices, blank=True)

    class Meta:
        verbose_name = "受け渡し"
        verbose_name_plural = "受け渡し"
        indexes = [
            models.Index(fields=["requested_by", "-id"], name="outputs_output_mine"),
            models.Index(fields=["state"], name="outputs_output_open", condition=~Q(state=enums.OutputState.DESTROYED)),
            models.Index(
                fields=["return_due"],
                name="outputs_output_return",
                condition=Q(return_due__isnull=False, returned_on__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=enums.OutputState.values), name="outputs_output_state"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="outputs_output_two_persons",
                violation_error_message="依頼した本人は確認できません。",
            ),
            # Nothing half made is ever offered: without a digest no file, without a second person where one is due no file.
            models.CheckConstraint(
                condition=~Q(state__in=[enums.OutputState.WAITING, enums.OutputState.READY, enums.OutputState.FETCHED])
                | Q(digest__regex=r"^[0-9a-f]{64}$", size__isnull=False, row_count__gt=0, expires_at__isnull=False),
                name="outputs_output_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[enums.OutputState.READY, enums.OutputState.FETCHED])
                | Q(second_person=False)
                | Q(decided_by__isnull=False),
                name="outputs_output_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=True, member_id__isnull=False, recipient_kind="person")
                | Q(recipient__isnull=True, member_id__isnull=True, recipient_kind="each")
                | (Q(recipient__isnull=False, member_id__isnull=True) & ~Q(recipient_kind__in=enums.THEMSELVES)),
                name="outputs_output_one_recipient",
            ),
        ]

    def __str__(self) -> str:
        return f"受け渡し {self.pk}"

    def is_overdue(self, on: date) -> bool:
        """Whether a contractor should have returned or destroyed it by now."""
        return self.return_due is not None and self.returned_on is None and on > self.return_due

    def is_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and at >= self.expires_at


class Provision(models.Model):
    """提供の記録（個人情報保護法29条）。The facts of 規則20条 about one file; the people stand with the file's subjects."""

    output = models.OneToOneField(Output, verbose_name="受け渡し", on_delete=models.PROTECT, related_name="provision")
    provided_date = models.DateField("提供した日")
    recipient_name = models.CharField("提供先の名称", max_length=200)
    recipient_address = models.CharField("提供先の住所", max_length=300)
    recipient_representative = models.CharField("提供先の代表者", max_length=100)
    consent = models.BooleanField("本人の同意を得ている")
    article = models.CharField("同意の条文", max_length=60)
    items = ArrayField(models.CharField(max_length=100), verbose_name="個人データの項目")
    stands_in = models.BooleanField("契約書が記録に代わる")
    kept_until = models.DateField("保存する最後の日")

    class Meta:
        verbose_name = "提供の記録"
        verbose_name_plural = "提供の記録"

    def __str__(self) -> str:
        return f"提供の記録 {self.pk}"
