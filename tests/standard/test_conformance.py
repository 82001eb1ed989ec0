"""The declarations against the published specification, field by field."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from canglin.standard import identifiers
from canglin.standard.fields import FieldSpec
from canglin.standard.tables import TableSpec, by_endpoint, table, tables

DATA = Path(__file__).parent / "data"
PUBLISHED: dict[str, dict[str, Any]] = {
    t["code"]: t for t in tomllib.loads((DATA / "published_tables.toml").read_text("utf-8"))["table"]
}
FIELDS = [(code, f["id"]) for code, t in PUBLISHED.items() for f in t["fields"]]

# The keys of the v2022 interface, where they are not simply the fields marked as key, or stand in another order.
KEYS = {
    "1107": "kqdm sbbh", "1108": "yjbh kqdm cgrq", "1109": "wjmc kqdm wjlx", "1111": "dwdm kqdm spjksbid",
    "1112": "dwdm sfzhm", "1208": "hwdm lspzdm rcsj zhgxsj", "1211": "kqdm lspzdm nd yf", "1301": "kqdm fxdbm",
    "1307": "spjksbid cfdm zpsj yzwbh", "1308": "kqdm gjsj",
}

COLUMNS = {
    "string": models.CharField, "decimal": models.DecimalField, "integer": models.BigIntegerField,
    "date": models.DateField, "datetime": models.DateTimeField, "year": models.SmallIntegerField,
}

#: How a quantity's attribute ends, by the unit the specification prints.
ENDINGS = {
    "kg": ("_kg",), "t": ("_t",), "CNY": ("_cny",), "CNY/kg": ("_cny_per_kg",), "CNY/t": ("_cny_per_t",),
    "10k CNY": ("_10k_cny",), "℃": ("_c",), "%": ("_pct",), "m": ("_m",), "m²": ("_m2",), "m³": ("_m3",),
    "g/m³": ("_g_per_m3",), "mL/m³": ("_ml_per_m3",), "pcs": ("_count",), "bags": ("_count",), "kPa": ("_kpa",),
    "m³/h": ("_m3_per_h",), "m³/(h·t)": ("_m3_per_h_t",), "kW": ("_kw",), "h": ("_h",), "g": ("_g",),
    "d": ("_days", "days_at_target"), "heads/kg": ("_per_kg",), "kW·h/(℃·t)": ("_kwh_per_c_t",),
    "kW·h/(1%·t)": ("_kwh_per_pct_t",),
}
#: Where the printed unit cannot be meant (a price in kg, a consumption in kW) or is chosen by another field.
UNIT_IS_NOT_SO = {("1202", "zkj"), ("1305", "zhdl"), ("1108", "kcsl")}


def declared(code: str, id: str) -> FieldSpec:
    return table(code).by_id[id]


def test_forty_tables_and_856_fields_are_declared() -> None:
    assert list(tables()) == sorted(PUBLISHED)
    assert len(tables()) == 40
    assert sum(len(spec.fields) for spec in tables().values()) == 856


@pytest.mark.parametrize("code", PUBLISHED)
def test_a_table_is_named_and_addressed_as_published(code: str) -> None:
    spec, published = table(code), PUBLISHED[code]
    assert (spec.name, spec.endpoint) == (published["name"], published["endpoint"])
    assert spec.english == "".join(word.capitalize() for word in published["english"].split("_"))
    assert spec.model._meta.verbose_name == published["name"]
    assert spec.bureau_only is (not published["endpoint"])


@pytest.mark.parametrize("code", PUBLISHED)
def test_a_table_has_exactly_the_published_fields(code: str) -> None:
    assert sorted(f.id for f in table(code).fields) == sorted(f["id"] for f in PUBLISHED[code]["fields"])


@pytest.mark.parametrize(("code", "id"), FIELDS)
def test_a_field_is_declared_as_published(code: str, id: str) -> None:
    published = next(f for f in PUBLISHED[code]["fields"] if f["id"] == id)
    spec = declared(code, id)
    said = {
        "id": spec.id, "name": spec.name, "type": spec.kind, "length": spec.length, "digits": spec.digits,
        "scale": spec.scale, "presence": spec.presence, "unit": spec.unit, "codes": spec.codes, "ref": spec.ref,
        "standard": spec.standard, "alias": spec.alias,
    }
    assert said == dict.fromkeys(said) | {"presence": "optional"} | published


@pytest.mark.parametrize("code", PUBLISHED)
def test_a_key_is_what_the_interface_says(code: str) -> None:
    spec = table(code)
    marked = [f["id"] for f in PUBLISHED[code]["fields"] if f.get("presence") == "key"]
    assert [spec.by_attribute[name].id for name in spec.key] == KEYS.get(code, " ".join(marked)).split()


@pytest.mark.parametrize("code", PUBLISHED)
def test_columns_hold_what_the_fields_may_hold(code: str) -> None:
    spec = table(code)
    for field in spec.fields:
        if field.id == "czbz":
            continue
        column = spec.model._meta.get_field(field.attribute)
        assert isinstance(column, COLUMNS[field.kind])
        assert column.null is not field.required
        assert getattr(column, "max_length", None) == field.length
        assert getattr(column, "max_digits", None) == field.digits
        assert getattr(column, "decimal_places", None) == field.scale


def test_the_longest_key_fits_its_column() -> None:
    lengths = {"date": 10, "datetime": 19, "year": 4}
    for spec in tables().values():
        parts = [spec.by_attribute[name] for name in spec.key]
        assert sum((p.length or lengths[p.kind]) + 1 for p in parts) - 1 <= 255


@pytest.mark.parametrize("code", PUBLISHED)
def test_a_quantity_carries_its_unit_in_its_name(code: str) -> None:
    for field in table(code).fields:
        if field.unit and (code, field.id) not in UNIT_IS_NOT_SO:
            assert field.attribute.endswith(ENDINGS[field.unit]), f"{field.id} {field.attribute} is in {field.unit}"


def test_endpoints_lead_to_their_tables() -> None:
    assert by_endpoint()["lsrkxx"] is table("1202")
    assert len(by_endpoint()) == sum(bool(t["endpoint"]) for t in PUBLISHED.values())


def _identified() -> list[tuple[TableSpec, FieldSpec]]:
    return [(spec, f) for spec in tables().values() for f in spec.fields if f.identifier]


def test_every_named_identifier_has_a_rule_and_every_code_of_a_place_names_one() -> None:
    for _, field in _identified():
        assert field.identifier in identifiers.RULES
    for spec in tables().values():
        for field in spec.fields:
            if field.id in {"kqdm", "hwdm", "cfdm", "ajdh", "dwdm", "ygdm"}:
                assert field.identifier, f"{spec.code} {field.id}"


def test_fields_of_one_id_and_one_meaning_have_one_name() -> None:
    # These ids mean different things in different tables.
    several = {"mz", "nd", "sfzh", "ywlx", "zkj"}
    names: dict[str, set[str]] = {}
    for spec in tables().values():
        for field in spec.fields:
            names.setdefault(field.id, set()).add(field.attribute)
    assert {id for id, found in names.items() if len(found) > 1} == several
