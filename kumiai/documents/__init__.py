"""PDF documents typeset by typst from templates and data.

A template lies in its app, `<app>/documents/<name>.typ`, and is named `<app label>/<name>`. It gets its data as one JSON
value in memory; nothing personal touches the disk. Every document has the same head and foot (`frame.typ`).
"""

from kumiai.documents.font import missing_characters
from kumiai.documents.rendering import Frame, render

__all__ = ["Frame", "missing_characters", "render"]
