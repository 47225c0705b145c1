"""States on a screen as shape, word and colour: three ways to say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class StatusLabel:
    """Drawn by kumiai/ui/components/status.html. `tone`: good, between, run, care, bad, ended or special."""

    label: str
    mark: str
    tone: str


def labelled(choice: Any, drawn: Mapping[Any, tuple[str, str]], *, word: str = "") -> StatusLabel:
    """The label of a choice by the (mark, tone) it is drawn with; its own word unless another is given."""
    mark, tone = drawn[choice]
    return StatusLabel(word or str(choice.label), mark, tone)
