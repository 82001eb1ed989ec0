"""What changes a lot without a truck at the scale: transfer, gain and loss, nature. Tables 1207, 1209, 1210."""

from django.db import models

from canglin.standard.fields import Amount, Day, Moment, Text, Whole
from canglin.standard.tables import StandardTable
from canglin.stock.rules import changes


class BinTransfer(StandardTable):
    """倒仓信息: grain moved from one lot to another, in a depot (0 倒仓) or between depots (1 移库).

    Key: transfer number. The specification gives it 36 characters and composes 33 elsewhere, so it is taken as depots
    write it; a number another depot holds is refused. ``moved_kg`` is kg. Belongs to the depot it leaves.
    """

    transfer_no = Text("dcdh", "倒仓单号", 36, key=True)
    transfer_type = Text("dclx", "倒仓类型", 1, required=True, codes="dclx")
    plan_document_no = Text("dcjhwjbh", "倒仓计划文件编号", 32)
    notice_no = Text("tzdh", "通知单号", 32)
    from_depot_code = Text("dcdw", "倒出单位", 21, required=True, ref="1102.kqdm", identifier="depot")
    to_depot_code = Text("drdw", "倒入单位", 21, ref="1102.kqdm", identifier="depot")
    variety_code = Text("lspzdm", "粮食品种代码", 7, required=True, codes="food_variety")
    from_lot_code = Text("dchwdm", "倒出货位代码", 30, required=True, ref="1105.hwdm", identifier="lot")
    to_lot_code = Text("drhwdm", "倒入货位代码", 30, required=True, ref="1105.hwdm", identifier="lot")
    transferred_on = Day("dcrq", "倒仓日期", required=True)
    moved_kg = Amount("dcsl", "倒仓数量", 20, 6, required=True, unit="kg")
    packaging = Text("bzw", "包装物", 1, codes="bzw")
    bag_count = Whole("bzbjs", "标准包件数", unit="pcs")
    handling_crew = Text("zxzydw", "装卸作业单位", 256)

    class Standard:
        code, name, endpoint = "1207", "倒仓信息", "dcxx"
        rules = (changes.bin_transfer,)

    class Meta:
        verbose_name = verbose_name_plural = "倒仓信息"
        indexes = [models.Index(fields=["in_depot", "transferred_on"], name="bin_transfer_at")]


class GainLossSheet(StandardTable):
    """损溢单信息: gain or loss found when a lot was emptied.

    Key: sheet number (lot + yyyyMMdd + 3). All kg. The specification's text subtracts losses here while 1202 adds
    negative ones; the ledger subtracts ``net_gain_loss_kg`` (净重损溢数量): positive is loss.
    """

    sheet_no = Text("sydh", "损溢单号", 41, key=True, identifier="gain_loss_no")
    lot_code = Text("hwdm", "货位代码", 30, required=True, ref="1105.hwdm", identifier="lot")
    business_date = Day("ywrq", "业务日期", required=True)
    inbound_net_kg = Amount("rkjz", "入库净重", 20, 6, required=True, unit="kg")
    inbound_at = Moment("rksj", "入库时间", required=True)
    inbound_moisture_pct = Amount("rksf", "入库水分", 20, 6, unit="%")
    inbound_impurity_pct = Amount("rkzz", "入库杂质", 20, 6, unit="%")
    outbound_at = Moment("cksj", "出库时间", required=True)
    outbound_net_kg = Amount("ckjz", "出库净重", 20, 6, required=True, unit="kg")
    outbound_moisture_pct = Amount("cksf", "出库水分", 20, 6, unit="%")
    outbound_impurity_pct = Amount("ckzz", "出库杂质", 20, 6, unit="%")
    net_gain_loss_kg = Amount("jzsysl", "净重损溢数量", 20, 6, required=True, unit="kg")
    loss_before_sealing_kg = Amount("qzchwqsh", "其中：成货位前损耗", 20, 6, unit="kg")
    moisture_impurity_loss_kg = Amount("qzszkl", "其中水杂减量", 20, 6, unit="kg")
    natural_loss_quota_kg = Amount("qzzrshde", "其中：自然损耗定额", 20, 6, unit="kg")
    excess_loss_kg = Amount("chsl", "超耗数量", 20, 6, unit="kg")
    is_normal = Text("sysfzc", "损益是否正常", 1, required=True, codes="sysfzc")
    reason = Text("syyy", "损溢原因", 400)
    storage_reviewer = Text("ccshr", "仓储审核人", 64)
    quality_reviewer = Text("zjshr", "质检审核人", 64)
    statistics_reviewer = Text("tjshr", "统计审核人", 64)
    accounting_reviewer = Text("kjshr", "会计审核人", 64)
    leader_reviewer = Text("ldshr", "领导审核人", 64)
    note = Text("bz", "备注", 400)

    class Standard:
        code, name, endpoint = "1209", "损溢单信息", "syd"
        rules = (changes.gain_loss_sheet,)

    class Meta:
        verbose_name = verbose_name_plural = "损溢单信息"
        indexes = [models.Index(fields=["lot_code", "business_date"], name="gain_loss_sheet_at")]


class NatureChange(StandardTable):
    """性质转变单信息: grain of a lot that changed its nature (性质), such as from 市级储备 to 商品粮.

    Key: change number (lot + yyyyMMdd + 3). ``changed_kg`` of the ``stock_kg`` that lay there, kg.
    """

    change_no = Text("lsxzzbdh", "粮食性质转变单号", 41, key=True, identifier="nature_change_no")
    lot_code = Text("hwdm", "货位代码", 30, required=True, ref="1105.hwdm", identifier="lot")
    stock_kg = Amount("lssl", "粮食数量", 20, 6, required=True, unit="kg")
    changed_kg = Amount("hzsl", "划转数量", 20, 6, required=True, unit="kg")
    approval_document_no = Text("bzwh", "批准文号", 128)
    variety_code = Text("lspzdm", "粮食品种代码", 7, required=True, codes="food_variety")
    from_nature_code = Text("hzqlsxzdm", "划转前粮食性质代码", 3, required=True, codes="food_nature")
    to_nature_code = Text("hzhlsxzdm", "划转后粮食性质代码", 3, required=True, codes="food_nature")
    changed_on = Day("hzrq", "划转日期", required=True)
    storage_reviewer = Text("ccshr", "仓储审核人", 64)
    quality_reviewer = Text("zjshr", "质检审核人", 64)
    statistics_reviewer = Text("tjshr", "统计审核人", 64)
    accounting_reviewer = Text("kjshr", "会计审核人", 64)
    leader_reviewer = Text("ldshr", "领导审核人", 64)
    note = Text("bz", "备注", 400)

    class Standard:
        code, name, endpoint = "1210", "性质转变单信息", "xzzbd"
        rules = (changes.nature_change,)

    class Meta:
        verbose_name = verbose_name_plural = "性质转变单信息"
        indexes = [models.Index(fields=["lot_code", "changed_on"], name="nature_change_at")]
