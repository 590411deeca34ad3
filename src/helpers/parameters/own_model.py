"""A model of the user's own as the params describe it: any scikit-learn estimator by module and class."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue, model_validator

from helpers.parameters.section import Scalar, Section

_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)
PATH_WORDS = "module:Class, for instance sklearn.svm:SVC"
_ENDS = "[lowest, highest], a mapping with low and high (and log, whole), or one with values"


def is_path(name: str) -> bool:
    """Tell whether a name under `models` points to a class rather than to a model of the house."""
    return ":" in name


def _class_path(path: str) -> str:
    if not _PATH.fullmatch(path):
        raise ValueError(PATH_WORDS)
    return path


def _ends_alone(value: Any) -> Any:
    if isinstance(value, list):
        if len(value) != 2:
            raise ValueError(_ENDS)
        return {"low": value[0], "high": value[1]}
    return value


class SpacePart(Section):
    """What a search may give one parameter: a number between two ends, or one of some values."""

    low: int | float | None = Field(None, description="the lowest value")
    high: int | float | None = Field(None, description="the highest value")
    log: bool = Field(False, description="whether each order of magnitude is as likely as the others")
    whole: bool | None = Field(
        None,
        description="whether whole numbers are meant; none: if both ends are whole and the parameter's own "
        "value is no fraction",
    )
    values: list[Scalar | None] | None = Field(None, min_length=1, description="the values to choose from")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        numbers = self.low is not None and self.high is not None
        if (self.values is None) is not numbers or (not numbers and (self.low, self.high) != (None, None)):
            raise ValueError(_ENDS)
        if self.low is None or self.high is None:
            return self
        if not self.low < self.high:
            raise ValueError("a lowest value below the highest")
        if self.log and self.low <= 0:
            raise ValueError("a lowest value above 0, where log is true")
        if self.whole and not (float(self.low).is_integer() and float(self.high).is_integer()):
            raise ValueError("whole numbers as ends, where whole is true")
        return self


class OwnModel(Section):
    """An estimator of the user's own among the candidates."""

    model: Annotated[str, AfterValidator(_class_path)] = Field(description=f"the class: {PATH_WORDS}")
    label: str = Field("", max_length=120, description="its name for people; none takes the class's")
    plain: str = Field(
        "", max_length=300, description="what kind of model it is: the end of a sentence that begins 'It is'"
    )
    parameters: dict[str, JsonValue] = Field(
        default_factory=dict, description="parameter to value, where it differs from the class's own"
    )
    space: dict[str, Annotated[SpacePart, BeforeValidator(_ends_alone)]] = Field(
        default_factory=dict, description="parameter to what a search may give it"
    )
    preparation: Literal["scaled", "plain", "native"] = Field(
        "scaled",
        description="how columns are prepared: numbers without gaps on one scale; gaps stay, categories as "
        "0/1 columns; gaps and categories stay",
    )

    @property
    def name(self) -> str:
        """The name in records: the path, with the label where one is given."""
        return f"{self.model} ({self.label})" if self.label else self.model


def own_models(models: list[str | OwnModel]) -> list[OwnModel]:
    """Return the user's own among the models, one named by its path alone with nothing else said."""
    found = [as_own(model) for model in models]
    return [model for model in found if model is not None]


def as_own(model: str | OwnModel) -> OwnModel | None:
    """Return the model of the user's own, None for a model of the house."""
    if isinstance(model, OwnModel):
        return model
    return OwnModel(model=model) if is_path(model) else None


def name_of(model: str | OwnModel) -> str:
    """Return a model's name in records."""
    return model.name if isinstance(model, OwnModel) else model
