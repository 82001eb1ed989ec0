"""Reserve scale, plans, rotation and building projects: tables 1401–1405, filled by the bureau."""

from django.db import models

from canglin.plans import rules
from canglin.standard.fields import Amount, Day, Text
from canglin.standard.tables import StandardTable


class ReserveScale(StandardTable):
    """储备规模: how much an enterprise is to hold in reserve in a year, by variety and nature.

    Key: year, enterprise, variety and nature. Tonnes (t), while stock is kg.
    """

    year = Text("nf", "年份", 4, key=True)
    region_code = Text("xzqhdm", "行政区划代码", 6, identifier="region")
    enterprise_code = Text("ccqy", "承储企业", 18, key=True, ref="1101.dwdm", identifier="uscc")
    variety_code = Text("ylpz", "粮食品种代码", 7, key=True, codes="food_variety")
    nature_code = Text("ylxz", "粮食性质代码", 3, key=True, codes="food_nature")
    planned_t = Amount("ylcbgmjhsl", "储备规模计划数量", 20, 6, unit="t")
    plan_document_no = Text("cbgmjhwh", "储备规模计划文号", 128)
    note = Text("bz", "备注", 256)

    class Standard:
        code, name, endpoint = "1401", "储备规模", ""

    class Meta:
        verbose_name = verbose_name_plural = "储备规模"
        indexes = [models.Index(fields=["in_enterprise", "year"], name="reserve_scale_at")]


class ReservePlan(StandardTable):
    """储备计划信息: a plan of reserve, as the bureau issued it. Tonnes (t).

    Key: plan number.
    """

    plan_no = Text("jhdh", "计划单号", 21, key=True)
    plan_document_no = Text("jhwh", "计划文号", 128)
    plan_name = Text("jhmc", "计划名称", 256)
    plan_year = Text("jhnd", "计划年度", 4)
    issued_by = Text("jhzddw", "制定计划单位", 128)
    issued_on = Day("jhxdsj", "计划下达时间")
    variety_code = Text("lspzdm", "粮食品种代码", 7, codes="food_variety")
    grade_code = Text("lsdjdm", "粮食等级代码", 2, codes="food_grade")
    nature_code = Text("lsxzdm", "粮食性质代码", 3, codes="food_nature")
    planned_t = Amount("sl", "数量", 20, 6, unit="t")

    class Standard:
        code, name, endpoint = "1402", "储备计划信息", ""

    class Meta:
        verbose_name = verbose_name_plural = "储备计划信息"


class RotationPlan(StandardTable):
    """轮换计划信息: a plan of rotation (轮换): who issued it and between which days it is to be carried out.

    Key: plan number. Its lines are 1404.
    """

    plan_no = Text("lhjhdh", "轮换计划单号", 25, key=True)
    plan_document_no = Text("jhwh", "计划文号", 64)
    plan_name = Text("jhmc", "计划名称", 256)
    plan_year = Text("jhnd", "计划年度", 4, required=True)
    starts_on = Day("kszxrq", "开始执行日期", required=True)
    ends_on = Day("jzzxrq", "截止执行日期", required=True)
    issued_by_code = Text("jhxddw", "计划下达单位", 18, required=True)
    issued_by = Text("jhxddwmc", "计划下达单位名称", 256)
    issued_on = Day("jhxdsj", "计划下达时间", required=True)

    class Standard:
        code, name, endpoint = "1403", "轮换计划信息", ""
        rules = (rules.rotation_plan,)

    class Meta:
        verbose_name = verbose_name_plural = "轮换计划信息"


