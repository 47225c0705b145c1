"""The session engine: Django's database sessions, stored under the hash of their key and listed by person."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY as USER_ID_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.http import HttpRequest

# Keys inside the session's data, in seconds since 1970 UTC.
STARTED_AT = "accounts.started_at"
SEEN_AT = "accounts.seen_at"
DEVICE = "accounts.device"


def stored_key(session_key: str) -> str:
    """What the database knows of a session key: reading the table does not let anyone take a session over."""
    return hashlib.sha256(session_key.encode("utf-8", "replace")).hexdigest()


def stored_key_of(request: HttpRequest) -> str:
    """The stored key of the session in hand."""
    return stored_key(request.session.session_key or "")


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds is not None else None


class SessionStore(DatabaseSessionStore):
    """Differs from its parent in the key under which rows are found, and in the columns it fills."""

    @classmethod
    def get_model_class(cls) -> Any:
        from kumiai.accounts.models import UserSession

        return UserSession

    def _row(self, session_key: str, data: dict, expire_date: datetime) -> Any:
        user_id = data.get(USER_ID_KEY)
        model: Any = self.model
        return model(
            session_key=stored_key(session_key),
            session_data=self.encode(data),
            expire_date=expire_date,
            user_id=int(user_id) if user_id is not None else None,
            started_at=_moment(data.get(STARTED_AT)),
            seen_at=_moment(data.get(SEEN_AT)),
            device=data.get(DEVICE, "")[:100],
        )

    def _get_session_from_db(self) -> Any:
        row = self.model.objects.filter(
            session_key=stored_key(self.session_key or ""), expire_date__gt=datetime.now(UTC)
        ).first()
        if row is None:
            self._session_key = None
        return row

    async def _aget_session_from_db(self) -> Any:
        row = await self.model.objects.filter(
            session_key=stored_key(self.session_key or ""), expire_date__gt=datetime.now(UTC)
        ).afirst()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(stored_key(session_key))

    async def aexists(self, session_key: str) -> bool:
        return await super().aexists(stored_key(session_key))

    def create_model_instance(self, data: dict) -> Any:
        key = self._get_or_create_session_key()  # type: ignore[attr-defined]
        return self._row(key, data, self.get_expiry_date())

    async def acreate_model_instance(self, data: dict) -> Any:
        key = await self._aget_or_create_session_key()  # type: ignore[attr-defined]
        return self._row(key, data, await self.aget_expiry_date())

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=stored_key(key)).delete()

    async def adelete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            await self.model.objects.filter(session_key=stored_key(key)).adelete()
