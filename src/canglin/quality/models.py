"""Tests of grain: at the gate (1203) and of what is stored (1310)."""

from django.db import models

from canglin.quality import rules
from canglin.standard.fields import Amount, Day, Moment, Text
from canglin.standard.tables import StandardTable


class InboundInspection(StandardTable):
    """入库检验信息: the test of one truck's grain at the gate.

    Key: inspection number and lot. ``test_items``, ``test_values``, ``price_adjustments_cny`` (CNY) and
    ``deductions_kg`` (kg) are lists of equal length, one part an item.
    """

    inspection_no = Text("rkjydh", "入库检验单号", 12, key=True)
    lot_code = Text("hwdm", "货位代码", 30, key=True, ref="1105.hwdm", identifier="lot")
    ticket_no = Text("rkywdh", "入库业务单号", 12, required=True, ref="1202.rkywdh", identifier="inbound_no")
    sampled_at = Moment("qysj", "扦样时间", required=True)
    sampled_by = Text("qyrxm", "扦样人姓名", 64, required=True)
    sampling_method = Text("qyfs", "扦样方式", 1, required=True, codes="qyfs")
    test_items = Text("jyxm", "检验项目", 1024, required=True, codes="jyxm")
    test_values = Text("jyz", "检验值", 1024, required=True)
    price_adjustments_cny = Text("zkj", "增扣价", 1024, required=True, unit="CNY")
    deductions_kg = Text("zkl", "增扣量", 1024, required=True, unit="kg")
    tested_by = Text("jyrxm", "检验人姓名", 64, required=True)
    tested_at = Moment("jysj", "检验时间", required=True)
    verdict = Text("jyjg", "检验结果", 1, required=True, codes="jyjg")
    variety_code = Text("lspzdm", "粮食品种代码", 7, required=True, codes="food_variety")
    grade_code = Text("lsdd", "粮食定等", 2, required=True, codes="food_grade")
    keeper_confirmed = Text("bgyfh", "保管员复核", 1, codes="bgyfh")

    class Standard:
        code, name, endpoint = "1203", "入库检验信息", "rkjyxx"
        rules = (rules.inbound_inspection,)

    class Meta:
        verbose_name = verbose_name_plural = "入库检验信息"
        indexes = [models.Index(fields=["in_depot", "ticket_no"], name="inbound_inspection_at")]


class QualityReport(StandardTable):
    """质检数据: a laboratory's report on the grain of a lot.

    Key: report number (category 2 + yyyyMMdd + 4) and lot. ``index_categories`` and ``verdicts`` hold as many ``#``
    parts as each other. Sample and represented quantity are kg.
    """

    report_no = Text("zjbgdh", "质检报告单号", 14, key=True, identifier="quality_report_no")
    lot_code = Text("hwdm", "货位代码", 30, key=True, ref="1105.hwdm", identifier="lot")
    variety_code = Text("lspzdm", "粮食品种代码", 7, required=True, codes="food_variety")
    grade_code = Text("lsdjdm", "粮食等级代码", 2, required=True, codes="food_grade")
    inbound_date = Day("rkrq", "入库日期")
    inspection_type = Text("jylb", "检验类别", 2, required=True, codes="jylb")
    tested_at = Moment("jysj", "检验时间")
    tested_by_unit = Text("jydw", "检验单位", 128, required=True)
    tested_by = Text("jyr", "检验人", 128)
    test_basis = Text("jyyj", "检验依据", 1, required=True, codes="jyyj")
    index_categories = Text("zblb", "指标类别", 8, required=True, codes="zblb")
    test_items = Text("jyxm", "检验项目", 1000, required=True, codes="jyxm")
    test_values = Text("jyxmz", "检验项目值", 1000, required=True)
    verdicts = Text("zbjgpd", "指标结果判定", 128, required=True)
    issued_on = Day("qfrq", "签发日期")
    reported_at = Moment("bgcjsj", "报告出具时间")
    reviewed_by = Text("shrxm", "审核人姓名", 64, required=True)
    sampling_sheet_no = Text("qydbh", "扦样单编号", 64)
    sampled_at = Moment("qysj", "扦样时间", required=True)
    sampled_area = Text("qyqy", "扦样区域", 64)
    sampled_by = Text("qyrxm", "扦样人姓名", 64, required=True)
    supervised_by = Text("jdrxm", "监督人姓名", 64)
    sample_no = Text("ypbh", "样品编号", 64)
    sample_kg = Amount("ypsl", "样品数量", 20, 6, required=True, unit="kg")
    represented_kg = Amount("dbsl", "代表数量", 20, 6, required=True, unit="kg")
    sample_grade_code = Text("ypdj", "样品等级", 2, required=True, codes="food_grade")
    is_within_storage_life = Text("sfzcccnx", "是否正常存储年限", 1, required=True, codes="sfzcccnx")
    note = Text("bz", "备注", 400)

    class Standard:
        code, name, endpoint = "1310", "质检数据", "zjsj"
        rules = (rules.quality_report,)

    class Meta:
        verbose_name = verbose_name_plural = "质检数据"
        indexes = [models.Index(fields=["lot_code", "sampled_at"], name="quality_report_at")]
