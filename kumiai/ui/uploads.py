"""Files that people bring: what of their names is kept."""

from __future__ import annotations

import re
import unicodedata

# Control, format (also what turns the direction of writing), surrogate, private and unassigned characters, line breaks.
UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain_name(name: str, *, otherwise: str, most: int = 200) -> str:
    """The name of a file as it is shown: without folders and without characters that cannot be seen, its end kept."""
    last = re.split(r"[\\/]", name)[-1]
    return "".join(ch for ch in last if unicodedata.category(ch) not in UNSHOWN).strip()[-most:] or otherwise