class RotationPlanLine(StandardTable):
    """轮换计划明细信息: one lot's part of a rotation plan: in (1), out (2) or both (3). Tonnes (t).

    Key: line number. Tickets name it as their plan line.
    """

    line_no = Text("jhmxdh", "计划明细单号", 50, key=True)
    plan_no = Text("lhjhdh", "轮换计划单号", 25, required=True, ref="1403.lhjhdh")
    variety_code = Text("lspzdm", "粮食品种代码", 7, required=True, codes="food_variety")
    grade_code = Text("lsdjdm", "粮食等级代码", 2, codes="food_grade")
    nature_code = Text("lsxzdm", "粮食性质代码", 3, required=True, codes="food_nature")
    harvest_year = Text("shnd", "收获年度", 4, required=True)
    lot_code = Text("lhhwdm", "轮换货位代码", 30, required=True, ref="1105.hwdm", identifier="lot")
    planned_t = Amount("lhsl", "轮换数量", 20, 6, required=True, unit="t")
    rotation_type = Text("lhlx", "轮换类型", 1, required=True, codes="lhlx")

    class Standard:
        code, name, endpoint = "1404", "轮换计划明细信息", ""

    class Meta:
        verbose_name = verbose_name_plural = "轮换计划明细信息"
        indexes = [models.Index(fields=["plan_no"], name="rotation_plan_line_at")]


class ConstructionProject(StandardTable):
    """项目信息: a building project at a depot. All money in 万元 (10k CNY).

    Key: project code.
    """

    project_code = Text("xmdm", "项目代码", 64, key=True)
    project_name = Text("xmmc", "项目名称", 128, required=True)
    region_code = Text("xzqhdm", "行政区划代码", 6, required=True, identifier="region")
    year = Text("nf", "年份", 4, required=True)
    project_type = Text("xmlx", "项目类型", 1, required=True, codes="xmlx")
    scope = Text("jsnr", "建设内容及规模", 1024, required=True)
    planned_start_on = Day("nkgsj", "拟开工时间", required=True)
    planned_completion_on = Day("njcsj", "拟建成时间", required=True)
    construction_status = Text("jszt", "建设状态", 1, codes="jszt")
    applied_on = Day("sbrq", "申报日期", required=True)
    approval_document_no = Text("spwh", "审批文号", 128)
    enterprise_code = Text("xmdw", "项目单位", 18, required=True, ref="1101.dwdm", identifier="uscc")
    legal_representative_id_type = Text("fddbrzzlx", "法定代表人证照类型", 2, required=True, codes="fddbrzzlx")
    legal_representative_id_no = Text("fddbrzzhm", "法定代表人证照号码", 32, required=True)
    contact_person = Text("lxr", "联系人", 16, required=True)
    contact_phone = Text("lxfs", "联系方式", 16)
    email = Text("dzyx", "电子邮箱", 32, required=True)
    place = Text("jsdd", "建设地点", 128, required=True)
    total_investment_10k_cny = Amount("ztz", "总投资", 20, 6, required=True, unit="10k CNY")
    fixed_assets_10k_cny = Amount("gdzctz", "固定资产投资", 20, 6, required=True, unit="10k CNY")
    central_funds_10k_cny = Amount("zyczzj", "中央财政资金", 20, 6, required=True, unit="10k CNY")
    provincial_funds_10k_cny = Amount("sczzj", "省财政资金", 20, 6, required=True, unit="10k CNY")
    city_funds_10k_cny = Amount("sczzj01", "市财政资金", 20, 6, required=True, unit="10k CNY")
    bank_loans_10k_cny = Amount("yhdk", "银行贷款", 20, 6, required=True, unit="10k CNY")
    securities_10k_cny = Amount("gpzq", "股票债券", 20, 6, required=True, unit="10k CNY")
    other_funds_10k_cny = Amount("qtzj", "其他资金", 20, 6, required=True, unit="10k CNY")
    longitude = Amount("xmdzjd", "项目地址经度", 20, 6, required=True)
    latitude = Amount("zmdzwd", "项目地址纬度", 20, 6, required=True)

    class Standard:
        code, name, endpoint = "1405", "项目信息", ""
        rules = (rules.project,)

    class Meta:
        verbose_name = verbose_name_plural = "项目信息"
        indexes = [models.Index(fields=["in_enterprise"], name="construction_project_at")]
