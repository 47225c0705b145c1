"""Where files made of checkup data stand until they are fetched or destroyed."""

from __future__ import annotations

from typing import ClassVar

from privacy.notice.register import Category
from privacy.outputs.shelves import FileContent, FilePart, FileSubject


class CheckupPart(FilePart):
    """作成中の部分（健診）."""

    category: ClassVar[Category] = Category.HEALTH_CHECKUP

    class Meta(FilePart.Meta):
        verbose_name = "作成中の部分（健診）"
        verbose_name_plural = "作成中の部分（健診）"

    def __str__(self) -> str:
        return f"部分 {self.pk}"


class CheckupContent(FileContent):
    """ファイルの中身（健診）."""

    category: ClassVar[Category] = Category.HEALTH_CHECKUP

    class Meta(FileContent.Meta):
        verbose_name = "ファイルの中身（健診）"
        verbose_name_plural = "ファイルの中身（健診）"

    def __str__(self) -> str:
        return f"中身 {self.pk}"


class CheckupSubject(FileSubject):
    """ファイルに載った人（健診）."""

    category: ClassVar[Category] = Category.HEALTH_CHECKUP

    class Meta(FileSubject.Meta):
        verbose_name = "ファイルに載った人（健診）"
        verbose_name_plural = "ファイルに載った人（健診）"

    def __str__(self) -> str:
        return f"載った人 {self.pk}"
