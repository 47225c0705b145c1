"""Which documents an application of each kind needs (則84条から則96条), for the list of the case; some only in a case of its own."""

from __future__ import annotations

from dataclasses import dataclass

from benefits.cash.rules.kinds import Kind


@dataclass(frozen=True)
class Paper:
    """A document: its title, where it is asked for, and whether every application needs it."""

    title: str
    basis: str
    required: bool = True


_APPLICATION = "支給申請書"

PAPERS: dict[Kind, tuple[Paper, ...]] = {
    Kind.SICKNESS: (
        Paper(_APPLICATION, "則84条1項"),
        Paper("療養担当者の意見", "則84条2項1号"),
        Paper("事業主の証明", "則84条2項2号"),
        Paper("年金の額を証する書類", "則84条", required=False),
        Paper("第三者行為による傷病届", "則65条", required=False),
    ),
    Kind.MATERNITY: (
        Paper(_APPLICATION, "則87条1項"),
        Paper("医師または助産師の意見（予定日・出産の日）", "則87条2項1号"),
        Paper("多胎妊娠の医師の証明", "則87条2項2号", required=False),
        Paper("事業主の証明", "則87条2項3号"),
    ),
    Kind.CHILDBIRTH: (
        Paper(_APPLICATION, "則86条1項"),
        Paper("出産を証する書類", "則86条2項1号"),
        Paper("産科医療補償制度の対象を示す書類", "則86条3項", required=False),
        Paper("直接支払制度の合意文書の写し", "通知", required=False),
    ),
    Kind.FAMILY_CHILDBIRTH: (
        Paper(_APPLICATION, "則97条1項"),
        Paper("出産を証する書類", "則97条2項"),
        Paper("産科医療補償制度の対象を示す書類", "則97条2項", required=False),
        Paper("直接支払制度の合意文書の写し", "通知", required=False),
    ),
    Kind.FUNERAL: (
        Paper(_APPLICATION, "則85条1項"),
        Paper("死亡を証する書類", "則85条2項1号"),
        Paper("生計を維持されていたことを証する書類", "法100条1項"),
    ),
    Kind.FUNERAL_COST: (
        Paper(_APPLICATION, "則85条1項"),
        Paper("死亡を証する書類", "則85条2項1号"),
        Paper("埋葬に要した費用の領収書", "則85条2項2号"),
    ),
    Kind.FAMILY_FUNERAL: (
        Paper(_APPLICATION, "則96条1項"),
        Paper("死亡を証する書類", "則96条2項"),
    ),
    Kind.TRANSPORT: (
        Paper(_APPLICATION, "則82条1項"),
        Paper("医師の意見", "則82条2項"),
        Paper("費用の領収書", "則82条2項"),
    ),
    Kind.FAMILY_TRANSPORT: (
        Paper(_APPLICATION, "則95条"),
        Paper("医師の意見", "則95条"),
        Paper("費用の領収書", "則95条"),
    ),
}
