"""Ventilation and fumigation: tables 1305, 1306."""

from django.db import models

from canglin.standard.fields import Amount, Day, Text, Whole
from canglin.standard.tables import StandardTable
from canglin.storage.rules import jobs


class VentilationJob(StandardTable):
    """通风作业: a ventilation of a warehouse or tank, from its fans to what it did to temperature and moisture.

    Key: job number (lot + yyyyMMdd + 3). ``warehouse_code`` names a warehouse (1103) or a tank (1106).
    ``energy_used_kwh`` (总耗电量) carries the unit kW in the specification, which can only be kW·h.
    """

    job_no = Text("tfzydh", "通风作业单号", 41, key=True, identifier="ventilation_no")
    ventilated_on = Day("tfrq", "通风日期", required=True)
    warehouse_code = Text("cfdm", "仓房代码", 25, required=True, ref="1103.cfdm", identifier="warehouse")
    purpose = Text("tfmd", "通风目的", 128, required=True, codes="tfmd")
    porosity_pct = Amount("ldkxd", "粮堆孔隙度", 10, 3, unit="%")
    ventilation_type = Text("tflx", "通风类型", 1, required=True, codes="tflx")
    duct_type = Text("fdxs", "风道型式", 1, codes="fdxs")
    duct_layout = Text("fwszfs", "风网设置方式", 64)
    main_duct_section_m2 = Amount("zfdjmj", "主风道截面积", 10, 3, unit="m²")
    branch_duct_section_m2 = Amount("zhfdjmj", "支风道截面积", 10, 3, unit="m²")
    branch_duct_length_m = Amount("zfdzcd", "支风道总长度", 20, 3, unit="m")
    duct_open_area_pct = Amount("fwkkl", "风网开孔率", 10, 3, unit="%")
    air_path_ratio_pct = Amount("kqtjb", "空气途径比", 10, 3, unit="%")
    vent_count = Whole("tfkszgs", "通风口设置个数", unit="pcs")
    fan_model = Text("tfjxh", "通风机型号", 128)
    fan_count = Whole("tfjts", "通风机台数", unit="pcs")
    fan_rated_pressure_kpa = Amount("dtfjedqy", "单台风机额定全压", 10, 3, unit="kPa")
    fan_rated_flow_m3_per_h = Amount("dtfjedfl", "单台风机额定风量", 10, 3, unit="m³/h")
    fan_rated_power_kw = Amount("dtfjedgl", "单台风机额定功率", 10, 3, unit="kW")
    air_supply = Text("sffs", "送风方式", 1, required=True, codes="sffs")
    fan_measured_flow_m3_per_h = Amount("dtfjscfl", "单台风机实测风量", 10, 3, unit="m³/h")
    fan_shaft_power_kw = Amount("dtfjzgl", "单台风机轴功率", 10, 3, unit="kW")
    total_flow_m3_per_h = Amount("zfl", "总风量", 10, 3, unit="m³/h")
    flow_m3_per_h_t = Amount("dwtfl", "单位通风量", 10, 3, unit="m³/(h·t)")
    system_resistance_kpa = Amount("scxtzl", "实测系统阻力", 10, 3, unit="kPa")
    energy_used_kwh = Amount("zhdl", "总耗电量", 10, 3, unit="kW")
    outdoor_c = Amount("zysqw", "作业时气温", 10, 3, unit="℃")
    outdoor_rh_pct = Amount("zysqs", "作业时气湿", 10, 3, unit="%")
    duration_h = Amount("tfsc", "通风时长", 10, 3, unit="h")
    mean_before_c = Amount("zyqpjlw", "作业前平均粮温", 10, 3, required=True, unit="℃")
    mean_after_c = Amount("jshpjlw", "结束后平均粮温", 10, 3, required=True, unit="℃")
    temperature_drop_c = Amount("jwfd", "降温幅度", 10, 3, unit="℃")
    cooling_energy_kwh_per_c_t = Amount("dljwnh", "吨粮降温能耗", 10, 3, unit="kW·h/(℃·t)")
    moisture_loss_rate_pct = Amount("ssl", "失水率", 10, 3, unit="%")
    moisture_retention_verdict = Text("bsxgpjjg", "保水效果评价结果", 128)
    cooling_evenness_whole = Text("tfjwjyxpjzc", "通风降温均匀性评价_整仓", 128)
    cooling_evenness_upper = Text("tfjwjyxpjsc", "通风降温均匀性评价_上层", 128)
    cooling_evenness_middle = Text("tfjwjyxpjzjc", "通风降温均匀性评价_中(间)层", 128)
    cooling_evenness_lower = Text("tfjwjyxpjxc", "通风降温均匀性评价_下层", 128)
    moisture_before_pct = Amount("zyqpjsf", "作业前平均水分", 10, 3, required=True, unit="%")
    moisture_after_pct = Amount("zyhpjsf", "结束后平均水分", 10, 3, required=True, unit="%")
    moisture_drop_pct = Amount("jsfd", "降水幅度", 10, 3, unit="%")
    drying_energy_kwh_per_pct_t = Amount("dljsnh", "吨粮降水能耗", 10, 3, unit="kW·h/(1%·t)")
    drying_evenness_whole = Text("tfjsjyxfxzc", "通风降水均匀性分析_整仓", 128)
    drying_evenness_upper = Text("tfjsjyxfxsc", "通风降水均匀性分析_上层", 128)
    drying_evenness_middle = Text("tfjsjyxfxzjc", "通风降水均匀性分析_中(间)层", 128)
    drying_evenness_lower = Text("tfjsjyxfxxc", "通风降水均匀性分析_下层", 128)
    job_leader = Text("tfzyfzr", "通风作业负责人", 64)
    workers = Text("tfzyry", "通风作业人员", 128)

    class Standard:
        code, name, endpoint = "1305", "通风作业", "tfzy"

    class Meta:
        verbose_name = verbose_name_plural = "通风作业"
        indexes = [models.Index(fields=["warehouse_code", "ventilated_on"], name="ventilation_job_at")]


