"""A kernel client that is ready as soon as the kernel is, and no later."""

import asyncio
import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

ASK_AGAIN_SECONDS = 1.0
IOPUB_SECONDS = 0.25


class PromptClient(AsyncKernelClient):
    """Waits for the kernel's answer and its 'idle' on the output channel.

    jupyter_client's own waits 0.2 s more for messages that might still come; after the 'idle' of the question
    none can.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel answers on both channels.

        Raises
        ------
        RuntimeError
            If it died, or `timeout` seconds have passed.
        """
        allowed = float("inf") if timeout is None else timeout
        deadline = time.monotonic() + allowed
        while not await self._answered(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {allowed:g} seconds")

    async def _answered(self, question: str) -> bool:
        try:
            while True:
                reply = await self.shell_channel.get_msg(timeout=ASK_AGAIN_SECONDS)
                if reply["parent_header"].get("msg_id") == question:
                    break
            self._handle_kernel_info_reply(reply)
            async with asyncio.timeout(IOPUB_SECONDS):
                while not _is_idle(await self.iopub_channel.get_msg(timeout=IOPUB_SECONDS), question):
                    continue
        except (Empty, TimeoutError):
            return False
        return True


def _is_idle(message: Any, question: str) -> bool:
    mine = message["msg_type"] == "status" and message["parent_header"].get("msg_id") == question
    return bool(mine and message["content"]["execution_state"] == "idle")
