"""The working of a cash benefit: the same steps as those of the standard remuneration, so that they join in one list."""

from __future__ import annotations

from members.remuneration.rules.working import Figure, Step, Working

__all__ = ["Figure", "Step", "Working"]
