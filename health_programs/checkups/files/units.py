"""Units in which an item may be written beside its own, each with the way into the unit of the standard. Pure.

HbA1c is kept as NGSP. The two equations into it:
IFCC: NGSP = 0.09148 × IFCC (mmol/mol) + 2.152, the master equation of the IFCC network (Hoelzel et al., Clin Chem 2004;50:166-74;
    http://www.ngsp.org/ifcc.asp).
JDS: NGSP = 1.02 × JDS + 0.25 (日本糖尿病学会「日常臨床及び特定健診・保健指導におけるHbA1c国際標準化の基本方針及びHbA1c表記の運用指針」, in force from
    1 April 2012; as told by https://city.fukuoka.med.or.jp/kensa/information/info23/info23015-1.html). To one decimal, half up, it is the
    society's table: +0.3 up to 4.9, +0.4 from 5.0 to 9.9, +0.5 from 10.0 to 14.9. Of results before April 2013 the 特定健診 itself was JDS.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from health_programs.checkups.files.items import Item


@dataclass(frozen=True)
class Conversion:
    """value × factor + offset = the value in the unit of the standard. code: as a map keeps it. basis: where it is from."""

    code: str
    unit: str
    factor: Decimal
    offset: Decimal = Decimal(0)
    basis: str = ""

    def into(self, number: Decimal, item: Item) -> Decimal:
        """The number in the item's unit, with the decimals of its format."""
        return (number * self.factor + self.offset).quantize(_step(item), ROUND_HALF_UP)


def _step(item: Item) -> Decimal:
    whole, _point, decimals = item.format.partition(".")
    return Decimal(1).scaleb(-len(decimals)) if whole else Decimal("0.01")


def _by_mass(molar_mass: str) -> Conversion:
    """mmol/L of something with this molar mass (g/mol) in mg/dL."""
    return Conversion("mmol_l", "mmol/L", Decimal(molar_mass) / 10, basis=f"分子量 {molar_mass}")


_LIPID = (_by_mass("386.7"),)
_TRIGLYCERIDE = (_by_mass("885.7"),)
_GLUCOSE = (_by_mass("180.16"),)
_TENTH = Conversion("g_l", "g/L", Decimal("0.1"))

# Key of the item → the other units.
OTHERS: dict[str, tuple[Conversion, ...]] = {
    "height": (Conversion("m", "m", Decimal(100)),),
    "waist": (Conversion("mm", "mm", Decimal("0.1")), Conversion("m", "m", Decimal(100))),
    "weight": (Conversion("g", "g", Decimal("0.001")),),
    "tc": _LIPID,
    "hdl": _LIPID,
    "ldl": _LIPID,
    "non_hdl": _LIPID,
    "tg_fasting": _TRIGLYCERIDE,
    "tg_casual": _TRIGLYCERIDE,
    "glucose_fasting": _GLUCOSE,
    "glucose_casual": _GLUCOSE,
    "hba1c": (
        Conversion("ifcc", "mmol/mol（IFCC値）", Decimal("0.09148"), Decimal("2.152"), "NGSP = 0.09148 × IFCC + 2.152"),
        Conversion("jds", "%（JDS値）", Decimal("1.02"), Decimal("0.25"), "NGSP = 1.02 × JDS + 0.25"),
    ),
    "creatinine": (Conversion("umol_l", "μmol/L", Decimal("113.12") / 10000, basis="分子量 113.12"),),
    "uric_acid": (Conversion("umol_l", "μmol/L", Decimal("168.11") / 10000, basis="分子量 168.11"),),
    "hemoglobin": (_TENTH,),
    "protein": (_TENTH,),
    "albumin": (_TENTH,),
    "rbc": (Conversion("per_mm3", "/mm3", Decimal("0.0001")),),
    "platelets": (Conversion("per_mm3", "/mm3", Decimal("0.0001")),),
    "wbc": (Conversion("hundred", "百/mm3", Decimal(100)), Conversion("thousand", "千/mm3", Decimal(1000))),
}


def others(item: Item) -> tuple[Conversion, ...]:
    """The units that can be converted into the item's own."""
    return OTHERS.get(item.key, ()) if item.kind == "PQ" else ()


def conversion(item: Item, code: str) -> Conversion | None:
    """The conversion a map chose; None where the value stands in the item's own unit."""
    return next((one for one in others(item) if one.code == code), None)
