"""Settlements of purchases and sales: tables 1204, 1206."""

from django.db import models

from canglin.standard.fields import Amount, Moment, Text
from canglin.standard.tables import StandardTable
from canglin.stock.rules import settlements


class InboundSettlement(StandardTable):
    """入库结算信息: what was paid for grain bought.

    Key: settlement number (depot + yyyyMMdd + 4). Price in 元/公斤, quantity in kg, amount in 元. One truck, one
    settlement: the settled quantity is the ticket's net weight.
    """

    settlement_no = Text("rkjsdh", "入库结算单号", 33, key=True, identifier="settlement_no")
    lot_code = Text("hwdm", "货位代码", 30, required=True, ref="1105.hwdm", identifier="lot")
    contract_no = Text("hth", "合同号", 64, ref="1201.hth")
    settled_kg = Amount("jssl", "结算数量", 20, 6, required=True, unit="kg")
    price_cny_per_kg = Amount("jsdj", "结算单价", 20, 6, required=True, unit="CNY/kg")
    amount_cny = Amount("jsje", "结算金额", 20, 6, required=True, unit="CNY")
    settled_at = Moment("jssj", "结算时间", required=True)
    payment_method = Text("jsfs", "结算方式", 1, required=True, codes="jsfs")
    payee = Text("skr", "收款人", 256, required=True)
    bank_type = Text("yhhbdm", "银行行别代码", 3, codes="bank_type")
    payee_id_card = Text("skrsfzh", "收款人身份证号", 18, identifier="id_card")
    bank_code = Text("khhh", "开户行号", 32)
    bank_name = Text("khhmc", "开户行名称", 128)
    account_no = Text("yhzh", "银行账号", 32)
    invoice_no = Text("fphm", "发票号码", 10)
    invoice_status = Text("fpzt", "发票状态", 1, codes="fpzt")
    payer = Text("fkdw", "付款单位", 256)

    class Standard:
        code, name, endpoint = "1204", "入库结算信息", "rkjsxx"
        rules = (settlements.settlement,)

    class Meta:
        verbose_name = verbose_name_plural = "入库结算信息"
        indexes = [models.Index(fields=["in_depot", "settled_at"], name="inbound_settlement_at")]


class OutboundSettlement(StandardTable):
    """出库结算信息: what was received for grain sold.

    Key: settlement number (depot + yyyyMMdd + 4), which is also the only field that names the depot. Price in
    元/公斤, quantity in kg, amount in 元.
    """

    settlement_no = Text("ckjsdh", "出库结算单号", 33, key=True, identifier="settlement_no")
    contract_no = Text("hth", "合同号", 64, required=True, ref="1201.hth")
    settled_kg = Amount("jssl", "结算数量", 20, 6, required=True, unit="kg")
    price_cny_per_kg = Amount("jsdj", "结算单价", 20, 6, required=True, unit="CNY/kg")
    amount_cny = Amount("jsje", "结算金额", 20, 6, required=True, unit="CNY")
    settled_at = Moment("jssj", "结算时间", required=True)
    payment_method = Text("jsfs", "结算方式", 1, required=True, codes="jsfs")
    payer = Text("fkr", "付款人", 256, required=True)
    bank_type = Text("yhhbdm", "银行行别代码", 3, codes="bank_type")
    bank_code = Text("khhh", "开户行号", 32)
    bank_name = Text("khhmc", "开户行名称", 128)
    account_no = Text("yhzh", "银行账号", 32)
    invoice_no = Text("fphm", "发票号码", 10)
    invoice_status = Text("fpzt", "发票状态", 1, codes="fpzt")

    class Standard:
        code, name, endpoint = "1206", "出库结算信息", "lsckjs"
        rules = (settlements.settlement,)

    class Meta:
        verbose_name = verbose_name_plural = "出库结算信息"
        indexes = [models.Index(fields=["in_depot", "settled_at"], name="outbound_settlement_at")]
