"""Whether a file follows the standard: against the XSDs of the ministry where a folder of them is given, else by our own table
of the elements we write and read (order and how often)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree

from health_programs.checkups.files import codes
from health_programs.checkups.files.documents import Problem
from health_programs.checkups.files.safexml import local, parse

XSDS = {
    "ClinicalDocument": "hc08_V08.xsd",
    "index": "ix08_V08.xsd",
    "summary": "su08_V08.xsd",
    "checkupClaim": "cc08_V08.xsd",
}
MOST = 20  # problems of one file that are said
_ONE, _MAYBE, _MANY, _ANY = (1, 1), (0, 1), (1, None), (0, None)
Rule = tuple[tuple[str, tuple[int, int | None]], ...]

# Parent → its children in order, and how often each. A child that is not named here may not stand there.
_CDA: dict[str, Rule] = {
    "ClinicalDocument": (
        ("realmCode", _ANY), ("typeId", _ONE), ("templateId", _ANY), ("id", _ONE), ("code", _MAYBE), ("title", _MAYBE),
        ("effectiveTime", _ONE), ("confidentialityCode", _ONE), ("languageCode", _MAYBE), ("recordTarget", _MANY),
        ("author", _MANY), ("dataEnterer", _MAYBE), ("custodian", _ONE), ("informationRecipient", _ANY),
        ("participant", _ANY), ("documentationOf", _ANY), ("component", _ONE),
    ),
    "recordTarget": (("patientRole", _ONE),),
    "patientRole": (
        ("id", _MANY), ("addr", _ANY), ("telecom", _ANY), ("patient", _MAYBE), ("providerOrganization", _MAYBE),
    ),
    "patient": (("name", _MAYBE), ("administrativeGenderCode", _MAYBE), ("birthTime", _MAYBE)),
    "author": (("time", _ONE), ("assignedAuthor", _ONE)),
    "assignedAuthor": (
        ("id", _MANY), ("code", _MAYBE), ("telecom", _ANY), ("assignedPerson", _MAYBE), ("representedOrganization", _MAYBE),
    ),
    "custodian": (("assignedCustodian", _ONE),),
    "assignedCustodian": (("representedCustodianOrganization", _ONE),),
    "representedCustodianOrganization": (("id", _MANY), ("name", _MAYBE), ("telecom", _MAYBE), ("addr", _MAYBE)),
    "representedOrganization": (("id", _ANY), ("name", _ANY), ("telecom", _ANY), ("addr", _ANY)),
    "documentationOf": (("serviceEvent", _ONE),),
    "serviceEvent": (("id", _ANY), ("code", _MAYBE), ("effectiveTime", _MAYBE), ("performer", _ANY)),
    "structuredBody": (("component", _MANY),),
    "section": (("id", _MAYBE), ("code", _MAYBE), ("title", _MAYBE), ("text", _MAYBE), ("author", _ANY), ("entry", _ANY)),
    "entry": (("observation", _ONE),),
    "entryRelationship": (("sequenceNumber", _MAYBE), ("seperatableInd", _MAYBE), ("observation", _ONE)),
    "observation": (
        ("id", _ANY), ("code", _ONE), ("text", _MAYBE), ("statusCode", _MAYBE), ("effectiveTime", _MAYBE), ("value", _ANY),
        ("interpretationCode", _ANY), ("methodCode", _ANY), ("targetSiteCode", _ANY), ("specimen", _ANY),
        ("performer", _ANY), ("author", _ANY), ("participant", _ANY), ("entryRelationship", _ANY), ("referenceRange", _ANY),
    ),
    "referenceRange": (("observationRange", _ONE),),
}  # fmt: skip
_CLAIM: dict[str, Rule] = {
    "index": (
        ("interactionType", _ONE), ("creationTime", _ONE), ("sender", _ONE), ("receiver", _MAYBE),
        ("serviceEventType", _ONE), ("totalRecordCount", _ONE),
    ),
    "sender": (("id", _ONE),),
    "receiver": (("id", _ONE),),
    "summary": (
        ("serviceEventType", _ONE), ("totalSubjectCount", _ONE), ("totalCostAmount", _ONE), ("totalPaymentAmount", _ONE),
        ("totalPaymentByOtherProgram", _MAYBE), ("totalClaimAmount", _ONE),
    ),
    "checkupClaim": (
        ("encounter", _ONE), ("subjectPerson", _ONE), ("checkupCard", _ONE), ("settlement", _ONE),
        ("agencyAdjudicationResult", _MAYBE), ("insurerAdjudicationResult", _MAYBE),
    ),
    "encounter": (("serviceEventType", _ONE),),
    "subjectPerson": (
        ("performerOrganization", _ONE), ("insuranceCard", _ONE), ("name", _ONE), ("addr", _ONE), ("birthTime", _ONE),
        ("administrativeGender", _ONE),
    ),
    "insuranceCard": (("insurerNumber", _ONE), ("symbol", _MAYBE), ("number", _ONE), ("branchCode", _MAYBE)),
    "addr": (("postalCode", _ONE),),
    "settlement": (
        ("claimType", _ONE), ("commissionType", _ONE), ("unitPriceBasic", _MAYBE), ("unitPriceDetail", _ANY),
        ("unitPriceOther", _ANY), ("paymentForBasic", _MAYBE), ("paymentForDetail", _MAYBE), ("paymentForOther", _MAYBE),
        ("unitAmount", _ONE), ("paymentAmount", _ONE), ("paymentByOtherProgram", _MAYBE), ("claimAmount", _ONE),
    ),
}  # fmt: skip
_RULES = {codes.HL7: _CDA, codes.CLAIM: _CLAIM}
_ASK = "様式どおりに作り直すように、送付元に頼んでください。"


def validate(data: bytes, name: str, folder: Path | None = None) -> tuple[Problem, ...]:
    """Every break of the standard in one file. folder: of the XSDs V08 with their coreschemas; without it the own table."""
    if folder is None:
        return structure(data, name)
    tree = parse(data, name)
    if tree.root is None:
        return tree.problems
    wanted = XSDS.get(local(tree.root)[1])
    if wanted is None:
        return (Problem("wrong_root", name, "健診の XML ではありません。", _ASK),)
    schema = _schema(folder / wanted)
    if schema.validate(tree.root):
        return ()
    # The words of the library hold values of people: only the element and the line are said.
    return tuple(
        Problem("schema", f"{name}　{_element(entry.path)}", "様式（XSD）に合いません。", _ASK, entry.line or None)
        for entry in list(schema.error_log)[:MOST]
    )


def _element(path: str | None) -> str:
    return (path or "").rsplit("/", 1)[-1].split("[")[0].replace("*", "要素")


@cache
def _schema(path: Path) -> etree.XMLSchema:
    """A schema as published: read from our own folder, never from an archive."""
    parser = etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True)
    return etree.XMLSchema(etree.parse(str(path), parser))


def structure(data: bytes, name: str) -> tuple[Problem, ...]:
    """Order and number of the elements, by the own table."""
    tree = parse(data, name)
    if tree.root is None:
        return tree.problems
    namespace, tag = local(tree.root)
    rules = _RULES.get(namespace)
    if rules is None or tag not in XSDS:
        return (Problem("wrong_root", name, "健診の XML ではありません。", _ASK),)
    found: list[Problem] = []
    for element in tree.root.iter(etree.Element):
        inside, tag = local(element)
        rule = rules.get(tag)
        if inside != namespace:
            found.append(_broken(name, element, f"{tag[:40]} は使えない名前空間です。"))
        elif rule is not None:
            found += _children(name, element, rule)
        if len(found) >= MOST:
            break
    return tuple(found[:MOST])


def _children(name: str, element: etree._Element, rule: Rule) -> list[Problem]:
    tag = local(element)[1]
    order = [child for child, _count in rule]
    seen = [local(child)[1] for child in element.iterchildren(etree.Element)]
    stray = next((child for child in seen if child not in order), None)
    if stray is not None:
        return [_broken(name, element, f"{tag} の中に {stray[:40]} は置けません。")]
    if [order.index(child) for child in seen] != sorted(order.index(child) for child in seen):
        return [_broken(name, element, f"{tag} の中の順番が違います。")]
    found = []
    for child, (least, most) in rule:
        count = seen.count(child)
        if count < least:
            found.append(_broken(name, element, f"{tag} の中に {child} がありません。"))
        elif most is not None and count > most:
            found.append(_broken(name, element, f"{tag} の中に {child} が{count}個あります（{most}個まで）。"))
    return found


def _broken(name: str, element: etree._Element, what: str) -> Problem:
    return Problem("structure", name, what, _ASK, element.sourceline or None)
