"""Index, summary and claims as XML (ix08, su08, cc08). The same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from health_programs.checkups.files import codes
from health_programs.checkups.files.cda_writing import add, serialized, stamp
from health_programs.checkups.files.documents import Claim
from health_programs.checkups.files.envelope import Index, Summary
from health_programs.checkups.files.safexml import XSI


def _root(tag: str, schema: str) -> etree._Element:
    root = etree.Element(f"{{{codes.CLAIM}}}{tag}", nsmap={None: codes.CLAIM, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{codes.CLAIM} {schema}")
    return root


def index(one: Index) -> bytes:
    """ix08_V08.xml."""
    root = _root("index", "./XSD/ix08_V08.xsd")
    add(root, "interactionType", code=one.interaction)
    add(root, "creationTime", value=stamp(one.created))
    for tag, (oid, number) in (("sender", one.sender), ("receiver", one.receiver)):
        if number:
            add(add(root, tag), "id", root=oid, extension=number)
    add(root, "serviceEventType", code=one.event)
    add(root, "totalRecordCount", value=str(one.total))
    return serialized(root)


def summary(one: Summary) -> bytes:
    """su08_V08.xml. 他の検診 is written only where there is any."""
    root = _root("summary", "./XSD/su08_V08.xsd")
    add(root, "serviceEventType", code=one.event)
    add(root, "totalSubjectCount", value=str(one.people))
    add(root, "totalCostAmount", value=str(one.cost), currency="JPY")
    add(root, "totalPaymentAmount", value=str(one.payment), currency="JPY")
    if one.by_other:
        add(root, "totalPaymentByOtherProgram", value=str(one.by_other), currency="JPY")
    add(root, "totalClaimAmount", value=str(one.claimed), currency="JPY")
    return serialized(root)


def by_other(one: Claim) -> int:
    """他の検診による負担 in yen: what neither the person nor the insurer pays of the price."""
    return max(one.unit_price - one.copayment - one.claimed, 0)


def claim(one: Claim, *, event: str = "1") -> bytes:
    """A claim as 基本的な健診, 個別健診. Raises ValueError for an amount the standard cannot hold."""
    if not all(0 <= amount <= 999_999_999 for amount in (one.unit_price, one.copayment, one.claimed)):
        raise ValueError("金額は0円から999,999,999円までです。")
    if one.copayment > 999_999:
        raise ValueError("窓口負担は999,999円までです。")
    root = _root("checkupClaim", "../XSD/cc08_V08.xsd")
    add(add(root, "encounter"), "serviceEventType", code=event)
    _person(root, one)
    card = add(root, "checkupCard")
    if one.voucher_number:
        add(card, "id", root=codes.VOUCHER, extension=one.voucher_number)
    settlement = add(root, "settlement")
    add(settlement, "claimType", code="1")
    add(settlement, "commissionType", code="1")
    add(add(settlement, "unitPriceBasic"), "amount", value=str(one.unit_price), currency="JPY")
    if one.copayment:
        add(add(settlement, "paymentForBasic"), "amount", value=f"{one.copayment:06d}", currency="JPY")
    add(settlement, "unitAmount", value=str(one.unit_price), currency="JPY")
    add(settlement, "paymentAmount", value=str(one.copayment), currency="JPY")
    if by_other(one):
        add(settlement, "paymentByOtherProgram", value=str(by_other(one)), currency="JPY")
    add(settlement, "claimAmount", value=str(one.claimed), currency="JPY")
    return serialized(root)


def _person(root: etree._Element, one: Claim) -> None:
    who = one.identity
    person = add(root, "subjectPerson")
    add(add(person, "performerOrganization"), "id", root=codes.INSTITUTION, extension=one.institution_code)
    card = add(person, "insuranceCard")
    add(card, "insurerNumber", root=codes.INSURER, extension=who.insurer_number)
    if who.symbol:
        add(card, "symbol", root=codes.SYMBOL, extension=who.symbol)
    add(card, "number", root=codes.NUMBER, extension=who.number)
    if who.branch:
        add(card, "branchCode", root=codes.BRANCH, extension=who.branch)
    add(person, "name", who.kana)
    # The standard wants a postal code; who has none is written with zeros.
    add(add(person, "addr", who.address), "postalCode", who.postal_code or "000-0000")
    add(person, "birthTime", value=stamp(who.birth_date))
    add(person, "administrativeGender", code=who.sex)


def total(claims: Iterable[Claim], people: int, event: str) -> Summary:
    """The summary of these claims."""
    listed = list(claims)
    return Summary(
        event,
        people,
        sum(one.unit_price for one in listed),
        sum(one.copayment for one in listed),
        sum(one.claimed for one in listed),
        sum(by_other(one) for one in listed),
    )
