"""Grain condition: temperature and humidity, pests, gas. Tables 1302–1304."""

from django.db import models

from canglin.standard.fields import Amount, Moment, Text
from canglin.standard.tables import StandardTable
from canglin.storage.rules import condition


class GrainConditionScan(StandardTable):
    """粮情温湿度监测: one scan of a lot's temperature and humidity cables.

    Key: scan number (lot + yyyyMMdd + 4). ``temperatures_c`` (℃) and ``humidities_pct`` (%) are sets
    ``value,layer,row,column|…``, in silos ``value,ring,point,layer``. A dead sensor reads −100 (temperature) or −1
    (humidity) and is left out of minimum, mean and maximum.
    """

    scan_no = Text("wsdjcdh", "温湿度检测单号", 42, key=True, identifier="scan_no")
    measured_at = Moment("jcsj", "检测时间", required=True)
    lot_code = Text("hwdm", "货位代码", 30, required=True, ref="1105.hwdm", identifier="lot")
    outdoor_c = Amount("cfww", "仓房外温", 20, 6, unit="℃")
    outdoor_rh_pct = Amount("cfws", "仓房外湿", 20, 6, unit="%")
    headspace_c = Amount("cfnw", "仓房内温", 20, 6, unit="℃")
    headspace_rh_pct = Amount("cfns", "仓房内湿", 20, 6, unit="%")
    max_c = Amount("lszgw", "粮食最高温", 20, 6, unit="℃")
    min_c = Amount("lszdw", "粮食最低温", 20, 6, unit="℃")
    mean_c = Amount("lspjw", "粮食平均温", 20, 6, unit="℃")
    temperatures_c = Text("lswdzjh", "粮食温度值集合", 8000, required=True, unit="℃", standard="LS/T 1811-2017")
    humidities_pct = Text("lssdzjh", "粮食湿度值集合", 8000, unit="%")

    class Standard:
        code, name, endpoint = "1302", "粮情温湿度监测", "wsdjc"
        rules = (condition.grain_condition_scan,)

    class Meta:
        verbose_name = verbose_name_plural = "粮情温湿度监测"
        indexes = [models.Index(fields=["lot_code", "measured_at"], name="grain_condition_scan_at")]


class PestInspection(StandardTable):
    """害虫检测: one count of insects in a lot.

    Key: inspection number (lot + yyyyMMdd + 4). Densities are heads per kg. Pest codes follow LS/T 1709-2018,
    infestation 531–534 LS/T 1707.2-2017. ``found_at_m`` says the place in the heap, in m.
    """

    pest_inspection_no = Text("hcjcdh", "害虫检测单号", 42, key=True, identifier="scan_no")
    measured_at = Moment("jcsj", "检测时间", required=True)
    lot_code = Text("hwdm", "货位代码", 30, required=True, ref="1105.hwdm", identifier="lot")
    detection_method = Text("jchcff", "检查害虫方法", 1, required=True, codes="jchcff")
    found_at_m = Text("fsbw", "发生部位", 128, unit="m")
    pest_species = Text("hczl", "害虫种类", 128, required=True, codes="hczl")
    densities_per_kg = Text("ckmdzjh", "虫口密度值集合", 8000, required=True, unit="heads/kg")
    infestation_grade = Text("cldjpd", "虫粮等级判定", 3, required=True, codes="cldjpd")
    resistance = Text("hckyxfx", "害虫抗药性分析", 128)

    class Standard:
        code, name, endpoint = "1303", "害虫检测", "hcjc"

    class Meta:
        verbose_name = verbose_name_plural = "害虫检测"
        indexes = [models.Index(fields=["lot_code", "measured_at"], name="pest_inspection_at")]


class GasReading(StandardTable):
    """气体检测: gas concentrations measured in a lot.

    Key: reading number (lot + yyyyMMdd + 4). Oxygen, carbon dioxide and monoxide, nitric oxide in %; phosphine and
    sulfuryl fluoride in mL/m³.
    """

    reading_no = Text("qtndjcdh", "气体浓度检测单号", 42, key=True, identifier="scan_no")
    measured_at = Moment("jcsj", "检测时间", required=True)
    lot_code = Text("hwdm", "货位代码", 30, required=True, ref="1105.hwdm", identifier="lot")
    oxygen_pct = Text("yqhlzjh", "氧气含量值集合", 8000, unit="%")
    carbon_dioxide_pct = Text("eyhthlzjh", "二氧化碳含量值集合", 8000, required=True, unit="%")
    sulfuryl_fluoride_ml_per_m3 = Text("lxfndzjh", "硫酰氟浓度值集合", 8000, unit="mL/m³")
    phosphine_ml_per_m3 = Text("lhqndzjh", "磷化氢浓度值集合", 8000, required=True, unit="mL/m³")
    nitric_oxide_pct = Text("yyhdhlzjh", "一氧化氮含量值集合", 8000, unit="%")
    carbon_monoxide_pct = Text("yyhthlzjh", "一氧化碳含量值集合", 8000, unit="%")
    work_type = Text("zylx", "作业类型", 1, codes="zylx")

    class Standard:
        code, name, endpoint = "1304", "气体检测", "qtjc"

    class Meta:
        verbose_name = verbose_name_plural = "气体检测"
        indexes = [models.Index(fields=["lot_code", "measured_at"], name="gas_reading_at")]
