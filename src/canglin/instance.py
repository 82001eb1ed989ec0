"""Where one installation keeps what is its own: database, keys, uploaded files, run-time notes.

The folder is named by the environment variable CANGLIN_DATA (the commands' ``--data``), ``./var`` when unset.
"""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Instance:
    """One installation's folder. Nothing is created until it is asked for."""

    data: Path

    @classmethod
    def current(cls) -> "Instance":
        """The installation named by CANGLIN_DATA."""
        return cls(Path(os.environ.get("CANGLIN_DATA", "var")).resolve())

    @property
    def postgres_dir(self) -> Path:
        """The cluster of our own PostgreSQL (unused when DATABASE_URL is set)."""
        return self.data / "pg"

    @property
    def socket_dir(self) -> Path:
        """Folder of PostgreSQL's socket. A socket's path may have 107 bytes at most, so a deep data folder gets a short one."""
        inside = self.data / "run"
        if len(str(inside)) < 80:
            return inside
        short = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"canglin-{short}"

    @property
    def files(self) -> Path:
        """Uploaded pictures and clips."""
        return self._made("files")

    @property
    def keys(self) -> Path:
        """Secrets of this installation, outside the database; readable by its owner only."""
        return self._made("keys")

    def secret(self, name: str) -> bytes:
        """32 random bytes kept under ``name``; made on first use, the same ever after."""
        path = self.keys / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            pass
        # Two processes may start at once: write aside, then link, so that one of them wins and both read the same.
        aside = path.with_suffix(f".{os.getpid()}.new")
        aside.write_bytes(secrets.token_bytes(32))
        aside.chmod(0o600)
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
        return path.read_bytes()

    def database_url(self) -> str:
        """DATABASE_URL, or the socket of this installation's own PostgreSQL."""
        own = f"postgresql:///canglin?host={self.socket_dir}&user=canglin"
        return os.environ.get("DATABASE_URL") or own

    def _made(self, name: str) -> Path:
        path = self.data / name
        if not path.is_dir():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path
