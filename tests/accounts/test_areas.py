"""Areas: nobody sees a row outside his own, whichever way he asks."""

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from canglin.accounts import policy
from canglin.accounts.models import User
from canglin.accounts.policy import CONSOLE
from canglin.accounts.rules import Area, BadArea, Place, allows
from canglin.standard.tables import table
from tests.accounts.conftest import CHANGSHA, ZHUZHOU, depot, enterprise

ENTERPRISES = (CHANGSHA, ZHUZHOU, "91430103MA4TEST034")
DEPOTS = tuple(e + n for e in ENTERPRISES for n in ("001", "002"))
REGIONS = ("430103", "430105", "430202", "440106")
areas = st.sampled_from(
    [
        "00",
        "43",
        "4301",
        "430103",
        "4302",
        "44",
        *ENTERPRISES,
        *DEPOTS,
        f"{DEPOTS[0]},{DEPOTS[3]}",
        f"{DEPOTS[1]},{DEPOTS[4]},{DEPOTS[5]}",
    ]
).map(Area.parse)


@pytest.mark.parametrize(
    ("text", "kind", "codes"),
    [
        ("00", "nation", ("00",)),
        ("000000", "nation", ("00",)),
        ("43", "region", ("43",)),
        ("430000", "region", ("43",)),
        ("4301", "region", ("4301",)),
        ("430100", "region", ("4301",)),
        ("430103", "region", ("430103",)),
        (CHANGSHA, "enterprise", (CHANGSHA,)),
        (CHANGSHA.lower(), "enterprise", (CHANGSHA,)),
        (f"{DEPOTS[1]}，{DEPOTS[0]}", "depots", (DEPOTS[0], DEPOTS[1])),
    ],
)
def test_an_area_is_read_from_its_code(text, kind, codes):
    assert (Area.parse(text).kind, Area.parse(text).codes) == (kind, codes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "430",
        "43010",
        "0",
        "43,44",
        "湖南",
        "91430103",
        CHANGSHA + "1",
        f"{CHANGSHA},{ZHUZHOU}",
        "%",
        "43.",
        "４３",
    ],
)
def test_what_is_no_area_is_refused(text):
    with pytest.raises(BadArea):
        Area.parse(text)


@given(areas)
def test_an_area_is_written_as_it_is_read(area):
    assert Area.parse(area.text) == area


@given(areas, areas, st.sampled_from(DEPOTS), st.sampled_from(REGIONS))
def test_what_an_area_inside_another_covers_the_other_covers_too(outer, inner, code, region):
    place = Place(code[:18], code, region)
    known = dict.fromkeys((*ENTERPRISES, *DEPOTS), region)
    if outer.contains(inner, known) and inner.covers(place):
        assert outer.covers(place)


@pytest.fixture
def rows(db):
    """Three enterprises and their depots, each depot in a region of its own; all in table 1102 and 1101."""
    regions = dict(zip(DEPOTS, ("430103", "430105", "430202", "430103", "440106", "430105"), strict=True))
    for code, region in zip(ENTERPRISES, ("430103", "430202", "440106"), strict=True):
        enterprise(code, region)
    for code, region in regions.items():
        depot(code, region)
    return regions


@pytest.mark.parametrize("text", ["00", "43", "4301", "430103", "44", CHANGSHA, DEPOTS[0], f"{DEPOTS[1]},{DEPOTS[4]}"])
def test_lists_and_single_objects_agree_and_stay_inside_the_area(rows, text):
    area = Area.parse(text)
    user = User(username="演示", role="viewer", area_codes=list(area.codes), is_active=True)
    for code in ("1101", "1102"):
        model = table(code).model
        listed = set(policy.rows(user, model.objects).values_list("key", flat=True))
        single = {row.key for row in model.objects.all() if policy.may(user, "registry.view", row)}
        assert listed == single
        if code == "1102":
            assert listed == {c for c, region in rows.items() if area.covers(Place(c[:18], c, region))}


def test_a_row_of_a_depot_goes_by_the_depots_region_not_by_its_enterprises(province, person):
    """天心区's officer does not see the depot its enterprise runs in 开福区."""
    officer = person("county", "430103")
    assert policy.may(officer, "registry.view", province.south)
    assert not policy.may(officer, "registry.view", province.north)
    assert policy.may(officer, "registry.view", province.changsha)


