"""Who orders payments. Each source registers itself with the published use under which its payments are made."""

from __future__ import annotations

from dataclasses import dataclass

from privacy.notice.register import Purpose


@dataclass(frozen=True)
class Source:
    """A kind of decision that is paid. code: kept with each payment; title: what the clerk reads."""

    code: str
    title: str
    purpose: Purpose


_sources: dict[str, Source] = {}


def register(code: str, title: str, purpose: Purpose) -> Source:
    """Called in `AppConfig.ready` of the app that decides. Raises ValueError where another holds the code."""
    made = Source(code, title, purpose)
    if _sources.get(code, made) != made:
        raise ValueError(f"支払の元 {code} は、すでに別の内容で登録されています。")
    _sources[code] = made
    return made


def source_of(code: str) -> Source | None:
    return _sources.get(code)


def codes_for(purpose: Purpose) -> list[str]:
    """Codes whose payments belong to this published use."""
    return [code for code, source in _sources.items() if source.purpose == purpose]
