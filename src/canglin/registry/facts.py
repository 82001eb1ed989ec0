"""A record of the standard as a description list: every field by its Chinese name, with its number in the standard, its
unit and the words of its codes. Nothing about a field is written here; all of it follows from the declarations."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any

from canglin.registry import masking
from canglin.standard import codes, regions, units
from canglin.standard.fields import FieldSpec
from canglin.standard.tables import StandardTable, tables
from canglin.ui import formats
from canglin.ui.parts import Fact

_MASKS: dict[str, Callable[[str], str]] = {"id_card": masking.id_card, "uscc_or_id_card": masking.id_card}
_MASKED_ATTRIBUTES: dict[str, Callable[[str], str]] = {
    "legal_representative_phone": masking.phone, "contact_phone": masking.phone, "carrier_phone": masking.phone,
    "mobile": masking.phone, "landline": masking.phone, "email": masking.email, "account_no": masking.account,
    "customer_account_no": masking.account, "own_account_no": masking.account, "carrier_address": masking.address,
}
#: 产地 is a region's code, or a country's for grain from abroad.
_OF_REGIONS = ("GB/T 2260-2007", "LS/T 1713-2015")
_LONG = 64


def _mask(field: FieldSpec) -> Callable[[str], str] | None:
    return _MASKS.get(field.identifier or "") or _MASKED_ATTRIBUTES.get(field.attribute)


def masked(field: FieldSpec, text: str) -> str:
    """A text with personal data hidden; what is not personal stays as it is."""
    mask = _mask(field)
    # Companies are no persons: of the two kinds of customer only the 身份证 number is hidden.
    if mask is None or (field.identifier == "uscc_or_id_card" and not _is_id_card(text)):
        return text
    return mask(text)


def shown(field: FieldSpec, value: Any) -> str:
    """A field's value as people read it, personal data masked."""
    if value is None or value == "":
        return ""
    if _mask(field):
        return masked(field, str(value))
    if field.codes:
        several = codes.several(field.codes, field.length)
        return codes.labels(field.codes, value) if several else codes.label(field.codes, value)
    if field.identifier == "region" or (field.standard in _OF_REGIONS and regions.known(str(value))):
        return regions.path(value)
    if field.standard == "GB/T 2659-2000" and (country := regions.country(str(value))):
        return "中国" if country.alpha2 == "CN" else f"{country.name}（{value}）"
    if isinstance(value, datetime):
        return formats.moment(value)
    if isinstance(value, date):
        return formats.day(value)
    if field.kind in ("decimal", "integer"):
        return formats.number(value)
    return str(value)


def _is_id_card(text: str) -> bool:
    return len(text) == 18 and text[:17].isdigit() and text[6:8] in ("19", "20")


def facts(
    row: StandardTable, *, leave_out: Collection[str] = (), links: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> list[Fact]:
    """Every field of ``row`` as a Fact. ``leave_out`` names attributes shown elsewhere; ``links`` gives attributes an
    address, ``notes`` a word beside the value (the name behind a code)."""
    code = row.Standard.code
    found = []
    for field in tables()[code].fields:
        if field.attribute in ("operation", *leave_out):
            continue
        text = shown(field, getattr(row, field.attribute))
        unit = units.name(field.unit) if text and field.kind in ("decimal", "integer") else ""
        href = (links or {}).get(field.attribute, "") if text else ""
        note = (notes or {}).get(field.attribute, "")
        found.append(Fact(field.name, text, unit, f"{code}.{field.id}", note, href=href, wide=len(text) > _LONG))
    return found
