"""Who is at the keyboard: staff accounts, second factors, sessions. Nothing about insured people."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django_otp.models import Device

from kumiai.accounts import crypto
from kumiai.accounts.managers import UserIsNeverDeleted, UserManager


class User(AbstractBaseUser, PermissionsMixin):
    """職員。Someone who works with the portal; ended with `left_at`, never deleted."""

    staff_number = models.CharField(
        "職員番号",
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"\A[0-9A-Za-z][0-9A-Za-z-]*\Z", "職員番号は半角の英数字で入れてください。")],
        error_messages={"unique": "この職員番号はすでに使われています。"},
    )
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("氏名（カナ）", max_length=100, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    section = models.ForeignKey(
        Group,
        verbose_name="所属（課）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="staff",
        help_text="画面に表示する課です。権限は「グループ」で決まります。",
    )
    is_active = models.BooleanField("有効", default=True, help_text="外すとログインできません。")
    is_staff = models.BooleanField("管理サイトを使う", default=False)
    must_change_password = models.BooleanField(
        "次のログインでパスワードを変更",
        default=False,
        help_text="管理者がパスワードを設定したときに付きます。",
    )
    is_demo = models.BooleanField("デモ用", default=False, editable=False)
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)
    left_at = models.DateTimeField("退職日時", null=True, blank=True, help_text="入れるとログインできなくなります。")

    # Put on the user of a request by django-otp's middleware.
    is_verified: Callable[[], bool]
    otp_device: Device | None

    USERNAME_FIELD = "staff_number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = "職員"
        verbose_name_plural = "職員"
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(is_active=False),
                name="accounts_user_left_is_inactive",
                violation_error_message="退職した職員は「有効」を外してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.staff_number

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.staff_number

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise UserIsNeverDeleted


class SecondFactor(Device):
    """認証アプリ。One a person: the shared secret of its one-time codes, and how often a code was wrong in a row."""

    # As the log-in page says: five failures in a row, thirty minutes.
    FAILURE_LIMIT = 5
    LOCK_TIME = timedelta(minutes=30)

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.PROTECT, related_name="second_factor"
    )
    name = models.CharField("名称", max_length=64, default="認証アプリ", editable=False)
    confirmed = models.BooleanField("登録済み", default=False)
    encrypted_secret = models.TextField("秘密鍵（暗号化）", editable=False)
    last_step = models.BigIntegerField("最後に使った時間枠", default=-1, editable=False)
    drift = models.SmallIntegerField("時計のずれ（30秒単位）", default=0, editable=False)
    failure_count = models.PositiveSmallIntegerField("続けて失敗した回数", default=0, editable=False)
    locked_until = models.DateTimeField("この日時まで使えない", null=True, editable=False)
    confirmed_at = models.DateTimeField("登録日時", null=True, editable=False)
    recovery_salt = models.CharField("予備コードのソルト", max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = "二要素認証"
        verbose_name_plural = "二要素認証"

    def __str__(self) -> str:
        return f"second factor {self.pk}"

    @property
    def secret(self) -> bytes:
        """The shared secret in the clear; never stored, never logged."""
        return crypto.decrypt(self.encrypted_secret)

    @secret.setter
    def secret(self, value: bytes) -> None:
        self.encrypted_secret = crypto.encrypt(value)

    def is_locked(self, at: datetime) -> bool:
        return self.locked_until is not None and at < self.locked_until

    def verify_token(self, token: str) -> bool:
        """django-otp's entry, kept closed: codes are checked by `actions.verify_second_factor` alone, under a lock."""
        return False


class RecoveryCode(models.Model):
    """予備のコード。Ten a person, shown once, each good for one log-in; only the hash is kept."""

    second_factor = models.ForeignKey(
        SecondFactor, verbose_name="二要素認証", on_delete=models.PROTECT, related_name="recovery_codes"
    )
    digest = models.CharField("ハッシュ", max_length=64)
    created_at = models.DateTimeField("作成日時")
    used_at = models.DateTimeField("使用日時", null=True)
    retired_at = models.DateTimeField("失効日時", null=True)

    class Meta:
        verbose_name = "予備のコード"
        verbose_name_plural = "予備のコード"
        constraints = [
            models.UniqueConstraint(fields=["second_factor", "digest"], name="accounts_recoverycode_once"),
        ]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class SecondFactorReset(models.Model):
    """二要素認証のリセット。Asked for by one administrator, approved by another; neither is the person."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="対象の職員",
        on_delete=models.PROTECT,
        related_name="second_factor_resets",
    )
    reason = models.CharField(
        "理由", max_length=200, help_text="例：スマートフォンの紛失。本人を確認した方法も書いてください。"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="申請者", on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("申請日時")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="承認者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField("承認日時", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="取り下げた人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField("取り下げ日時", null=True)

    class Meta:
        verbose_name = "二要素認証のリセット"
        verbose_name_plural = "二要素認証のリセット"
        permissions = [("approve_secondfactorreset", "二要素認証のリセットを承認できる")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(requested_by=F("person")),
                name="accounts_reset_not_by_oneself",
                violation_error_message="自分の二要素認証のリセットは申請できません。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("person")) & ~Q(approved_by=F("requested_by"))),
                name="accounts_reset_by_two_persons",
                violation_error_message="承認は、本人でも申請者でもない職員が行ってください。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False, withdrawn_at__isnull=True),
                name="accounts_reset_approved_or_withdrawn",
                violation_error_message="承認と取り下げは、どちらか一方です。",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(approved_at__isnull=True, withdrawn_at__isnull=True),
                name="accounts_reset_one_open",
                violation_error_message="この職員のリセットは、すでに承認待ちです。",
            ),
        ]

    def __str__(self) -> str:
        return f"second factor reset {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.approved_at is None and self.withdrawn_at is None


class UserSession(AbstractBaseSession):
    """ログイン中の端末。A session of the portal, kept under the hash of its key: the table opens no session.

    `session_key` holds the SHA-256 of the cookie's value. The other columns repeat what the session's own data
    says, so that a person can be shown the list of their sessions.
    """

    session_key = models.CharField("セッションキーのハッシュ", max_length=64, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="職員",
        null=True,
        on_delete=models.PROTECT,
        related_name="portal_sessions",
    )
    started_at = models.DateTimeField("ログイン日時", null=True)
    seen_at = models.DateTimeField("最後の操作", null=True)
    device = models.CharField("端末", max_length=100, blank=True)

    class Meta:
        verbose_name = "ログイン中の端末"
        verbose_name_plural = "ログイン中の端末"

    def __str__(self) -> str:
        return f"session {self.session_key[:8]}"

    @classmethod
    def get_session_store_class(cls) -> type:
        from kumiai.accounts.sessions import SessionStore

        return SessionStore
