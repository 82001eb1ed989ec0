"""Which depots' stock an account may see. Stock lies in depots, so the registry's depots answer for the ledger."""

from canglin.accounts import policy
from canglin.accounts.policy import Actor, Console
from canglin.registry.models import Depot
from canglin.stock.queries.totals import depots_in


def visible_depots(actor: Actor, *, region: str = "", depot: str = "") -> list[str] | None:
    """Codes of the depots in the actor's area, narrowed to a region and a depot when given; None = all there are.
    Removed depots count: their books stay."""
    everything = isinstance(actor, Console) or (actor.is_active and actor.area.kind == "nation")
    codes = None if everything else list(policy.rows(actor, Depot.everything).values_list("depot_code", flat=True))
    if region:
        codes = depots_in(region, codes)
    if depot:
        codes = [depot] if codes is None or depot in codes else []
    return codes
