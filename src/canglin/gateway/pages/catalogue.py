"""The catalogue of interface tables: what each is for, its fields and code lists; its JSON Schema and its Excel template."""

import io
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from canglin.accounts import policy
from canglin.gateway import imports, workbook
from canglin.gateway.pages import HOME, workbook_answer
from canglin.standard import codes, schema, units
from canglin.standard.codes import CodeList
from canglin.standard.fields import FieldSpec
from canglin.standard.rows import aliases
from canglin.standard.tables import TableSpec, tables
from canglin.ui.parts import Crumb, Empty, Fact
from canglin.ui.rows import Rows
from canglin.ui.tables import Choice, Column, Link, Number, Search, Table, TablePage

_KINDS = {"string": "字符", "decimal": "数值", "integer": "整数", "date": "日期", "datetime": "时间", "year": "年份"}
_WHO = {"depot": "库点系统", "bureau": "主管部门"}


def _spec(code: str) -> TableSpec:
    found = tables().get(code)
    if found is None:
        raise Http404
    return found


class CatalogueTable(Table):
    """The tables."""

    name = "catalogue"
    title = "数据目录"
    columns = (
        Column("code", "表", link=Link("gateway:table", "code"), mono=True),
        Column("name", "名称", wrap=True),
        Column("english", "英文名", mono=True),
        Column("endpoint", "接口", mono=True),
        Column("who", "填报方", text=lambda row: _WHO[row["who"]], needs=("who",), sort="who"),
        Number("fields", "字段", unit="个"),
        Number("required", "必填", unit="个"),
        Column("keys", "主键", wrap=True),
        Number("lists", "代码表", unit="张", hidden=True),
    )
    filters = (
        Search("code", "name", "english", "endpoint", "ids", label="表或字段"),
        Choice("who", "填报方", choices=tuple(_WHO.items())),
    )
    default_sort = "code"
    page_size = 50
    empty = Empty("没有数据表")

    def rows(self, request: HttpRequest) -> Rows:
        """All that are declared."""
        return [
            {
                "code": spec.code, "name": spec.name, "english": spec.english,
                "endpoint": f"/api/v2022/{spec.endpoint}" if spec.endpoint else f"/api/v1/records/{spec.code}",
                "who": "bureau" if spec.bureau_only else "depot", "fields": len(spec.fields),
                "required": sum(field.required for field in spec.fields),
                "keys": "、".join(spec.by_attribute[name].name for name in spec.key),
                "lists": len({field.codes for field in spec.fields if field.codes}),
                "ids": " ".join(f"{field.id} {field.name}" for field in spec.fields),
            }
            for spec in tables().values()
        ]  # fmt: skip


class TablesPage(policy.Guarded, TablePage):
    """The list."""

    verb = "gateway.view"
    table = CatalogueTable
    crumbs = (HOME,)

    def context(self, table: Table) -> dict[str, str]:
        """Where it comes from."""
        count = sum(len(spec.fields) for spec in tables().values())
        where = f"《粮食购销领域监管信息化规范》{len(tables())} 张表、{count} 个字段"
        return {"subtitle": f"{where}；解码、校验、模板和本页都由同一份声明生成。"}


@dataclass(frozen=True)
class Described:
    """A field in words."""

    field: FieldSpec
    key: bool
    kind: str
    unit: str
    help: str
    codes: CodeList | None
    ref: str
    ref_url: str
    alias: str


def _kind(field: FieldSpec) -> str:
    name = _KINDS[field.kind]
    if field.kind == "string":
        return f"{name}，≤ {field.length}"
    return f"{name}({field.digits}, {field.scale})" if field.kind == "decimal" else name


# What stands in columns of its own.
_ELSEWHERE = ("必填", "选填", "最多", "数值", "整数", "单位", "代码表", "须为已上报")


def _demands(field: FieldSpec) -> str:
    """What is asked of a value besides its type, length, unit and code list."""
    said = "；".join(part for part in schema.help_text(field).split("；") if not part.startswith(_ELSEWHERE))
    several = field.codes and codes.several(field.codes, field.length)
    return "可填多个，以 # 分隔" if several and not said else said


def _described(spec: TableSpec) -> list[Described]:
    other = {id: alias for alias, id in aliases(spec).items()}
    found = []
    for field in spec.fields:
        target = tables().get((field.ref or "").partition(".")[0])
        found.append(Described(
            field, field.attribute in spec.key, _kind(field), units.name(field.unit), _demands(field),
            codes.code_list(field.codes) if field.codes else None, f"{target.code} {target.name}" if target else "",
            reverse("gateway:table", args=[target.code]) if target else "", other.get(field.id, ""),
        ))  # fmt: skip
    return found


@policy.page("gateway.view")
def table_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One table: its fields and its code lists."""
    spec = _spec(code)
    described = _described(spec)
    facts = [
        Fact("表", f"{spec.code} {spec.name}", note=spec.english),
        Fact("填报方", _WHO["bureau" if spec.bureau_only else "depot"]),
        Fact("主键", "、".join(f"{spec.by_attribute[a].name}({spec.by_attribute[a].id})" for a in spec.key), wide=True),
        Fact("单条接口", f"POST /api/v2022/{spec.endpoint}" if spec.endpoint else "", wide=True),
        Fact("批量接口", f"POST /api/v1/records/{spec.code}", wide=True, note="NDJSON，每次至多 10,000 行"),
    ]
    context = {
        "title": spec.name, "subtitle": f"{spec.code} · {len(spec.fields)} 个字段",
        "crumbs": [HOME, Crumb("数据目录", "/gateway/tables/")], "spec": spec, "facts": facts, "fields": described,
        "lists": list({each.codes.id: each.codes for each in described if each.codes}.values()),
        "fillable": spec in imports.allowed(policy.signed_in(request)),
    }  # fmt: skip
    return render(request, "gateway/table.html", context)


@policy.page("gateway.view")
def template(request: HttpRequest, code: str) -> HttpResponseBase:
    """The table's workbook to fill in."""
    spec = _spec(code)
    target = io.BytesIO()
    workbook.template(spec, target)
    return workbook_answer(target.getvalue(), f"{spec.code} {spec.name}.xlsx")


@policy.page("gateway.view")
def schema_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """The table's JSON Schema as a file."""
    spec = _spec(code)
    answer = JsonResponse(schema.json_schema(spec), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="{spec.code}-{spec.english}.schema.json"'
    return answer
