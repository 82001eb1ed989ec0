"""Files a depot hands in and what is marked on its aerial picture: tables 1109–1111."""

from django.db import models

from canglin.standard.fields import Text
from canglin.standard.tables import StandardTable


class Attachment(StandardTable):
    """文件信息: binds an uploaded file to what it shows, by the file's name (``库区_单号_GT.jpg``).

    Key: name, depot and type. ``file_id`` is what the upload answered; one file belongs to one record.
    """

    file_name = Text("wjmc", "文件名称", 100, key=True)
    depot_code = Text("kqdm", "库区代码", 21, key=True, ref="1102.kqdm", identifier="depot")
    file_type = Text("wjlx", "文件类型", 1, key=True, codes="wjlx")
    file_id = Text("fileStorageId", "文件id", 20, required=True)

    class Standard:
        code, name, endpoint = "1109", "文件信息", "wjxx"
        key = ("file_name", "depot_code", "file_type")

    class Meta:
        verbose_name = verbose_name_plural = "文件信息"
        indexes = [models.Index(fields=["in_depot"], name="attachment_at")]


class LotMapLabel(StandardTable):
    """库区图仓房点位标注信息: where a lot stands on the depot's aerial picture.

    Key: enterprise, depot and lot.
    """

    enterprise_name = Text("dwmc", "单位名称", 256, required=True)
    enterprise_code = Text("dwdm", "单位代码", 18, key=True, ref="1101.dwdm", identifier="uscc")
    depot_name = Text("kqmc", "库区名称", 256, required=True)
    depot_code = Text("kqdm", "库区代码", 21, key=True, ref="1102.kqdm", identifier="depot")
    lot_name = Text("hwmc", "货位名称", 256, required=True)
    lot_code = Text("hwdm", "货位代码", 30, key=True, ref="1105.hwdm", identifier="lot")
    map_position = Text("hwxdwz", "货位相对位置", 20)
    map_style = Text("hwwzys", "货位位置样式", 256, required=True)
    note = Text("bz", "备注", 1024)

    class Standard:
        code, name, endpoint = "1110", "库区图仓房点位标注信息", "kqtcfdwbz"

    class Meta:
        verbose_name = verbose_name_plural = "库区图仓房点位标注信息"
        indexes = [models.Index(fields=["in_depot"], name="lot_map_label_at")]


class CameraMapLabel(StandardTable):
    """库区图视频监控设备点位标注信息: where a camera stands on the depot's aerial picture.

    Key: enterprise, depot and camera.
    """

    enterprise_name = Text("dwmc", "单位名称", 256, required=True)
    enterprise_code = Text("dwdm", "单位代码", 18, key=True, ref="1101.dwdm", identifier="uscc")
    depot_name = Text("kqmc", "库区名称", 256, required=True)
    depot_code = Text("kqdm", "库区代码", 21, key=True, ref="1102.kqdm", identifier="depot")
    camera_name = Text("spjksbmc", "视频监控设备名称", 256, required=True)
    camera_id = Text("spjksbid", "视频监控设备id", 20, key=True, identifier="camera")
    map_position = Text("spjksbxdwz", "视频监控设备相对位置", 20, required=True)
    map_style = Text("spjksbwzys", "视频监控设备位置样式", 256)
    camera_type = Text("spjklx", "视频监控类型", 1, required=True, codes="spjklx")
    note = Text("bz", "备注", 1024)

    class Standard:
        code, name, endpoint = "1111", "库区图视频监控设备点位标注信息", "kqtspjksbdwbz"
        key = ("enterprise_code", "depot_code", "camera_id")

    class Meta:
        verbose_name = verbose_name_plural = "库区图视频监控设备点位标注信息"
        indexes = [models.Index(fields=["in_depot"], name="camera_map_label_at")]
