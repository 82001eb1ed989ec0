"""Blocking work for the event loop, with Django's database connections given back afterwards."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
_pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="gateway")


async def in_thread(work: Callable[[], T]) -> T:
    """Run ``work`` in one of a few threads and return what it returns."""

    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_pool, run)
