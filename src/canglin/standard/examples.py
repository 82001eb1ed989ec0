"""A made-up record of every table (演示), for the example row of worksheets and for documentation.

A field's declaration gives a value that passes by itself; where figures must agree with each other,
``data/examples.toml`` says what they are.
"""

import tomllib
from functools import cache
from importlib import resources

from canglin.standard import codes, identifiers
from canglin.standard.fields import FieldSpec
from canglin.standard.tables import TableSpec


@cache
def _together() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("canglin.standard").joinpath("data/examples.toml").read_text("utf-8"))


def row(spec: TableSpec) -> dict[str, str]:
    """The example record of a table as text by id; "" for what it leaves out."""
    return {f.id: value(f) for f in spec.fields} | _together().get(spec.code, {})


_ENTERPRISE = "91430000DEM000001"
_DAY = "2026-11-02"


def value(field: FieldSpec) -> str:
    """A value that passes the field's own checks."""
    if field.attribute == "operation":
        return "i"
    made = _identifier(field)
    if made is not None:
        return made
    if field.codes:
        return next(i.code for i in codes.items(field.codes) if i.valid)
    match field.kind:
        case "decimal":
            return "1000" if (field.digits or 0) - (field.scale or 0) >= 4 else "1"
        case "integer":
            return "1"
        case "date":
            return _DAY
        case "datetime":
            return f"{_DAY} 08:00:00"
        case "year":
            return _DAY[:4]
    return f"演示{field.name}"[: field.length]


def _identifier(field: FieldSpec) -> str | None:
    enterprise = _ENTERPRISE + (identifiers.uscc_check(_ENTERPRISE) or "")
    day = _DAY.replace("-", "")
    depot = enterprise + "001"
    warehouse, lot = depot + "0001", depot + "000100101"
    card = "430103" + "19900101" + "001"
    card += identifiers.id_card_check(card) or ""
    return {
        "uscc": enterprise, "uscc_or_id_card": enterprise, "id_card": card, "depot": depot, "warehouse": warehouse,
        "compartment": warehouse + "001", "lot": lot,
        "inbound_no": f"14{day[2:]}0001", "outbound_no": f"15{day[2:]}0001",
        "settlement_no": f"{depot}{day}0001", "gain_loss_no": f"{lot}{day}001", "nature_change_no": f"{lot}{day}001",
        "scan_no": f"{lot}{day}0001", "ventilation_no": f"{lot}{day}001", "fumigation_no": f"{warehouse}{day}001",
        "warning_no": f"{depot}{day}001", "quality_report_no": f"01{day}0001", "risk_no": f"430103{day}0001",
        "camera": "43010300001320000001", "transfer_no": f"{depot}{day}0001", "region": "430103", "origin": "430103",
        "country": "CHN", "plate": "湘A12345", "org_code": "000000000",
    }.get(field.identifier or "")
