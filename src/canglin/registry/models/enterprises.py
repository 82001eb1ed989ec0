"""Enterprises, their credit and their staff: tables 1101, 1112, 1113."""

from django.db import models

from canglin.registry import rules
from canglin.standard.fields import Amount, Day, Text, Whole
from canglin.standard.tables import StandardTable


class Enterprise(StandardTable):
    """单位信息: an enterprise that keeps, trades or processes grain, as it registered itself.

    Key: the 18 characters of its 统一社会信用代码 (GB 32100). Capital and assets are in 万元 (10k CNY), not yuan. The
    code list prints enterprise types of one and of two digits (1, 11–19, 2 …) in a field of two.
    """

    enterprise_code = Text("dwdm", "单位代码", 18, key=True, identifier="uscc")
    enterprise_name = Text("dwmc", "单位名称", 256, required=True)
    enterprise_type = Text("dwlx", "单位类型", 2, required=True, codes="dwlx")
    registered_on = Day("zcrq", "注册日期", required=True)
    registered_capital_10k_cny = Amount("zczb", "注册资本", 20, 6, unit="10k CNY")
    total_assets_10k_cny = Amount("zcze", "资产总额", 20, 6, unit="10k CNY")
    legal_representative = Text("fddbr", "法定代表人", 100, required=True)
    legal_representative_id_card = Text("frsfzh", "法人身份证号", 18, required=True, identifier="id_card")
    legal_representative_phone = Text("frlxfs", "法人联系方式", 50)
    contact_person = Text("qylxr", "企业联系人", 100, required=True)
    office_phone = Text("bgdh", "办公电话", 50, required=True)
    registered_address = Text("zcdz", "注册地址", 512, required=True)
    email = Text("dzyx", "电子邮箱", 50)
    website = Text("qygfwzdz", "企业官方网站地址", 128)
    fax = Text("czhm", "传真号码", 32)
    postcode = Text("yzbm", "邮政编码", 6)
    region_code = Text("xzqhdm", "行政区划代码", 6, required=True, standard="GB/T 2260-2007", identifier="region")
    parent_name = Text("sjdwmc", "上级单位名称", 256)
    parent_code = Text("sjdwdm", "上级单位代码", 18, identifier="uscc")
    depot_count = Whole("kqs", "库区数", required=True)
    warehouse_count = Whole("cfs", "仓房数", required=True)
    tank_count = Whole("ygs", "油罐数", required=True)
    longitude = Amount("jd", "经度", 20, 6)
    latitude = Amount("wd", "纬度", 20, 6)

    class Standard:
        code, name, endpoint = "1101", "单位信息", "dwxx"
        rules = (rules.coordinates,)

    class Meta:
        verbose_name = verbose_name_plural = "单位信息"
        indexes = [models.Index(fields=["region_code"], name="enterprise_at")]


class Staff(StandardTable):
    """人员信息: a member of staff. Personal data: shown masked, used for nothing but supervision.

    Key: enterprise and 身份证 number. ``depot_code`` is empty for staff of the head office. ``hired_on`` and
    ``left_on`` are text in the specification (length 10), not dates.
    """

    enterprise_code = Text("dwdm", "单位代码", 18, key=True, ref="1101.dwdm", identifier="uscc")
    depot_code = Text("kqdm", "库区代码", 21, ref="1102.kqdm", identifier="depot")
    enterprise_name = Text("dwmc", "单位名称", 256, required=True)
    department = Text("lsbm", "隶属部门", 256, required=True)
    region_code = Text("xzqhdm", "行政区划代码", 6, required=True, standard="GB/T 2260-2007", identifier="region")
    name = Text("xm", "姓名", 32, required=True)
    sex = Text("xb", "性别", 1, required=True, codes="xb")
    id_card = Text("sfzhm", "身份证号码", 18, key=True, identifier="id_card")
    hired_on = Text("rzrq", "入职日期", 10, required=True)
    position_type = Text("gwxz", "岗位性质", 2, required=True, codes="gwxz")
    employment_status = Text("zgzt", "在岗状态", 2, required=True, codes="zgzt")
    left_on = Text("lzrq", "离职日期", 10)
    landline = Text("zjdh", "座机电话", 16)
    mobile = Text("yddh", "移动电话", 16)
    email = Text("dzyx", "电子邮箱", 32)
    ethnicity = Text("mz", "民族", 2, required=True, codes="mz")
    political_status = Text("zzmm", "政治面貌", 2, required=True, codes="zzmm")
    staff_category = Text("rylb", "人员类别", 4, codes="rylb")
    specialty = Text("zy", "专业", 128)
    top_qualification_on = Day("qdzgzchzyzgsj", "取得最高职称或职业资格时间")
    education = Text("xl", "学历", 1, required=True, codes="xl")
    job_title = Text("zw", "职务", 16)

    class Standard:
        code, name, endpoint = "1112", "人员信息", "ryxx"
        key = ("enterprise_code", "id_card")

    class Meta:
        verbose_name = verbose_name_plural = "人员信息"
        indexes = [models.Index(fields=["in_enterprise", "in_depot"], name="staff_at")]


class EnterpriseCredit(StandardTable):
    """企业信用信息: the credit level an enterprise was given for a year. Filled by the bureau.

    Key: enterprise and year.
    """

    enterprise_code = Text("dwdm", "单位代码", 18, key=True, ref="1101.dwdm", identifier="uscc")
    credit_level = Text("xydj", "信用等级", 6, required=True)
    assessed_year = Text("pdnf", "评定年份", 4, key=True)
    assessed_by = Text("pddw", "评定单位/机构名称", 64)

    class Standard:
        code, name, endpoint = "1113", "企业信用信息", ""

    class Meta:
        verbose_name = verbose_name_plural = "企业信用信息"
