"""The outbox. Not personal: numbers, states, digests, codes. Neither an address nor a word of the text is kept.

Address and text are asked of the kind's composer, under its own activity, in the moment of sending.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from kumiai.mailing.enums import ENDED, WAITING, BatchState, MailState, Reason, SuppressionReason, What

_CODE = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
_DIGEST = r"^[0-9a-f]{64}$"
_ENHANCED = r"^([245]\.[0-9]{1,3}\.[0-9]{1,3})?$"
_MESSAGE_ID = r"^k[0-9a-f]{40}@[a-z0-9.-]+$"


class Batch(models.Model):
    """送信の一束。One campaign's mails, sent from 07:00 of a business day, so many a minute.

    How many mails stand where is counted from their rows (queries.counts_of), so that it cannot drift.
    """

    kind = models.CharField("種類", max_length=100)
    reference_id = models.BigIntegerField("施策の番号")
    activity_code = models.CharField("活動", max_length=100)
    state = models.CharField("状態", max_length=20, choices=BatchState, default=BatchState.DRAFT)
    due_at = models.DateTimeField("送信予定")
    per_minute = models.PositiveIntegerField("1分あたりの通数")
    recipients = models.PositiveBigIntegerField("宛先の数", default=0)
    error_code = models.CharField("停止の符号", max_length=100, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="送信を決めた人", on_delete=models.PROTECT, related_name="+", null=True
    )
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="止めた・再開した・取り消した人",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )
    moved_at = models.DateTimeField("止めた・再開した・取り消した日時", null=True)
    created_at = models.DateTimeField("作成日時", db_default=Now())
    finished_at = models.DateTimeField("終了日時", null=True)

    class Meta:
        verbose_name = "送信の束"
        verbose_name_plural = "送信の束"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=BatchState.RELEASED), name="mailing_batch_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "kind", "reference_id"], name="mailing_batch_identity"),
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="mailing_batch_state"),
            models.CheckConstraint(condition=Q(kind__regex=_CODE), name="mailing_batch_kind_code"),
            models.CheckConstraint(
                condition=Q(error_code="") | Q(error_code__regex=_CODE), name="mailing_batch_error_code_only"
            ),
            models.CheckConstraint(condition=Q(per_minute__gte=1), name="mailing_batch_some_a_minute"),
            models.CheckConstraint(
                condition=Q(state__in=[BatchState.DRAFT, BatchState.CANCELLED]) | Q(released_by__isnull=False),
                name="mailing_batch_somebody_released",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[BatchState.FINISHED, BatchState.CANCELLED], finished_at__isnull=False)
                | Q(state__in=[BatchState.DRAFT, BatchState.RELEASED, BatchState.STOPPED], finished_at__isnull=True),
                name="mailing_batch_end_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class Outgoing(models.Model):
    """一通。The intent to send one mail to one recipient; there is one row a campaign and recipient, for ever.

    `kind` and `reference_id` repeat the batch's (held equal by a foreign key of all three) so that the key of idempotency
    is a constraint. A trigger refuses every step the states do not allow; above all IN_DOUBT never goes to SENDING.
    """

    batch = models.ForeignKey(Batch, verbose_name="束", on_delete=models.PROTECT, related_name="mails")
    kind = models.CharField("種類", max_length=100)
    reference_id = models.BigIntegerField("施策の番号")
    recipient_id = models.BigIntegerField("宛先の番号")
    message_id = models.CharField("Message-ID", max_length=255, unique=True)
    state = models.CharField("状態", max_length=20, choices=MailState, default=MailState.PENDING)
    reason = models.CharField("理由", max_length=20, choices=Reason, blank=True)
    attempt = models.PositiveSmallIntegerField("送った回数", default=0)
    claimed_at = models.DateTimeField("送り始めた日時", null=True)
    next_attempt_at = models.DateTimeField("次に送る日時", null=True)
    finished_at = models.DateTimeField("終わった日時", null=True)
    smtp_code = models.PositiveSmallIntegerField("応答", null=True)
    enhanced_code = models.CharField("拡張応答", max_length=11, blank=True)
    address_digest = models.CharField("アドレスの要約", max_length=64, blank=True)

    class Meta:
        verbose_name = "送信するメール"
        verbose_name_plural = "送信するメール"
        indexes = [
            models.Index(
                fields=["batch", "next_attempt_at", "id"],
                condition=Q(state__in=WAITING),
                name="mailing_outgoing_waiting",
            ),
            models.Index(fields=["-claimed_at"], name="mailing_outgoing_claimed"),
            models.Index(fields=["batch", "state"], name="mailing_outgoing_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference_id", "recipient_id"], name="mailing_outgoing_once"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mailing_outgoing_state_known"),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="mailing_outgoing_reason_known"),
            models.CheckConstraint(condition=Q(message_id__regex=_MESSAGE_ID), name="mailing_outgoing_message_id"),
            models.CheckConstraint(
                condition=Q(address_digest="") | Q(address_digest__regex=_DIGEST), name="mailing_outgoing_digest_only"
            ),
            models.CheckConstraint(
                condition=Q(smtp_code__isnull=True) | Q(smtp_code__gte=200, smtp_code__lte=599),
                name="mailing_outgoing_smtp_code",
            ),
            models.CheckConstraint(condition=Q(enhanced_code__regex=_ENHANCED), name="mailing_outgoing_enhanced_code"),
            models.CheckConstraint(
                condition=Q(attempt=0, claimed_at__isnull=True) | Q(attempt__gte=1, claimed_at__isnull=False),
                name="mailing_outgoing_attempt_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.PENDING, attempt=0)
                | Q(
                    state__in=[MailState.SENDING, MailState.SENT, MailState.DEFERRED, MailState.IN_DOUBT],
                    attempt__gte=1,
                    address_digest__regex=_DIGEST,
                )
                | Q(state__in=[MailState.REJECTED, MailState.SUPPRESSED, MailState.CANCELLED]),
                name="mailing_outgoing_attempt_of_state",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.DEFERRED, next_attempt_at__isnull=False)
                | (~Q(state=MailState.DEFERRED) & Q(next_attempt_at__isnull=True)),
                name="mailing_outgoing_deferred_until",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, finished_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(finished_at__isnull=True)),
                name="mailing_outgoing_end_is_dated",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state__in=[
                            MailState.REJECTED,
                            MailState.SUPPRESSED,
                            MailState.CANCELLED,
                            MailState.IN_DOUBT,
                        ]
                    )
                    & ~Q(reason="")
                )
                | Q(state__in=[MailState.PENDING, MailState.SENDING, MailState.SENT, MailState.DEFERRED], reason=""),
                name="mailing_outgoing_reason_of_state",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailState.SENT) | Q(smtp_code__isnull=True) | Q(smtp_code__lt=300),
                name="mailing_outgoing_sent_was_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class Suppression(models.Model):
    """配信停止。An address, by its digest, that gets no more mail: of one kind, or of any (`kind` empty)."""

    address_digest = models.CharField("アドレスの要約", max_length=64)
    kind = models.CharField("種類", max_length=100, blank=True)
    reason = models.CharField("理由", max_length=20, choices=SuppressionReason)
    since = models.DateTimeField("いつから", db_default=Now())
    until = models.DateTimeField("いつまで", null=True)
    outgoing = models.ForeignKey(
        Outgoing, verbose_name="もとのメール", on_delete=models.PROTECT, related_name="+", null=True
    )
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="解除した人", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        verbose_name = "配信停止"
        verbose_name_plural = "配信停止"
        constraints = [
            models.UniqueConstraint(
                fields=["address_digest", "kind", "reason"],
                condition=Q(until__isnull=True),
                name="mailing_suppression_once",
            ),
            models.CheckConstraint(condition=Q(address_digest__regex=_DIGEST), name="mailing_suppression_digest_only"),
            models.CheckConstraint(
                condition=Q(reason__in=SuppressionReason.values), name="mailing_suppression_reason_known"
            ),
            models.CheckConstraint(condition=Q(kind="") | Q(kind__regex=_CODE), name="mailing_suppression_kind_code"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="mailing_suppression_order"
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | Q(until__isnull=False), name="mailing_suppression_lifted_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}"


class MailEvent(models.Model):
    """メールの記録。What happened to a mail, and when; rows are only added."""

    outgoing = models.ForeignKey(Outgoing, verbose_name="メール", on_delete=models.PROTECT, related_name="events")
    what = models.CharField("できごと", max_length=20, choices=What)
    at = models.DateTimeField("日時", db_default=Now())
    smtp_code = models.PositiveSmallIntegerField("応答", null=True)
    enhanced_code = models.CharField("拡張応答", max_length=11, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="行った人", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        verbose_name = "メールの記録"
        verbose_name_plural = "メールの記録"
        constraints = [
            models.CheckConstraint(condition=Q(what__in=What.values), name="mailing_mailevent_what_known"),
            models.CheckConstraint(
                condition=Q(smtp_code__isnull=True) | Q(smtp_code__gte=200, smtp_code__lte=599),
                name="mailing_mailevent_smtp_code",
            ),
            models.CheckConstraint(condition=Q(enhanced_code__regex=_ENHANCED), name="mailing_mailevent_enhanced_code"),
        ]

    def __str__(self) -> str:
        return f"event {self.pk}"
