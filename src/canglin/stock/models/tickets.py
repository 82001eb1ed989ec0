"""Weighing tickets (检斤单), in and out: tables 1202, 1205."""

from django.db import models

from canglin.standard.fields import Amount, Day, Moment, Text, Whole, Year
from canglin.standard.tables import StandardTable
from canglin.stock.rules import tickets


class InboundTicket(StandardTable):
    """入库信息: the ticket of one truck in: registered, weighed full, unloaded, weighed empty, out of the gate.

    Key: ticket number (``14`` + yyMMdd + 4, unique within a depot only) and lot. All weights kg. Deductions are
    negative and added: net = gross − tare + quality + cleaning + packaging + other + site. ``price_adjustment``
    (增扣价) carries the unit kg in the specification although it is a price: show it, never add it to a weight.
    ``settlement_no`` may be empty (settled by contract).
    """

    ticket_no = Text("rkywdh", "入库业务单号", 12, key=True, identifier="inbound_no")
    lot_code = Text("hwdm", "货位代码", 30, key=True, ref="1105.hwdm", identifier="lot")
    business_type = Text("ywlx", "业务类型", 1, codes="ywlxm")
    business_date = Day("ywrq", "业务日期", required=True)
    plan_line_no = Text("jhmxh", "计划明细号", 50, ref="1404.jhmxdh")
    contract_no = Text("hth", "合同号", 64)
    carrier = Text("cyr", "承运人", 64, required=True)
    carrier_phone = Text("lxdh", "联系电话", 32, required=True)
    carrier_id_card = Text("sfzh", "身份证号", 18, required=True, identifier="id_card")
    carrier_address = Text("xxdz", "详细地址", 256)
    transport = Text("ysgj", "运输工具", 1, required=True, codes="ysgj")
    plate_type = Text("cchlx", "车船号类型", 2, codes="cchlx")
    plate_no = Text("cch", "车船号", 32, required=True)
    trailer_plate_no = Text("gch", "挂车号", 7)
    loaded_at_place = Text("ldd", "装粮地点", 256)
    registered_at = Moment("djsj", "登记时间", required=True)
    registered_by = Text("djmgryxm", "登记门岗人员姓名", 64)
    variety_code = Text("lspzdm", "粮食品种代码", 7, required=True, codes="food_variety")
    nature_code = Text("lsxzdm", "粮食性质代码", 3, required=True, codes="food_nature")
    harvest_year = Year("shnd", "收获年度", required=True)
    origin_code = Text("cddm", "产地代码", 6, required=True, standard="LS/T 1713-2015", identifier="origin")
    weighing_type = Text("jjlx", "检斤类型", 1, required=True, codes="jjlx")
    gross_kg = Amount("mz", "毛重", 20, 6, required=True, unit="kg")
    gross_witness = Text("mzjby", "毛重监磅员", 64)
    gross_at = Moment("mzjlsj", "毛重计量时间", required=True)
    gross_weigher = Text("mzjly", "毛重计量员", 64)
    bin_attendant = Text("zcy", "值仓员", 64)
    tare_kg = Amount("pz", "皮重", 20, 6, required=True, unit="kg")
    tare_witness = Text("pzjby", "皮重监磅员", 64)
    tare_at = Moment("pzjlsj", "皮重计量时间", required=True)
    tare_weigher = Text("pzjly", "皮重计量员", 64)
    packaging = Text("bzw", "包装物", 1, codes="bzw")
    bag_kg = Amount("bzbdbz", "标准包单包重", 20, 6, unit="kg")
    bag_count = Whole("bzbjs", "标准包件数", unit="pcs")
    quality_deduction_kg = Amount("zjklxj", "质检扣量(小计)", 20, 6, required=True, unit="kg")
    moisture_deduction_kg = Amount("qzsfzkl", "其中：水分增扣量", 20, 6, unit="kg")
    impurity_deduction_kg = Amount("qzzzzkl", "其中：杂质增扣量", 20, 6, unit="kg")
    imperfect_kernel_deduction_kg = Amount("qzbwslkl", "其中：不完善粒扣量", 20, 6, unit="kg")
    mixture_deduction_kg = Amount("qzhhkl", "其中：互混扣量", 20, 6, unit="kg")
    mould_deduction_kg = Amount("qzsmlkl", "其中：生霉粒扣量", 20, 6, unit="kg")
    head_rice_deduction_kg = Amount("qzzjmlkl", "其中：整精米粒扣量", 20, 6, unit="kg")
    brown_rice_deduction_kg = Amount("qzgwcmkl", "其中：谷外糙米扣量", 20, 6, unit="kg")
    yellow_kernel_deduction_kg = Amount("qzhlmkl", "其中：黄粒米扣量", 20, 6, unit="kg")
    other_quality_deduction_kg = Amount("qzqtkl", "其中：其他扣量", 20, 6, unit="kg")
    cleaning_deduction_kg = Amount("zlfyzkl", "整理费用折扣量", 20, 6, unit="kg")
    packaging_deduction_kg = Amount("bzwkl", "包装物扣量", 20, 6, unit="kg")
    other_deduction_kg = Amount("qtkl", "其他扣量", 20, 6, unit="kg")
    deduction_reason = Text("klyy", "扣量原因", 512)
    site_deduction_kg = Amount("xckl", "现场扣量", 20, 6, unit="kg")
    price_adjustment = Amount("zkj", "增扣价", 20, 6, unit="kg")
    price_adjustment_reason = Text("zkhyy", "增扣价原因", 512)
    net_kg = Amount("jz", "净重", 20, 6, required=True, unit="kg")
    handling_crew = Text("zxzydw", "装卸作业单位", 256)
    gate_out_at = Moment("cmsj", "出门时间", required=True)
    gate_out_by = Text("cmqrmgryxm", "出门确认门岗人员姓名", 64)
    settlement_no = Text("rkjsdh", "入库结算单号", 33, ref="1204.rkjsdh", identifier="settlement_no")
    note = Text("bz", "备注", 400)

    class Standard:
        code, name, endpoint = "1202", "入库信息", "lsrkxx"
        rules = (tickets.inbound_ticket,)

    class Meta:
        verbose_name = verbose_name_plural = "入库信息"
        indexes = [
            models.Index(fields=["in_depot", "business_date"], name="inbound_ticket_place"),
            models.Index(fields=["lot_code", "gate_out_at"], name="inbound_ticket_lot"),
        ]


