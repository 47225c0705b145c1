"""One submission as a CDA (hc08). The same submission gives the same bytes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeAlias

from lxml import etree

from health_programs.checkups.files import codes
from health_programs.checkups.files.documents import (
    ABOVE,
    BELOW,
    MEASURED,
    NOT_MEASURED,
    REFUSED,
    Observation,
    Submission,
)
from health_programs.checkups.files.items import CODED, QUANTITY, TEXT, Item, by_code, by_key, place_of
from health_programs.checkups.files.observations import UNMEASURABLE
from health_programs.checkups.files.safexml import XSI

Element: TypeAlias = etree._Element


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A child of the parent's namespace."""
    namespace = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{namespace}}}{tag}", attributes)
    if text:
        child.text = text
    return child


def serialized(root: Element) -> bytes:
    etree.indent(root, "  ")
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


def stamp(day: date) -> str:
    return day.strftime("%Y%m%d")


def document(one: Submission, *, report_code: str, author: tuple[str, str, str], created: date) -> bytes:
    """The CDA. author: (OID, number, name) of who makes the file; custodian the same."""
    root = etree.Element(f"{{{codes.HL7}}}ClinicalDocument", nsmap={None: codes.HL7, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{codes.HL7} ../XSD/hc08_V08.xsd")
    add(root, "typeId", root=codes.TYPE_ROOT, extension="POCD_HD000040")
    if one.document_id:
        # An identifier below the number of who makes the file, as the ministry builds those of vouchers.
        add(root, "id", root=f"{author[0]}.1{author[1]}", extension=one.document_id)
    else:
        add(root, "id", nullFlavor="NI")
    add(root, "code", code=report_code, codeSystem=codes.REPORT)
    add(root, "effectiveTime", value=stamp(created))
    add(root, "confidentialityCode", code="N", codeSystem=codes.CONFIDENTIALITY)
    _patient(root, one)
    _author(root, author, created)
    oid, number, name = author
    custodian = add(add(add(root, "custodian"), "assignedCustodian"), "representedCustodianOrganization")
    add(custodian, "id", root=oid, extension=number)
    if name:
        add(custodian, "name", name)
    _voucher(root, one)
    _event(root, one)
    body = add(add(root, "component"), "structuredBody")
    observations = _with_fasting(one)
    for section in (codes.STATUTORY_SECTION, codes.OTHER_SECTION):
        chosen = [entry for entry in observations if _section(entry.code) == section]
        if chosen:
            _write_section(body, section, chosen)
    return serialized(root)


def _with_fasting(one: Submission) -> tuple[Observation, ...]:
    """採血時間 is an item of the standard: one that came otherwise than as an item (CSV, by hand) is written as the item."""
    item = by_key("fasting_hours")[0]
    if one.fasting is None or not one.observations or any(entry.code == item.code for entry in one.observations):
        return one.observations
    return (*one.observations, Observation(item.code, item.key, coded=str(one.fasting)))


def _section(code: str) -> str:
    item = by_code(code)
    return codes.STATUTORY_SECTION if item and item.statutory else codes.OTHER_SECTION


def _patient(root: Element, one: Submission) -> None:
    person = one.identity
    role = add(add(root, "recordTarget"), "patientRole")
    add(role, "id", root=codes.INSURER, extension=person.insurer_number)
    if person.symbol:
        add(role, "id", root=codes.SYMBOL, extension=person.symbol)
    add(role, "id", root=codes.NUMBER, extension=person.number)
    if person.branch:
        add(role, "id", root=codes.BRANCH, extension=person.branch)
    if person.postal_code or person.address:
        address = add(role, "addr", person.address)
        if person.postal_code:
            add(address, "postalCode", person.postal_code)
    patient = add(role, "patient")
    add(patient, "name", person.kana)
    add(patient, "administrativeGenderCode", code=person.sex, codeSystem=codes.SEX)
    add(patient, "birthTime", value=stamp(person.birth_date))


def _author(root: Element, author: tuple[str, str, str], created: date) -> None:
    oid, number, name = author
    element = add(root, "author")
    add(element, "time", value=stamp(created))
    assigned = add(element, "assignedAuthor")
    add(assigned, "id", nullFlavor="NI")
    organization = add(assigned, "representedOrganization")
    add(organization, "id", root=oid, extension=number)
    if name:
        add(organization, "name", name)


def _voucher(root: Element, one: Submission) -> None:
    if not one.voucher_number:
        return
    holder = add(root, "participant", typeCode="HLD")
    add(holder, "functionCode", code="1", codeSystem=codes.CARD_KIND)
    if one.voucher_until:
        add(add(holder, "time"), "high", value=stamp(one.voucher_until))
    entity = add(holder, "associatedEntity", classCode="IDENT")
    number = one.identity.insurer_number
    add(entity, "id", root=f"{codes.VOUCHER}.1{number}", extension=one.voucher_number)


def _event(root: Element, one: Submission) -> None:
    event = add(add(root, "documentationOf", typeCode="DOC"), "serviceEvent", classCode="ACT", moodCode="EVN")
    add(event, "code", code=one.program_code, codeSystem=codes.PROGRAM)
    add(event, "effectiveTime", value=stamp(one.exam_date))
    entity = add(add(event, "performer", typeCode="PRF"), "assignedEntity")
    add(entity, "id", nullFlavor="NI")
    place = add(entity, "representedOrganization")
    add(place, "id", root=codes.INSTITUTION, extension=one.institution_code)
    if one.institution_name:
        add(place, "name", one.institution_name)


def _write_section(body: Element, code: str, chosen: list[Observation]) -> None:
    section = add(add(body, "component"), "section")
    add(section, "code", code=code, codeSystem=codes.SECTION)
    add(section, "title", codes.SECTION_TITLE[code])
    add(section, "text")
    ordered = sorted(chosen, key=lambda one: place_of(one.code))
    authors = {one.code: one.text for one in ordered if _is_author(one, ordered)}
    groups: dict[str, Element] = {}
    for one in ordered:
        if one.code in authors:
            continue
        item = by_code(one.code)
        if item and item.group:
            frame = groups.get(item.group)
            if frame is None:
                frame = groups[item.group] = _frame(section, item.group)
            parent = add(frame, "entryRelationship", typeCode=item.relation)
        else:
            parent = add(section, "entry")
        _observation(parent, one, item, authors.get(item.author, "") if item else "")


def _is_author(one: Observation, others: list[Observation]) -> bool:
    """A name of a doctor that is written as the author of another item of the section."""
    if one.state != MEASURED or not one.text:
        return False
    return any(item.author == one.code and other.state == MEASURED for other in others if (item := by_code(other.code)))


def _frame(section: Element, group: str) -> Element:
    """一連検査グループ: an observation without a value that holds those of the group."""
    frame = add(add(section, "entry"), "observation", classCode="OBS", moodCode="EVN", negationInd="false")
    add(frame, "code", code=group, codeSystem=codes.ITEM)
    return frame


def _observation(parent: Element, one: Observation, item: Item | None, doctor: str) -> None:
    missing = one.state == NOT_MEASURED and one.text != UNMEASURABLE
    element = add(parent, "observation", classCode="OBS", moodCode="EVN", negationInd=str(missing).lower())
    code = add(element, "code", code=one.code, codeSystem=codes.ITEM)
    if item:
        code.set("displayName", item.name)
    if missing:
        return
    _value(element, one, item)
    if one.flag:
        add(element, "interpretationCode", code=one.flag, codeSystem=codes.INTERPRETATION)
    if item and item.method and one.state not in (NOT_MEASURED, REFUSED):
        add(element, "methodCode", code=item.method, codeSystem=codes.METHOD)
    if doctor:
        author = add(element, "author")
        add(author, "time", nullFlavor="NI")
        assigned = add(author, "assignedAuthor")
        add(assigned, "id", nullFlavor="NI")
        add(add(assigned, "assignedPerson"), "name", doctor)
    if one.low is not None or one.high is not None:
        _range(element, one)


def _kind(one: Observation, item: Item | None) -> str:
    if item:
        return item.kind
    if one.value is not None:
        return QUANTITY
    return CODED if one.coded else TEXT


def _value(element: Element, one: Observation, item: Item | None) -> None:
    kind = _kind(one, item)
    value = add(element, "value")
    value.set(f"{{{XSI}}}type", kind)
    if one.state == REFUSED:
        value.set("nullFlavor", "ASKU")
    elif one.state == NOT_MEASURED:
        value.set("nullFlavor", "NI")
    elif kind == QUANTITY:
        if one.state in (BELOW, ABOVE) and not _at_limit(one, item):
            value.set("nullFlavor", "NINF" if one.state == BELOW else "PINF")
        if one.value is not None:
            value.set("value", _figure(one.value))
        if one.unit:
            value.set("unit", one.unit)
    elif kind == TEXT:
        value.text = one.text
    else:
        value.set("code", one.coded)
        if item and item.system:
            value.set("codeSystem", item.system)
        if item and one.coded in item.codes:
            value.set("displayName", item.codes[one.coded])


def _at_limit(one: Observation, item: Item | None) -> bool:
    """Whether value and flag alone say that it is at or beyond what may be entered."""
    if item is None or one.value is None:
        return False
    if one.state == BELOW:
        return one.flag == "L" and item.least is not None and one.value <= item.least
    return one.flag == "H" and item.most is not None and one.value >= item.most


def _figure(number: Decimal) -> str:
    return format(number, "f")


def _range(element: Element, one: Observation) -> None:
    span = add(add(element, "referenceRange", typeCode="REFV"), "observationRange", classCode="OBS", moodCode="EVN.CRT")
    value = add(span, "value")
    value.set(f"{{{XSI}}}type", "IVL_PQ")
    for name, limit in (("low", one.low), ("high", one.high)):
        if limit is not None:
            end = add(value, name, value=_figure(limit))
            if one.unit:
                end.set("unit", one.unit)
