"""The cast: two cities of one province, an enterprise with two depots in the first, one with a depot in the second,
and people."""

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import models

from canglin.accounts.models import User
from canglin.accounts.rules import Area
from canglin.standard.tables import table

NOW = datetime(2026, 11, 2, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
CHANGSHA = "91430103MA4TEST018"
ZHUZHOU = "91430203MA4TEST026"


def held(code, key, enterprise, depot="", **fields):
    """A row of the current state, as a commit would have written it; columns nobody cares about get a value of their
    type."""
    spec = table(code)
    row = spec.model(key=key, number=1, digest=b"", received_at=NOW, in_enterprise=enterprise, in_depot=depot, stated_at=NOW)
    for field in spec.fields:
        if not field.attribute or field.attribute in ("operation", "stated_at"):
            continue
        value = fields.get(field.id)
        if value is None and field.required:
            column = spec.model._meta.get_field(field.attribute)
            value = (
                "1"
                if isinstance(column, models.CharField)
                else NOW
                if isinstance(column, models.DateTimeField)
                else NOW.date()
                if isinstance(column, models.DateField)
                else 1
            )
        setattr(row, field.attribute, value)
    row.save(force_insert=True)
    return row


def enterprise(code, region, name="演示粮食储备有限公司"):
    return held("1101", code, code, dwdm=code, dwmc=name, xzqhdm=region)


def depot(code, region, name="演示粮库"):
    return held("1102", code, code[:18], code, kqdm=code, dwdm=code[:18], kqmc=name, xzqhdm=region)


@pytest.fixture
def province(db):
    """What the registry knows: 长沙天心区 two depots, 株洲荷塘区 one."""
    return SimpleNamespace(
        changsha=enterprise(CHANGSHA, "430103", "演示长沙粮食储备有限公司"),
        zhuzhou=enterprise(ZHUZHOU, "430202", "演示株洲粮食储备有限公司"),
        south=depot(CHANGSHA + "001", "430103", "演示天心粮库"),
        north=depot(CHANGSHA + "002", "430105", "演示开福粮库"),
        zhuzhou_depot=depot(ZHUZHOU + "001", "430202", "演示荷塘粮库"),
    )


@pytest.fixture
def person(db):
    """Makes a person who can sign in without a password: ``person("viewer", "4301")``. Hashing one costs a tenth of a
    second."""
    made = iter(range(1000))

    def make(role, area):
        name = f"演示{role}{next(made)}"
        return User.objects.create(
            username=name,
            name=name,
            role=role,
            area_codes=list(Area.parse(area).codes),
            must_change_password=False,
            password="!",
        )

    return make
