"""検査値: one column an item that rules, cohorts and plots read, unrounded as reported; empty where it was not measured."""

from __future__ import annotations

from django.db import models


class MeasuredValues(models.Model):
    """What was measured. Units as in `measures.MEASURES`; coded answers as there."""

    height = models.DecimalField("身長", max_digits=8, decimal_places=2, null=True, blank=True)
    weight = models.DecimalField("体重", max_digits=8, decimal_places=2, null=True, blank=True)
    waist = models.DecimalField("腹囲", max_digits=8, decimal_places=2, null=True, blank=True)
    bmi = models.DecimalField("BMI", max_digits=8, decimal_places=2, null=True, blank=True)
    visceral_fat = models.DecimalField("内臓脂肪面積", max_digits=8, decimal_places=2, null=True, blank=True)
    systolic = models.DecimalField("収縮期血圧", max_digits=8, decimal_places=2, null=True, blank=True)
    diastolic = models.DecimalField("拡張期血圧", max_digits=8, decimal_places=2, null=True, blank=True)
    tg_fasting = models.DecimalField("空腹時中性脂肪", max_digits=8, decimal_places=2, null=True, blank=True)
    tg_casual = models.DecimalField("随時中性脂肪", max_digits=8, decimal_places=2, null=True, blank=True)
    hdl = models.DecimalField("HDLコレステロール", max_digits=8, decimal_places=2, null=True, blank=True)
    ldl = models.DecimalField("LDLコレステロール", max_digits=8, decimal_places=2, null=True, blank=True)
    non_hdl = models.DecimalField("Non-HDLコレステロール", max_digits=8, decimal_places=2, null=True, blank=True)
    ast = models.DecimalField("AST", max_digits=8, decimal_places=2, null=True, blank=True)
    alt = models.DecimalField("ALT", max_digits=8, decimal_places=2, null=True, blank=True)
    ggt = models.DecimalField("γ-GT", max_digits=8, decimal_places=2, null=True, blank=True)
    glucose_fasting = models.DecimalField("空腹時血糖", max_digits=8, decimal_places=2, null=True, blank=True)
    glucose_casual = models.DecimalField("随時血糖", max_digits=8, decimal_places=2, null=True, blank=True)
    hba1c = models.DecimalField("HbA1c", max_digits=8, decimal_places=2, null=True, blank=True)
    creatinine = models.DecimalField("血清クレアチニン", max_digits=8, decimal_places=3, null=True, blank=True)
    egfr = models.DecimalField("eGFR", max_digits=8, decimal_places=2, null=True, blank=True)
    hemoglobin = models.DecimalField("ヘモグロビン", max_digits=8, decimal_places=2, null=True, blank=True)
    urine_sugar = models.PositiveSmallIntegerField("尿糖", null=True, blank=True)
    urine_protein = models.PositiveSmallIntegerField("尿蛋白", null=True, blank=True)
    smoking = models.PositiveSmallIntegerField("喫煙", null=True, blank=True)
    medication_bp = models.PositiveSmallIntegerField("服薬（血圧）", null=True, blank=True)
    medication_glucose = models.PositiveSmallIntegerField("服薬（血糖）", null=True, blank=True)
    medication_lipid = models.PositiveSmallIntegerField("服薬（脂質）", null=True, blank=True)

    class Meta:
        abstract = True
