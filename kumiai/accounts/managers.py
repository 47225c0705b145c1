"""How accounts are made, and that they are never unmade."""

from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models


class UserIsNeverDeleted(Exception):
    """Accounts are ended (left_at), not deleted: histories and logs keep pointing at them."""

    def __init__(self) -> None:
        super().__init__("職員アカウントは削除できません。退職日時を入れて停止してください。")


class UserQuerySet(models.QuerySet):
    def delete(self) -> tuple[int, dict[str, int]]:
        raise UserIsNeverDeleted

    def working(self) -> "UserQuerySet":
        """Accounts that may log in."""
        return self.filter(is_active=True, left_at__isnull=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False

    def create_user(self, staff_number: str, password: str | None = None, **fields: Any) -> Any:
        """A new account. Without a password nobody can log in to it until an administrator sets one."""
        if not staff_number:
            raise ValueError("職員番号を入れてください。")
        user = self.model(staff_number=self.model.normalize_username(staff_number), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, staff_number: str, password: str | None = None, **fields: Any) -> Any:
        """An administrator of the admin site. Grants on published uses do not come with it."""
        return self.create_user(staff_number, password, **{**fields, "is_staff": True, "is_superuser": True})
