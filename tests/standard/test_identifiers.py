"""Identifiers: known good ones, every single digit changed, and what systems in the field send."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canglin.standard import examples, identifiers, regions
from canglin.standard.identifiers import faults
from canglin.standard.tables import tables

ENTERPRISE = "91350100M000100Y43"
DEPOT = ENTERPRISE + "001"
LOT = DEPOT + "000100101"


def rules(name: str, value: str) -> set[str]:
    return {fault.rule for fault in faults(name, value)}


@pytest.mark.parametrize("code", ["91370104264415058K", "91350100M000100Y43"])
def test_known_credit_codes_pass_and_any_other_last_character_does_not(code: str) -> None:
    assert faults("uscc", code) == ()
    for other in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        if other != code[-1]:
            assert rules("uscc", code[:-1] + other) == {"check-digit"}


@settings(max_examples=200)
@given(st.integers(0, 16), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_changed_character_is_always_found_in_a_credit_code(at: int, other: str) -> None:
    changed = ENTERPRISE[:at] + other + ENTERPRISE[at + 1:]
    if changed != ENTERPRISE:
        assert faults("uscc", changed) != ()


@pytest.mark.parametrize("code", [
    "", "9135", "91350100m000100y43", "9135010aM000100Y43", ENTERPRISE + "0", "９1350100M000100Y43",
])
def test_what_is_no_credit_code_is_refused(code: str) -> None:
    assert rules("uscc", code) == {"format"}


def test_letters_outside_the_alphabet_are_a_wrong_check_not_a_wrong_form() -> None:
    assert rules("uscc", "91350100IOSVZ00Y43") == {"check-digit"}


def test_the_organisation_code_inside_a_credit_code_checks() -> None:
    assert faults("org_code", "26441505-8") == faults("org_code", "264415058") == ()
    assert rules("org_code", "264415059") == {"check-digit"}


@given(st.dates(), st.integers(0, 999), st.sampled_from("0123456789X"))
def test_an_identity_card_has_one_last_character(born, serial: int, last: str) -> None:  # type: ignore[no-untyped-def]
    body = f"430103{born:%Y%m%d}{serial:03d}".replace(" ", "0")
    if len(body) != 17:
        return
    due = identifiers.id_card_check(body)
    assert rules("id_card", body + last) == (set() if last == due else {"check-digit"})
    assert faults("id_card", body + str(due).lower()) == ()


def test_an_identity_card_with_an_impossible_birthday_is_noted() -> None:
    body = "43010319800230001"
    assert rules("id_card", body + (identifiers.id_card_check(body) or "")) == {"code-date"}
    assert rules("id_card", "43010319800101") == {"format"}


def test_a_customer_is_an_enterprise_or_a_person() -> None:
    body = "43010319800101001"
    card = body + (identifiers.id_card_check(body) or "")
    assert faults("uscc_or_id_card", ENTERPRISE) == faults("uscc_or_id_card", card) == ()
    assert rules("uscc_or_id_card", "x") == {"format"}
    assert rules("uscc_or_id_card", ENTERPRISE[:-1] + "9") == {"check-digit"}


NUMBERED = {
    "inbound_no": ("14", "261102", "0001"), "outbound_no": ("15", "261102", "0001"),
    "settlement_no": (DEPOT, "20261102", "0001"), "gain_loss_no": (LOT, "20261102", "001"),
    "nature_change_no": (LOT, "20261102", "001"), "scan_no": (LOT, "20261102", "0001"),
    "ventilation_no": (LOT, "20261102", "001"), "fumigation_no": (LOT[:25], "20261102", "001"),
    "warning_no": (DEPOT, "20261102", "001"), "quality_report_no": ("01", "20261102", "0001"),
    "risk_no": ("430103", "20261102", "0001"), "transfer_no": (DEPOT, "20261102", "0001"),
}


@pytest.mark.parametrize("name", NUMBERED)
def test_a_document_number_has_its_form_and_a_real_day(name: str) -> None:
    before, day, serial = NUMBERED[name]
    assert faults(name, before + day + serial) == ()
    assert rules(name, before + day[:-4] + "0230" + serial) == {"code-date"}
    leap = "240229" if len(day) == 6 else "20240229"
    assert faults(name, before + leap + serial) == ()
    for wrong in (before + day + serial + "0", before + day + serial[:-1], before + day + "x" * len(serial), ""):
        assert rules(name, wrong) == {"format"}, wrong


@pytest.mark.parametrize("name", NUMBERED)
def test_the_hot_paths_pattern_passes_only_what_has_no_fault(name: str) -> None:
    before, _, serial = NUMBERED[name]
    passes = identifiers.RULES[name].passes
    if passes is None:
        return
    short = name in ("inbound_no", "outbound_no")
    for month in range(14):
        for day in range(33):
            value = f"{before}{'26' if short else '2026'}{month:02d}{day:02d}{serial}"
            assert bool(passes.fullmatch(value)) == (faults(name, value) == ()), value


def test_transfers_are_numbered_in_33_or_36_characters() -> None:
    assert faults("transfer_no", DEPOT + "202611020001") == ()
    assert faults("transfer_no", DEPOT + "202611020001" + "000") == ()
    assert rules("transfer_no", DEPOT + "2026110200010") == {"format"}


def test_places_are_composed_and_taken_apart() -> None:
    for name, code in (("depot", DEPOT), ("warehouse", LOT[:25]), ("compartment", LOT[:28]), ("lot", LOT)):
        assert faults(name, code) == ()
        assert rules(name, code + "0") == rules(name, code[:-1]) == rules(name, code[:-1] + "A") == {"format"}
    number = LOT + "202611020001"
    assert (identifiers.enterprise_of(number), identifiers.depot_of(number)) == (ENTERPRISE, DEPOT)
    assert (identifiers.warehouse_of(number), identifiers.compartment_of(number)) == (LOT[:25], LOT[:28])
    assert identifiers.lot_of(number) == LOT
    assert identifiers.lot_of(DEPOT) == identifiers.depot_of(None) == ""
    assert identifiers.is_oil_lot(LOT[:25] + "00001")
    assert not identifiers.is_oil_lot(LOT)
    assert identifiers.is_virtual_lot("1 号仓 1 货位//xn")


@pytest.mark.parametrize(("text", "kind"), [
    ("湘A12345", "normal"), ("湘a·12345", "normal"), ("湘A 1234挂", "trailer"), ("湘A1234学", "special"),
    ("湘AD12345", "new_energy"), ("湘A12345D", "new_energy"), ("LS20261102001", "temporary"), ("湘A1234", None),
    ("A12345", None), ("湘AI2345", None), ("", None), ("某A12345", None),
])
def test_plates_are_told_apart(text: str, kind: str | None) -> None:
    assert identifiers.plate_kind(text) == kind


def test_a_device_id_is_taken_apart() -> None:
    device = identifiers.device("43010300001320000001")
    assert device is not None
    assert (device.centre, device.type, device.serial, device.is_camera) == ("43010300", "132", "000001", True)
    assert identifiers.device("4301030000132000000x") is None


def test_a_region_that_never_was_is_refused_and_a_county_not_listed_yet_is_noted() -> None:
    assert faults("region", "430103") == faults("region", "430124") == ()
    assert rules("region", "430199") == {"region-unlisted"}
    assert rules("region", "990000") == {"region-unknown"}
    assert rules("region", "4301") == {"format"}
    assert faults("origin", "USA") == faults("origin", "840") == faults("origin", "430103") == ()
    assert rules("country", "XX") == {"format"}


def test_every_declared_identifier_has_a_rule_and_an_example_that_passes_it() -> None:
    for spec in tables().values():
        for field in spec.fields:
            if field.identifier:
                assert faults(field.identifier, examples.value(field)) == (), (spec.code, field.id)


# Regions


def test_regions_have_names_parents_and_paths() -> None:
    assert regions.path("430103") == "湖南省长沙市天心区"
    assert regions.path("110101") == "北京市东城区"
    assert regions.path("419001") == "河南省济源市"
    assert [regions.level(c) for c in ("430000", "430100", "430103")] == [1, 2, 3]
    assert (regions.parent("430103"), regions.parent("430100"), regions.parent("430000")) == ("430100", "430000", None)
    assert regions.name("999999") == regions.path("999999") == "999999"


def test_retired_regions_keep_their_names_and_present_lists_leave_them_out() -> None:
    retired = regions.region("430124")
    assert retired is not None
    assert (retired.name, retired.retired) == ("宁乡县", True)
    assert retired not in regions.children("430100")
    assert retired in regions.children("430100", retired=True)
    assert len(regions.children()) == 34
    assert len(regions.children("430000")) == 14


def test_every_region_has_its_parent() -> None:
    for code, region in regions.everything().items():
        above = regions.parent(code)
        assert above is None or regions.known(above), region
        if above:
            assert regions.contains(above, code)
    assert regions.contains("000000", "430103")
    assert regions.contains("430000", "430103")
    assert not regions.contains("430100", "430000")
    assert not regions.contains("430100", None)
