"""``{% load canglin %}``: the components and formats of every page. ``/ui/`` shows them all."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.db.models import Model
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from canglin.ui import formats, icons, layout, navigation
from canglin.ui.charts import Chart
from canglin.ui.columns import TONES
from canglin.ui.parts import Empty, Event, Fact, Figure, Node, Progress, Tab
from canglin.ui.tables import Table

register = template.Library()

# Figures, dates and codes.


@register.filter
def thousands(value: Any, digits: int | None = None) -> str:
    """1234567.5 → 1,234,567.5"""
    return formats.number(value, digits)


@register.filter
def kg(value: Any, digits: int | None = None) -> SafeString:
    """A mass in kilograms, with its unit."""
    return formats.with_unit(formats.number(value, digits), _("公斤"))


@register.filter
def tonnes(value: Any, digits: int = 3) -> SafeString:
    """A mass held in kilograms, written in tonnes."""
    return formats.with_unit(formats.tonnes(value, digits), _("吨"))


@register.filter
def money(value: Any) -> SafeString:
    """Yuan to the fen."""
    return formats.with_unit(formats.number(value, 2), _("元"))


@register.filter
def pct(value: Any, digits: int = 1) -> str:
    """A share of one as a percentage."""
    return formats.percent(value, digits)


@register.filter
def moment(value: datetime | None) -> str:
    """Date and time to the second."""
    return formats.moment(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """The date."""
    return formats.day(value)


@register.filter
def ago(value: datetime | None) -> SafeString:
    """How long since, the exact time on hovering."""
    if value is None:
        return SafeString(formats.NOTHING)
    iso = value.isoformat()
    return format_html('<time datetime="{}" title="{}">{}</time>', iso, formats.moment(value), formats.ago(value))


@register.filter
def code(value: Any, codes: str) -> str:
    """The label of a code: {{ lot.variety|code:"food_variety" }}"""
    return formats.write("code", value, codes)


@register.filter
def dash(value: Any) -> Any:
    """A dash for what is not there; zero is there."""
    return formats.NOTHING if value is None or value == "" else value


# The frame.


@register.simple_tag(name="icon")
def icon_tag(name: str, label: str = "") -> SafeString:
    """An icon of icons.txt."""
    return icons.icon(name, label)


@register.simple_tag(takes_context=True)
def navigation_sections(context: Context) -> list[navigation.Section]:
    """The left navigation as this person sees it."""
    request = context.get("request")
    return navigation.visible(request) if request else []


@register.simple_tag(takes_context=True)
def frame(context: Context) -> Mapping[str, Any]:
    """Region, person, account links and freshness, as the rooms supply them. Empty on pages without a person."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return {}
    supply = layout.frame
    return {
        "region": supply.region(request),
        "person": supply.person(request),
        "links": supply.account_links(request),
        "freshness": supply.freshness(request),
    }


# Components.


@register.inclusion_tag("ui/parts/figure.html")
def figure(given: Figure | str, value: Any = None, unit: str = "", **more: Any) -> dict[str, Any]:
    """A figure card: a Figure, or its parts."""
    return {"figure": given if isinstance(given, Figure) else Figure(given, value, unit, **more)}


@register.simple_tag
def badge(label: Any, tone: str = "neutral") -> SafeString:
    """A state: neutral, good, info, warn or bad."""
    return format_html('<span class="state state-{}">{}</span>', tone if tone in TONES else "neutral", label)


@register.inclusion_tag("ui/parts/empty.html")
def empty(given: Empty | str, why: str = "", action: str = "", href: str = "", icon: str = "inbox") -> dict[str, Any]:
    """What stands where there is nothing."""
    return {"empty": given if isinstance(given, Empty) else Empty(given, why, action, href, icon)}


@register.inclusion_tag("ui/parts/facts.html")
def facts(given: Sequence[Fact], title: str = "") -> dict[str, Any]:
    """A description list."""
    return {"facts": given, "title": title}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(events: Sequence[Event]) -> dict[str, Any]:
    """What happened, in the order given."""
    return {"events": events}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(given: Sequence[Tab], label: str = "") -> dict[str, Any]:
    """Tabs, each an address of its own."""
    return {"tabs": given, "label": label}


@register.inclusion_tag("ui/parts/tree.html")
def tree(nodes: Sequence[Node]) -> dict[str, Any]:
    """A tree that opens and closes without a script."""
    return {"nodes": nodes}


@register.inclusion_tag("ui/parts/progress.html")
def job_progress(progress: Progress, url: str) -> dict[str, Any]:
    """How far a job is; asks ``url`` again every second while it runs. ``url`` answers with this same tag."""
    return {"progress": progress, "url": url}


@register.inclusion_tag("ui/parts/copyable.html")
def copyable(text: Any, label: str = "") -> dict[str, Any]:
    """A code or key with a button that copies it."""
    return {"text": text, "label": label}


@register.inclusion_tag("ui/parts/confirm.html", takes_context=True)
def confirm(
    context: Context,
    action: str,
    label: str,
    question: str,
    *,
    consequence: str = "",
    tone: str = "bad",
    icon: str = "",
    field: str = "",
    value: str = "",
) -> dict[str, Any]:
    """A button that asks before it posts to ``action``; ``field=value`` travels with it."""
    return {
        "action": action, "label": label, "question": question, "consequence": consequence, "tone": tone, "icon": icon,
        "field": field, "value": value, "id": f"confirm-{uuid.uuid4().hex[:8]}",
        "csrf_token": context.get("csrf_token", ""),
    }  # fmt: skip


@register.inclusion_tag("ui/parts/chart.html")
def chart(given: Chart, size: str = "medium") -> dict[str, Any]:
    """A chart: small, medium or large."""
    return {"chart": given, "size": size, "id": f"chart-{uuid.uuid4().hex[:8]}"}


@register.inclusion_tag("ui/table.html", takes_context=True)
def table(context: Context, given: Table) -> dict[str, Any]:
    """A data table."""
    return {"table": given, "request": context.get("request")}


# Forms.


@register.inclusion_tag("ui/parts/form.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """All fields of a form, with what is wrong with the whole of it first."""
    return {"form": form}


@register.inclusion_tag("ui/parts/field.html")
def form_field(field: BoundField, unit: str = "") -> dict[str, Any]:
    """One field: label, input, unit, help, errors."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "")
    css = {"checkbox": "form-check-input", "radio": "form-check-input"}.get(kind, "form-control")
    if kind == "select":
        css = "form-select"
    attrs: dict[str, str | bool] = {"class": f"{css} is-invalid" if field.errors else css}
    described = [f"{field.auto_id}-help"] if field.help_text else []
    if field.errors:
        attrs["aria-invalid"] = "true"
        described.append(f"{field.auto_id}-errors")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    many = kind in ("radio", "checkbox") and hasattr(widget, "choices")
    drawn = "" if many else field.as_widget(attrs=attrs)
    return {"field": field, "input": drawn, "unit": unit, "check": kind == "checkbox", "many": many}


@register.simple_tag
def verbose_name(instance: Model) -> str:
    """What a model calls its rows."""
    return str(instance._meta.verbose_name)
