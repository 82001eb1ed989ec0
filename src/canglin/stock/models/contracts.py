"""Contracts and customers: tables 1201, 1212."""

from django.db import models

from canglin.standard.fields import Amount, Day, Moment, Text
from canglin.standard.tables import StandardTable


class Contract(StandardTable):
    """合同信息: a contract to buy (2), sell (1) or store on behalf (3).

    Key: contract number and enterprise. Prices are 元/吨 here and 元/公斤 in the settlements (1204, 1206): never
    compare without ×1000. Quantities are kg. ``customer_code`` is filled for enterprises, ``customer_id_card`` for
    persons.
    """

    contract_no = Text("hth", "合同号", 64, key=True)
    contract_name = Text("htmc", "合同名称", 128, required=True)
    enterprise_code = Text("dwdm", "单位代码", 18, key=True, ref="1101.dwdm", identifier="uscc")
    contract_type = Text("ywlx", "业务类别", 1, required=True, codes="ywlx")
    customer_type = Text("khlx", "客户类型", 1, required=True, codes="khlx")
    customer_code = Text("khtyshxydm", "客户统一社会信用代码", 18, identifier="uscc")
    customer_name = Text("khmc", "客户名称", 256, required=True)
    legal_representative = Text("fddbr", "法定代表人", 64)
    postal_address = Text("txdz", "通讯地址", 512)
    postcode = Text("yzbm", "邮政编码", 6)
    contact_person = Text("lxrxm", "联系人姓名", 64)
    contact_phone = Text("lxrdh", "联系电话", 20)
    customer_id_card = Text("sfzh", "身份证号", 18, identifier="id_card")
    email = Text("dzyx", "电子信箱", 64)
    signed_on = Day("qdrq", "签订日期", required=True)
    agreed_completion_on = Day("ydwcsj", "约定完成时间")
    signed_at_place = Text("qddd", "签订地点", 512)
    variety_code = Text("lspzdm", "粮食品种代码", 7, required=True, codes="food_variety")
    nature_code = Text("lsxzdm", "粮食性质代码", 3, required=True, codes="food_nature")
    contract_price_cny_per_t = Amount("htdj", "合同单价", 20, 6, required=True, unit="CNY/t")
    agreed_kg = Amount("ydgxlssl", "约定购销粮食数量", 20, 6, required=True, unit="kg")
    contract_amount_cny = Amount("htzje", "合同总金额", 20, 6, required=True, unit="CNY")
    deposit_cny = Amount("lybzj", "履约保证金", 20, 6, unit="CNY")
    actual_completion_on = Day("sswcsj", "实际完成时间")
    fulfilled_kg = Amount("lysl", "履约数量", 20, 6, unit="kg", alias="Lysl")
    fulfilled_pct = Amount("lyl", "履约率", 20, 6, unit="%", alias="Lyl")
    settled_price_cny_per_t = Amount("jsjg", "结算价格", 20, 6, unit="CNY/t", alias="Jsjg")
    settled_amount_cny = Amount("jszje", "结算总金额", 20, 6, unit="CNY", alias="Jszje")
    settlement_matches = Text("jsyhtyzx", "结算与合同一致性", 1, codes="jsyhtyzx")
    settlement_mismatch_reason = Text("jsyhtbyzyy", "结算与合同不一致原因", 512)
    customer_bank = Text("khfkhh", "客户方开户行", 3, codes="bank_type")
    customer_account_no = Text("khfzh", "客户方账号", 30)
    customer_signatory = Text("khqyr", "客户签约人", 64)
    own_bank = Text("bfkhh", "本方开户行", 3, required=True, codes="bank_type")
    own_account_no = Text("bfzh", "本方账号", 30, required=True)
    own_signatory = Text("bfqyr", "本方签约人", 64)
    approved_by = Text("shr", "审批人", 64, alias="spr")
    approved_at = Moment("shsj", "审批时间")
    completed_on = Day("wcrq", "完成日期")

    class Standard:
        code, name, endpoint = "1201", "合同信息", "htxx"

    class Meta:
        verbose_name = verbose_name_plural = "合同信息"
        indexes = [models.Index(fields=["in_enterprise", "signed_on"], name="contract_at")]


class Customer(StandardTable):
    """客户信息: who an enterprise buys from or sells to.

    Key: enterprise and the customer's 统一社会信用代码 or 身份证 number. Persons' data are shown masked.
    """

    enterprise_code = Text("dwdm", "单位代码", 18, key=True, ref="1101.dwdm", identifier="uscc")
    enterprise_name = Text("dwmc", "单位名称", 256, required=True)
    depot_code = Text("kqdm", "库区代码", 21, ref="1102.kqdm", identifier="depot")
    depot_name = Text("kqmc", "库区名称", 256)
    customer_type = Text("khlx", "客户类型", 1, required=True, codes="khlx")
    customer_code = Text("khtyshxydmhsfzh", "客户统一社会信用代码或身份证号", 18, key=True,
                         identifier="uscc_or_id_card")
    customer_name = Text("khmc", "客户名称", 256, required=True)
    legal_representative = Text("fddbr", "法定代表人", 64)
    postal_address = Text("txdz", "通讯地址", 512)
    postcode = Text("yzbm", "邮政编码", 6)
    contact_person = Text("lxrxm", "联系人姓名", 64)
    contact_phone = Text("lxrdh", "联系电话", 20)
    contact_id_card = Text("lxrsfzh", "联系人身份证号", 18, identifier="id_card")
    email = Text("dzyx", "电子信箱", 64)
    customer_bank = Text("khfkhh", "客户方开户行", 3, codes="bank_type")
    customer_account_no = Text("khfzh", "客户方账号", 30)

    class Standard:
        code, name, endpoint = "1212", "客户信息", "khxx"

    class Meta:
        verbose_name = verbose_name_plural = "客户信息"
        indexes = [models.Index(fields=["in_enterprise"], name="customer_at")]
