"""Companies and works, about nobody."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models


class Employer(models.Model):
    """事業所。A company or works that belongs to the association; about nobody."""

    symbol = models.CharField("記号", max_length=8, unique=True)
    number = models.CharField("事業所番号", max_length=8, blank=True)
    name = models.CharField("名称", max_length=200)
    kana = models.CharField("名称（カナ）", max_length=200, blank=True)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("所在地", max_length=300, blank=True)
    period = DateRangeField("加入期間")

    class Meta:
        verbose_name = "事業所"
        verbose_name_plural = "事業所"

    def __str__(self) -> str:
        return f"{self.symbol} {self.name}"