class FumigationJob(StandardTable):
    """熏蒸作业: a fumigation of a warehouse or tank, from its plan to the insects left after 45 days.

    Key: job number (warehouse + yyyyMMdd + 3). ``warehouse_code`` names a warehouse (1103) or a tank (1106).
    Phosphine before, at target, at peak and after is g/m³ unless ``phosphine_unit`` says otherwise (2 ppm, 3 mL/m³, 4
    %); gas readings (1304) are mL/m³: 1 g/m³ of PH₃ is about 708 mL/m³ at 20 ℃.
    """

    job_no = Text("xzzydh", "熏蒸作业单号", 36, key=True, identifier="fumigation_no")
    warehouse_code = Text("cfdm", "仓房代码", 25, required=True, ref="1103.cfdm", identifier="warehouse")
    started_on = Day("xzkssj", "熏蒸开始时间", required=True)
    ended_on = Day("xzjssj", "熏蒸结束时间", required=True)
    pest_inspection_no = Text("hcjcdh", "害虫检测单号", 42, ref="1303.hcjcdh", identifier="scan_no")
    treatment_number = Whole("djcxz", "第几次熏蒸", required=True)
    conventional_method = Text("cgxzfs", "常规熏蒸方式", 1, codes="cgxzfs")
    recirculation_method = Text("hlxzfs", "环流熏蒸方式", 1, codes="hlxzfs")
    recirculation_combination = Text("hlxzynhljsjh", "环流熏蒸与内环流技术结合", 1, codes="hlxzynhljsjh")
    plan = Text("xzfazd", "熏蒸方案制定", 128)
    plan_author = Text("xzfaqcr", "熏蒸方案起草人", 64)
    plan_approved_by = Text("xzfapzr", "熏蒸方案批准人", 64)
    plan_filing = Text("xzfabbqk", "熏蒸方案报备情况", 64)
    applicator_qualification = Text("syryzzqk", "施药人员资质情况", 64)
    qualification_review = Text("syzzsh", "施药资质审核", 64)
    chemical_name = Text("yjmc", "药剂名称", 64, required=True)
    formulation = Text("jx", "剂型", 64)
    concentration_pct = Amount("nd", "浓度", 20, 3, unit="%")
    grain_dose_g_per_m3 = Amount("lddwyyl", "粮堆单位用药量", 20, 3, unit="g/m³")
    headspace_dose_g_per_m3 = Amount("kjdwyyl", "空间单位用药量", 20, 3, unit="g/m³")
    total_dose_kg = Amount("zyyl", "总用药量", 20, 3, unit="kg")
    application_method = Text("syff", "施药方法", 1, required=True, codes="syff")
    auxiliary_measures = Text("fzsycs", "辅助施药措施", 128)
    respirator_check = Text("kqhqjaqjcqk", "空气呼吸器及安全检查情况", 128)
    phosphine_detector_setup = Text("lhqjczztsqk", "磷化氢检测装置调试情况", 128)
    oxygen_detector_setup = Text("yqsdjczztsqk", "氧气深度检测装置调试情况", 128)
    phosphine_alarm_check = Text("lhqbjyaqjc", "磷化氢报警仪安全检查", 128)
    oxygen_alarm_check = Text("yqbjyaqjc", "氧气报警仪安全检查", 128)
    phosphine_before_top_up_g_per_m3 = Amount("byqcnlhqnd", "补药前仓内磷化氢浓度", 20, 3, unit="g/m³")
    phosphine_unit = Text("lhqnddw", "磷化氢浓度单位", 1, codes="lhqnddw", alias="nlhqnddw")
    target_g_per_m3 = Amount("mbnd", "目标浓度", 20, 3, unit="g/m³")
    computed_top_up_g = Amount("jsbyl", "计算补药量", 20, 3, unit="g")
    actual_top_up_g = Amount("sjbyl", "实际补药量", 20, 3, unit="g")
    top_up_method = Text("byff", "补药方法", 128)
    worker_count = Whole("zyrs", "作业人数")
    top_up_approved_by = Text("byzypzr", "补药作业批准人", 64)
    site_commander = Text("xczhr", "现场指挥人", 64)
    peak_g_per_m3 = Amount("fznd", "峰值浓度", 20, 3, unit="g/m³")
    days_at_target = Whole("mbndwcts", "目标浓度维持天数", unit="d")
    leak_check = Text("lswzjc", "漏气位置监测", 128)
    leak_remedy = Text("lqbwcqdbjcs", "漏气部位采取的补救措施", 128)
    sealed_days = Whole("mbsj", "密闭时间", unit="d")
    ct_product = Amount("ctz", "CT值", 20, 3)
    phosphine_before_aeration_g_per_m3 = Amount("sqqlhqnd", "散气前磷化氢浓度", 20, 3, unit="g/m³")
    aerated_on = Day("sqrq", "散气日期")
    aeration_method = Text("sqff", "散气方法", 128, required=True)
    aeration_approved_by = Text("sqpzr", "散气批准人", 64)
    aeration_days = Whole("sqcsts", "散气持续天数", required=True, unit="d")
    phosphine_after_aeration_g_per_m3 = Amount("sqjsslhqnd", "散气结束时磷化氢浓度", 20, 3, unit="g/m³")
    residue_collected_on = Day("czsjzysj", "残渣收集作业时间")
    residue_collector_count = Whole("czsjzyrs", "残渣收集作业人数")
    residue_collection_method = Text("czsjff", "残渣收集方法", 128)
    residue_collection_approved_by = Text("czsjzypzr", "残渣收集作业批准人", 64)
    residue_treatment = Text("czclcs", "残渣处理措施", 128)
    residue_treatment_worker_count = Whole("czclzyrs", "残渣处理作业人数")
    residue_treatment_approved_by = Text("czclpzr", "残渣处理批准人", 64)
    live_insects_after = Text("xzhhcjcqk", "熏蒸后活虫检出情况", 128)
    density_after_per_kg = Whole("xzhckmd", "熏蒸后虫口密度", unit="heads/kg")
    live_after_15_days_per_kg = Whole("pyswthhcs", "培养15天后活虫数", unit="heads/kg")
    live_after_45_days_per_kg = Whole("pysswthhcs", "培养45天后活虫数", unit="heads/kg")
    effect = Text("xzxgpj", "熏蒸效果评价", 1, required=True, codes="xzxgpj")
    job_leader = Text("xzfzr", "熏蒸负责人", 64)
    workers = Text("xzzyry", "熏蒸作业人员", 128)

    class Standard:
        code, name, endpoint = "1306", "熏蒸作业", "xzzy"
        rules = (jobs.fumigation_job,)

    class Meta:
        verbose_name = verbose_name_plural = "熏蒸作业"
        indexes = [models.Index(fields=["warehouse_code", "started_on"], name="fumigation_job_at")]
