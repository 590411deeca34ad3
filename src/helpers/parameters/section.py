"""What every part of the params is built on: strict values, no unknown names."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Section(BaseModel):
    """A part of the params with names of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _single(value: Any) -> Any:
    if not isinstance(value, (bool, int, float, str)):
        raise ValueError("a single value: text, a number, true or false")
    return value


Scalar = Annotated[bool | int | float | str, BeforeValidator(_single)]
