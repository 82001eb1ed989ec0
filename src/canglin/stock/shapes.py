"""What the answers of the stock's part of /api/v1 look like, for its OpenAPI document."""

from canglin.openapi import KG, NUMBER, TEXT, TIME, TONNES, TRUTH, WHOLE, Schema, answers, either, listed, maybe, shape

_YEAR: Schema = {"type": ["integer", "string", "null"], "description": "收获年度；按它汇总时是文字"}
_KIND: Schema = {"variety": TEXT, "nature": TEXT, "harvest_year": maybe(WHOLE)}
_AMOUNTS: Schema = {"net_kg": KG, "weighed_kg": KG}

# The group is named as asked for: lot, depot, … variety, …; the kinds of grain come only with places.
TOTALS = answers(either({
    "type": "object", "properties": _KIND | {"harvest_year": _YEAR} | _AMOUNTS, "required": list(_AMOUNTS),
    "additionalProperties": TEXT,
}))

_LINE = shape({
    "at": TIME, "kind": TEXT, "document": TEXT, "counterpart": TEXT, "plate": TEXT, "table": TEXT, "key": TEXT, "number": WHOLE,
    **_KIND,
    **{f"{quantity}_{side}_kg": KG for quantity in ("net", "weighed") for side in ("in", "out", "balance")},
    "reverses": maybe(WHOLE), "reversed_by": maybe(WHOLE), "received_at": TIME,
})
ACCOUNT = answers(shape({
    "lot": TEXT, "opening_net_kg": KG, "opening_weighed_kg": KG, "lines": listed(_LINE),
    "closing_net_kg": KG, "closing_weighed_kg": KG,
}))

_EXPLANATIONS = listed(listed(shape({"table": TEXT, "key": TEXT, "number": WHOLE, "reason": TEXT, "effect_kg": KG})))
CLAIM = answers(shape({
    "lot": TEXT, "stated_at": TIME, "number": WHOLE, "card_net_kg": KG, "ledger_net_kg": KG, "net_difference_kg": KG,
    "card_weighed_kg": KG, "ledger_weighed_kg": KG, "weighed_difference_kg": KG,
    "net_explanations": _EXPLANATIONS, "weighed_explanations": _EXPLANATIONS,
}))

BOOKS = answers(listed(shape({
    "depot": TEXT, "variety": TEXT, "claimed": TRUTH,
    **{
        f"{name}_{side}_kg": KG
        for name in ("opening", "received", "issued", "closing") for side in ("claim", "ledger", "difference")
    },
})))

CAPACITY = answers(listed({
    "type": "object", "required": ["capacity_t", "held_t", "used"],
    "properties": {"lot": TEXT, "depot": TEXT, "capacity_t": maybe(TONNES), "held_t": TONNES, "used": maybe(NUMBER)},
}))
