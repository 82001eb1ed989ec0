"""Roles and verbs: deny by default, separate duties."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from canglin.accounts import actions, policy, roles
from canglin.accounts.actions import Refused
from canglin.accounts.models import AuditEntry, User
from canglin.accounts.policy import CONSOLE, Denied
from tests.accounts.conftest import CHANGSHA

VERBS = [f"{subject}.{action}" for subject in roles.SUBJECTS for action in roles.ACTIONS]


def test_every_grant_is_a_verb_of_the_vocabulary():
    for role in roles.ROLES.values():
        for verb in role.grants:
            if not verb.startswith("*."):
                roles.check(verb)


def test_a_slip_in_a_verb_is_loud():
    for verb in ("stock.veiw", "stocks.view", "stock", "", "*.view"):
        with pytest.raises(roles.UnknownVerb):
            policy.may(CONSOLE, verb)


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_may_do_anything_without_being_somebody(verb):
    assert not policy.may(AnonymousUser(), verb)
    assert not policy.may(User(role="admin", area_codes=["00"], is_active=False), verb)
    assert not policy.may(User(role="", area_codes=["00"], is_active=True), verb)
    assert not policy.may(User(role="superuser", area_codes=["00"], is_active=True, is_superuser=True), verb)


def test_the_three_administrators_exclude_each_other_and_change_no_business_data():
    ours = {"people", "applications", "audit", "gateway"}
    for role in roles.ROLES.values():
        if role.administers:
            changed = {v.partition(".")[0] for v in VERBS if not v.endswith((".view", ".export")) and roles.grants(role.name, v)}
            assert changed <= ours, role.name
    assert not roles.grants("admin", "people.approve")
    assert not roles.grants("security", "people.change")
    assert not any(roles.grants("audit", v) for v in VERBS if not v.endswith((".view", ".export")))


def test_the_system_administrator_sees_every_page():
    assert all(roles.grants("admin", f"{subject}.view") for subject in roles.SUBJECTS)


def test_no_role_reads_everything_and_changes_everything():
    for role in roles.ROLES:
        assert not all(roles.grants(role, verb) for verb in VERBS)


def test_djangos_own_permissions_grant_nothing():
    assert not User(role="admin", is_active=True, is_superuser=True).has_perm("accounts.change_user")


@pytest.fixture
def admin(person):
    return person("admin", "43")


@pytest.mark.django_db
def test_an_administrator_opens_accounts_inside_his_own_area_only(admin, province):
    assert actions.create_user(admin, "演示长沙", "county", "4301").user.area.codes == ("4301",)
    assert actions.create_user(admin, "演示库点", "manager", CHANGSHA).user
    for area in ("44", "00"):
        with pytest.raises(Denied):
            actions.create_user(admin, "演示外省", "viewer", area)
    assert not User.objects.filter(username="演示外省").exists()


@pytest.mark.django_db
def test_an_administrator_cannot_make_administrators(admin):
    for role in ("admin", "security", "audit"):
        with pytest.raises(Denied):
            actions.create_user(admin, "演示第二", role, "43")


@pytest.mark.django_db
def test_nobody_changes_his_own_role_or_area_or_disables_himself(admin, person):
    security = person("security", "43")
    for who in (admin, security):
        with pytest.raises(Refused):
            actions.grant(who, who, "admin", "43")
        with pytest.raises(Refused):
            actions.disable_user(who, who)


@pytest.mark.django_db
def test_administrators_cannot_take_over_each_others_account(admin, person):
    for role in ("security", "audit"):
        with pytest.raises(Denied):
            actions.reset_password(admin, person(role, "43"))


@pytest.mark.django_db
def test_only_the_security_administrator_grants_administrators_roles(admin, person):
    officer, security = person("stock", "43"), person("security", "43")
    with pytest.raises(Denied):
        actions.grant(admin, officer, "audit", "43")
    assert actions.grant(security, officer, "audit", "43").role == "audit"
    line = AuditEntry.objects.filter(verb="people.grant").get()
    assert (line.before["role"], line.after["role"], line.who) == ("stock", "audit", security.name)


@pytest.mark.django_db
def test_a_city_administrator_cannot_touch_the_provinces_people(person):
    city, province = person("admin", "4301"), person("viewer", "43")
    for act in (actions.disable_user, actions.reset_password):
        with pytest.raises(Denied):
            act(city, province)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "area"),
    [
        ("keeper", "43"),
        ("manager", "4301"),
        ("admin", CHANGSHA),
        ("stock", CHANGSHA + "001"),
        ("nobody", "43"),
        ("viewer", "4"),
    ],
)
def test_a_role_has_only_the_areas_it_makes_sense_in(role, area):
    with pytest.raises(Refused):
        actions.create_user(CONSOLE, "演示", role, area)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a", "", "x" * 65, "<script>", "a b", "a'--", "a\n"])
def test_a_sign_in_name_is_letters_and_digits(name):
    with pytest.raises(Refused):
        actions.create_user(CONSOLE, name, "viewer", "43")


@pytest.mark.django_db
def test_two_people_cannot_have_one_sign_in_name(person):
    with pytest.raises(Refused):
        actions.create_user(CONSOLE, person("viewer", "43").username, "viewer", "43")


@pytest.mark.django_db
def test_people_see_only_accounts_inside_their_area(person, province):
    everyone = {
        u.username: u
        for u in (
            person("viewer", "43"),
            person("viewer", "4301"),
            person("viewer", "430103"),
            person("viewer", "4302"),
            person("manager", CHANGSHA),
            person("keeper", CHANGSHA + "001"),
            person("admin", "00"),
        )
    }
    for asking in (person("admin", "43"), person("admin", "4301"), person("admin", "430103")):
        listed = {u.username for u in policy.rows(asking, User.objects)} & everyone.keys()
        assert listed == {name for name, u in everyone.items() if policy.may(asking, "people.view", u)}
        assert listed


@pytest.mark.django_db
def test_a_guarded_page_sends_strangers_to_sign_in_and_refuses_others(person):
    page = policy.page("rulebook.change")(lambda request: "shown")
    request = RequestFactory().get("/rulebook/?q=1")
    request.user = AnonymousUser()
    assert page(request).url.endswith("?next=/rulebook/%3Fq%3D1")
    request.user = person("viewer", "43")
    with pytest.raises(Denied):
        page(request)
    request.user = person("rules", "43")
    assert page(request) == "shown"


@pytest.mark.django_db
def test_the_first_administrator_is_made_once():
    name, password = actions.create_first_administrator()
    user = User.objects.get(username=name)
    assert user.check_password(password)
    assert user.must_change_password
    assert actions.create_first_administrator() is None