def test_a_removed_depots_rows_stay_visible_to_its_region_and_to_no_other(province, person):
    type(province.south).everything.filter(pk=province.south.pk).update(removed=True)
    found = policy.rows(person("county", "430103"), type(province.south).everything)
    assert [row.key for row in found] == [province.south.key]
    assert not policy.rows(person("county", "430202"), type(province.south).everything).filter(key=province.south.key)


def test_an_enterprise_that_has_not_reported_itself_lies_where_its_code_says(province, person):
    unknown = "91430103MA4TEST999"
    assert policy.may(person("admin", "4301"), "applications.change", unknown)
    assert not policy.may(person("admin", "4302"), "applications.change", unknown)


def test_a_depots_account_sees_its_enterprises_own_rows_only_when_a_page_asks_for_them(province, person):
    keeper = person("keeper", province.south.key)
    model = type(province.changsha)
    assert not policy.rows(keeper, model.objects)
    assert [row.key for row in policy.rows(keeper, model.objects, with_enterprise=True)] == [CHANGSHA]
    depots = policy.rows(keeper, type(province.south).objects, with_enterprise=True)
    assert [row.key for row in depots] == [province.south.key]


def test_rows_of_a_model_without_a_scope_are_nobodys(province, person):
    from django.contrib.contenttypes.models import ContentType

    assert not policy.rows(person("admin", "00"), ContentType.objects)
    assert policy.rows(CONSOLE, ContentType.objects)


def test_a_list_for_a_region_is_one_query(province, person, django_assert_num_queries):
    officer = person("county", "430103")
    with django_assert_num_queries(1):
        list(policy.rows(officer, type(province.south).objects))


def test_a_text_in_an_area_never_reaches_the_database_as_sql(province, person):
    user = person("viewer", "43")
    user.area_codes = ["43'; DROP TABLE registry_depot; --"]
    with pytest.raises(BadArea):
        policy.rows(user, type(province.south).objects)
    assert type(province.south).objects.filter(Q(key=province.south.key)).exists()


# Applications

codes = st.sampled_from(DEPOTS)


@given(st.sampled_from(ENTERPRISES), st.sets(codes, max_size=3), codes, st.sampled_from(["", *DEPOTS]))
def test_an_application_never_reports_for_a_depot_that_is_not_its_own(own, depots, code, header):
    if allows(own, depots, code[:18], code, header):
        assert code in depots if depots else code[:18] == own
        assert not header or header == code


@given(
    st.sampled_from(ENTERPRISES),
    st.sets(codes, max_size=3),
    st.sampled_from(ENTERPRISES),
    st.sampled_from(["", *DEPOTS]),
)
def test_an_application_never_reports_for_an_enterprise_it_has_nothing_to_do_with(own, depots, about, header):
    if allows(own, depots, about, "", header):
        assert about == own or about in {code[:18] for code in depots}


@pytest.mark.parametrize(
    ("depots", "record", "header", "expected"),
    [
        ((), (CHANGSHA, DEPOTS[0]), "", True),
        ((), (CHANGSHA, ""), "", True),
        ((), (ZHUZHOU, DEPOTS[2]), "", False),
        ((), (CHANGSHA, DEPOTS[0]), DEPOTS[0], True),
        ((), (CHANGSHA, DEPOTS[0]), DEPOTS[1], False),
        ((), (CHANGSHA, DEPOTS[0]), DEPOTS[2], False),
        ((DEPOTS[0],), (CHANGSHA, DEPOTS[1]), "", False),
        ((DEPOTS[0],), (CHANGSHA, ""), "", True),
        ((DEPOTS[0], DEPOTS[2]), (CHANGSHA, DEPOTS[0]), "", False),
        ((DEPOTS[0], DEPOTS[2]), (CHANGSHA, DEPOTS[0]), DEPOTS[0], True),
        ((DEPOTS[0], DEPOTS[2]), (ZHUZHOU, DEPOTS[2]), DEPOTS[2], True),
        ((DEPOTS[0], DEPOTS[2]), (ZHUZHOU, ""), DEPOTS[2], True),
        ((DEPOTS[0], DEPOTS[2]), (ZHUZHOU, DEPOTS[3]), DEPOTS[3], False),
        ((), (CHANGSHA, DEPOTS[2]), "", False),
    ],
)
def test_whose_records_an_application_may_hand_in(depots, record, header, expected):
    assert allows(CHANGSHA, depots, *record, header) is expected
