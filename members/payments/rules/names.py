"""Whether the name of an account is the member's own. Pure."""

from __future__ import annotations


def bare(name: str) -> str:
    """The letters of a name in the characters of the record, without spaces, hyphens and points."""
    return "".join(character for character in name if character not in " -.")


def same_holder(holder: str, member: str) -> bool:
    """Both in the characters of the record (`zengin_text.normalise`). A space or a hyphen more or less is no difference."""
    return bool(bare(holder)) and bare(holder) == bare(member)
