"""How the gateway's own rows belong to areas (see accounts.policy)."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from canglin.accounts import policy
from canglin.accounts.models import User
from canglin.accounts.rules import Area
from canglin.gateway.files import FileCheck
from canglin.gateway.models import Import, Tally, UploadedFile
from canglin.standard.tables import table, tables


class OfItsRecord:
    """A file belongs to the enterprise that uploaded it; which depot's it is, only the record that names it says. So an account of
    single depots sees the files of its depots' records, and none that wait for their record."""

    _whole = policy.ByPlace("in_enterprise", None)

    def within(self, area: Area, user: User) -> Q:
        """See policy.Scope."""
        if area.kind != "depots":
            return self._whole.within(area, user)
        found = Q(pk__in=[])
        for code in sorted(FileCheck.tables):
            named = table(code).model.everything.filter(key=OuterRef("bound_key"), in_depot__in=area.codes)
            found |= Q(Exists(named), bound_table=code)
        return found

    def holds(self, area: Area, user: User, obj: Any) -> bool:
        """See policy.Scope."""
        if area.kind != "depots":
            return self._whole.holds(area, user, obj)
        spec = tables().get(obj.bound_table)
        return spec is not None and spec.model.everything.filter(key=obj.bound_key, in_depot__in=area.codes).exists()


def register() -> None:
    """Called once, when the room is ready. Refusals have places of their own and need no word here."""
    policy.register(Tally, policy.ByPlace("in_enterprise", None))
    policy.register(UploadedFile, OfItsRecord())
    policy.register(Import, policy.Own())
