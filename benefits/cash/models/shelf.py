"""Where letters of cash benefits stand until they are fetched or destroyed."""

from __future__ import annotations

from typing import ClassVar

from privacy.notice.register import Category
from privacy.outputs.shelves import FileContent, FilePart, FileSubject


class BenefitPart(FilePart):
    """作成中の部分（現金給付）."""

    category: ClassVar[Category] = Category.CASH_BENEFIT

    class Meta(FilePart.Meta):
        verbose_name = "作成中の部分（現金給付）"
        verbose_name_plural = "作成中の部分（現金給付）"

    def __str__(self) -> str:
        return f"部分 {self.pk}"


class BenefitContent(FileContent):
    """ファイルの中身（現金給付）."""

    category: ClassVar[Category] = Category.CASH_BENEFIT

    class Meta(FileContent.Meta):
        verbose_name = "ファイルの中身（現金給付）"
        verbose_name_plural = "ファイルの中身（現金給付）"

    def __str__(self) -> str:
        return f"中身 {self.pk}"


class BenefitSubject(FileSubject):
    """ファイルに載った人（現金給付）."""

    category: ClassVar[Category] = Category.CASH_BENEFIT

    class Meta(FileSubject.Meta):
        verbose_name = "ファイルに載った人（現金給付）"
        verbose_name_plural = "ファイルに載った人（現金給付）"

    def __str__(self) -> str:
        return f"載った人 {self.pk}"
