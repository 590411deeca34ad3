"""The kernels that `nightbook lab` offers: a notebook made for `python3` opens with the warm one.

A kernelspec manager and no environment variable, so that what is started from JupyterLab, a terminal for one,
sees the kernels as they are everywhere else.
"""

import contextlib
from pathlib import Path
from typing import Any

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager

from helpers.runner.kernels.warm import WarmError, warm_place

WARM_FOLDER = Path(__file__).with_name("nightbook")
WARM_NAME = WARM_FOLDER.name
ORDINARY_NAME = "ordinary"


class LabKernels(KernelSpecManager):
    """Offers the warm kernel under the name that notebooks carry, and the ordinary one under another.

    The kernelspec `nightbook` is the warm kernel too. It can be asked for, but is not offered: launcher and
    menus would show the same kernel twice.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # The first kernel will be asked for within seconds; where there is no server to be had, it says why.
        with contextlib.suppress(WarmError):
            warm_place().server()

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the names of the kernels on offer with their folders."""
        found: dict[str, str] = super().find_kernel_specs()
        found.pop(WARM_NAME, None)
        return {**found, NATIVE_KERNEL_NAME: str(WARM_FOLDER), ORDINARY_NAME: RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernelspec of that name."""
        if kernel_name in (NATIVE_KERNEL_NAME, WARM_NAME):
            return KernelSpec.from_resource_dir(str(WARM_FOLDER))
        if kernel_name == ORDINARY_NAME:
            return KernelSpec(
                resource_dir=RESOURCES, **{**get_kernel_dict(), "display_name": "Python 3 (ordinary)"}
            )
        return super().get_kernel_spec(kernel_name)
