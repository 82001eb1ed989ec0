"""Pictures and clips: taken by content, kept under their hash, bound to the one record that names them."""

import io
import os
import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from canglin.gateway.directory import App
from canglin.gateway.models import UploadedFile
from canglin.gateway.threads import in_thread
from canglin.records.commit import Earlier
from canglin.records.consequences import Entry
from canglin.records.effects import Change, Connection
from canglin.standard.rulecodes import declare
from canglin.standard.tables import Violation

FILE = declare("file", "文件不存在、类型不符或已归属其他记录", "reference")

PICTURE_BOUND = int(os.environ.get("CANGLIN_PICTURE_MB", "2")) << 20
CLIP_BOUND = int(os.environ.get("CANGLIN_CLIP_MB", "32")) << 20
BOUND = max(PICTURE_BOUND, CLIP_BOUND) + 65_536
UNBOUND_MINUTES = 30

#: Kinds of file that fit each 文件类型 (list wjlx).
_PICTURE, _CLIP = frozenset({"jpg"}), frozenset({"mp4"})
_KINDS_OF_1109 = {"1": _PICTURE, "2": _PICTURE, "3": _PICTURE, "4": _CLIP, "5": _CLIP}


class Unfit(ValueError):
    """The upload is not taken; the text says what would be."""


class _Small(MemoryFileUploadHandler):
    """Keeps the upload in memory: its length is already bounded."""

    chunk_size = 1 << 20

    def handle_raw_input(self, *args: object, **kwargs: object) -> None:
        self.activated = True


def kind_of(content: bytes) -> str | None:
    """``jpg`` or ``mp4`` by the content's own marks, None for anything else. What the name says does not count."""
    if content[:3] == b"\xff\xd8\xff" and content[-2:] == b"\xff\xd9":
        return "jpg"
    if content[4:8] == b"ftyp":
        return "mp4"
    return None


def path_of(digest: str) -> Path:
    """Where the bytes with this SHA-256 lie."""
    return settings.INSTANCE.files / digest[:2] / digest


def _parse(content_type: str, raw: bytes) -> tuple[str, bytes]:
    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(raw))}
    try:
        _, found = MultiPartParser(meta, io.BytesIO(raw), [_Small()]).parse()
    except (MultiPartParserError, ValueError):
        raise Unfit("应为 multipart/form-data，文件字段名 file") from None
    files: MultiValueDict[str, object] = found
    upload = files.get("file")
    if upload is None:
        raise Unfit("缺少文件字段 file")
    return str(upload.name), upload.read()  # type: ignore[attr-defined]


def store(source: str, in_enterprise: str, name: str, content: bytes) -> str:
    """Keep a file and return its id. Raises Unfit when it is neither JPEG nor MP4, or too large."""
    kind = kind_of(content)
    if kind is None:
        raise Unfit("应为 jpg 图片或 mp4 视频（按内容识别）")
    bound = PICTURE_BOUND if kind == "jpg" else CLIP_BOUND
    if len(content) > bound:
        raise Unfit(f"{len(content)} 字节，应不超过 {bound} 字节")
    digest = sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Named only when whole and on disk: a crash leaves no half picture under a good name.
        aside = path.with_suffix(f".{secrets.token_hex(4)}")
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    made = UploadedFile.objects.create(
        id=f"{timezone.localtime():%y%m%d}{secrets.randbelow(10**14):014d}", kind=kind, sha256=digest, size_bytes=len(content),
        name=name[:255], source=source, in_enterprise=in_enterprise, uploaded_at=timezone.now(),
    )
    return made.id


async def take(app: App, content_type: str, raw: bytes) -> str:
    """Take a multipart upload of an application."""

    def work() -> str:
        name, content = _parse(content_type, raw)
        return store(app.source, app.enterprise, name, content)

    return await in_thread(work)


def drop_unbound() -> int:
    """Forget files that no record named in time; returns how many. Bytes go when no other file has the same."""
    late = UploadedFile.objects.filter(bound_table="", uploaded_at__lt=timezone.now() - timedelta(minutes=UNBOUND_MINUTES))
    dropped = 0
    for file in late:
        # A record may bind it at this very moment: only what is still unbound goes.
        if UploadedFile.objects.filter(pk=file.pk, bound_table="").delete()[0]:
            dropped += 1
            if not UploadedFile.objects.filter(sha256=file.sha256).exists():
                path_of(file.sha256).unlink(missing_ok=True)
    return dropped


def _fitting(code: str, row: Any) -> frozenset[str]:
    """The kinds of file that fit where a row names one."""
    if code == "1109":
        return _KINDS_OF_1109.get(row.file_type, _PICTURE | _CLIP)
    return _PICTURE if code == "1307" else _PICTURE | _CLIP


class FileCheck:
    """Late check: the file exists, was uploaded by the same enterprise, fits, and belongs to no other record."""

    tables = frozenset({"1109", "1307", "1308"})

    def check(self, connection: Connection, incoming: Entry, earlier: Earlier) -> Iterable[Violation]:
        """See the class."""
        file_id, kinds = incoming.row.file_id, _fitting(incoming.spec.code, incoming.row)
        field = incoming.spec.by_attribute["file_id"].id
        found = connection.execute(
            "SELECT kind, in_enterprise, bound_table, bound_key FROM gateway_uploadedfile WHERE id = %s", [file_id]
        ).fetchone()
        if found is None:
            # Table 1308 allows a stream's address in the same field (视频文件流); only uploaded ids can be checked.
            if incoming.spec.code != "1308":
                yield Violation(field, FILE, file_id or "", "已上传且未过期的文件 id")
            return
        kind, enterprise, table, key = found
        if kind not in kinds:
            yield Violation(field, FILE, f"{kind} 文件", "、".join(sorted(kinds)) + " 文件")
        if enterprise != incoming.in_enterprise:
            yield Violation(field, FILE, "其他单位上传的文件", "本单位上传的文件")
        if table and (table, key) != (incoming.spec.code, incoming.key):
            yield Violation(field, FILE, "已归属其他记录的文件", "未归属的文件（一个文件只属于一条记录）")


class FileBinding:
    """Effect: a record's file is bound to it; the file it named before is released."""

    tables = FileCheck.tables
    relations: tuple[str, ...] = ()
    comparisons: dict[str, str] = {}

    def apply(self, connection: Connection, changes: Sequence[Change]) -> None:
        """See the class."""
        for change in changes:
            code, key = change.spec.code, change.key
            connection.execute(
                "UPDATE gateway_uploadedfile SET bound_table = '', bound_key = '' WHERE bound_table = %s AND bound_key = %s",
                [code, key],
            )
            if change.new is not None:
                connection.execute(
                    "UPDATE gateway_uploadedfile SET bound_table = %s, bound_key = %s WHERE id = %s",
                    [code, key, change.new.file_id],
                )

    def forget(self) -> None:
        """Keeps nothing."""