class OutboundTicket(StandardTable):
    """粮食出库信息: the ticket of one truck out: registered, weighed empty, loaded, weighed full, out of the gate.

    Key: ticket number (``15`` + yyMMdd + 4, unique within a depot only) and lot. All weights kg. ``adjustment_kg`` is
    signed; the specification does not say how it enters the net weight. ``settlement_no`` may be empty (settled by
    contract).
    """

    ticket_no = Text("ckywdh", "出库业务单号", 12, key=True, identifier="outbound_no")
    lot_code = Text("hwdm", "货位代码", 30, key=True, ref="1105.hwdm", identifier="lot")
    release_notice_no = Text("cktzdh", "出库通知单号", 32, required=True)
    business_type = Text("ywlx", "业务类型", 1, required=True, codes="ywlxm")
    business_date = Day("ywrq", "业务日期", required=True)
    contract_no = Text("hth", "合同号", 64, ref="1201.hth")
    carrier = Text("cyr", "承运人", 64)
    carrier_phone = Text("lxdh", "联系电话", 32)
    carrier_id_card = Text("sfzh", "身份证号", 18, identifier="id_card")
    transport = Text("ysgj", "运输工具", 1, required=True, codes="ysgj")
    unloaded_at_place = Text("xldd", "卸粮地点", 256)
    plate_type = Text("cchlx", "车船号类型", 2, codes="cchlx")
    plate_no = Text("cch", "车船号", 32, required=True)
    trailer_plate_no = Text("gch", "挂车号", 7)
    registered_at = Moment("djsj", "登记时间", required=True)
    registered_by = Text("djmgryxm", "登记门岗人员姓名", 64)
    variety_code = Text("lspzdm", "粮食品种代码", 7, required=True, codes="food_variety")
    grade_code = Text("lsdjdm", "粮食等级代码", 2, required=True, codes="food_grade")
    nature_code = Text("lsxzdm", "粮食性质代码", 3, required=True, codes="food_nature")
    harvest_year = Year("shnd", "收获年度", required=True)
    origin_code = Text("cddm", "产地代码", 6, required=True, standard="LS/T 1713-2015", identifier="origin")
    tare_kg = Amount("pz", "皮重", 20, 6, required=True, unit="kg")
    tare_witness = Text("pzjby", "皮重监磅员", 64)
    tare_at = Moment("pzjlsj", "皮重计量时间", required=True)
    tare_weigher = Text("pzjly", "皮重计量员", 64)
    gross_kg = Amount("mz", "毛重", 20, 6, required=True, unit="kg")
    gross_witness = Text("mzjby", "毛重监磅员", 64)
    gross_at = Moment("mzjlsj", "毛重计量时间", required=True)
    gross_weigher = Text("mzjly", "毛重计量员", 64)
    packaging = Text("bzw", "包装物", 1, codes="bzw")
    bag_kg = Amount("bzbdbz", "标准包单包重", 20, 6, unit="kg")
    bag_count = Whole("bzbjs", "标准包件数", unit="pcs")
    net_kg = Amount("jz", "净重", 20, 6, required=True, unit="kg")
    adjustment_kg = Amount("kzl", "扣(增)量", 20, 6, unit="kg")
    bin_attendant = Text("zcbgyxm", "值仓保管员姓名", 256)
    handling_crew = Text("zxzydw", "装卸作业单位", 256)
    gate_out_at = Moment("cmsj", "出门时间", required=True)
    gate_out_by = Text("cmqrmgryxm", "出门确认门岗人员姓名", 64)
    settlement_no = Text("ckjsdh", "出库结算单号", 33, standard="LS/T 1805-2016", identifier="settlement_no")
    note = Text("bz", "备注", 400)

    class Standard:
        code, name, endpoint = "1205", "粮食出库信息", "lsckxx"
        rules = (tickets.outbound_ticket,)

    class Meta:
        verbose_name = verbose_name_plural = "粮食出库信息"
        indexes = [
            models.Index(fields=["in_depot", "business_date"], name="outbound_ticket_place"),
            models.Index(fields=["lot_code", "gate_out_at"], name="outbound_ticket_lot"),
        ]
