"""The pydantic model of an experiment's parameters: type, range, choices and help of each.

The same names stand in `params/*.yaml`, in every notebook's `parameters` cell, in the run record and in the
reports.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, JsonValue, Tag

from helpers.metrics import METRICS
from helpers.parameters.own_model import PATH_WORDS, OwnModel, is_path, name_of
from helpers.parameters.section import Scalar, Section

ColumnName = Annotated[str, Field(min_length=1)]

MODELS: tuple[str, ...] = (
    "linear",
    "elastic_net",
    "naive_bayes",
    "nearest_neighbours",
    "decision_tree",
    "random_forest",
    "extra_trees",
    "hist_gradient_boosting",
    "xgboost",
    "lightgbm",
    "catboost",
    "neural_network",
)

# They say how a run goes and change no result: runs that differ in nothing else are the same.
RUN_SETTINGS = frozenset({"memory", "timeout", "retries", "grid"})
EVERY_NOTEBOOK = "*"
GIB = 2**30
# Half of them the portfolio, half drawn: a minute for some thousand rows on two cores.
TRIALS = 16
LONGEST_SECONDS = 30 * 86_400


def _lowest_and_highest(limits: list[float | None]) -> list[float | None]:
    low, high = (*limits, None, None)[:2]
    if len(limits) != 2 or (low is not None and high is not None and low > high):
        raise ValueError("two values, the lowest and the highest allowed; null where there is no limit")
    return limits


class ColumnText(Section):
    """What people call a column."""

    label: str | None = Field(None, min_length=1, max_length=120, description="the column's name for people")
    unit: str | None = Field(None, min_length=1, max_length=40, description="the unit of its values")


class Clean(Section):
    """Changes to the table that the user declares; each is counted and reported."""

    missing: dict[ColumnName, list[Scalar]] = Field(
        default_factory=dict, description="column (or '*' for all) to the values that mean 'missing'"
    )
    types: dict[ColumnName, Literal["number", "boolean", "category", "date", "text", "identifier"]] = Field(
        default_factory=dict, description="column to the type to read it as"
    )
    replace: dict[ColumnName, dict[str, str]] = Field(
        default_factory=dict, description="column to old value and new: how to write a level in one way"
    )
    limits: dict[ColumnName, Annotated[list[float | None], AfterValidator(_lowest_and_highest)]] = Field(
        default_factory=dict, description="column to [lowest, highest]; values outside become missing"
    )
    duplicates: Literal["keep", "drop"] = Field(
        "keep", description="what to do with rows that repeat another"
    )


class Validation(Section):
    """How the development rows are cut into training and validation parts."""

    strategy: Literal["auto", "random", "stratified", "group", "time"] = Field(
        "auto", description="auto takes time if given, else group if given, else stratified or random"
    )
    folds: int = Field(5, ge=2, le=20, description="number of folds")
    repeats: int = Field(1, ge=1, le=20, description="how often the folds are drawn anew")


class Budget(Section):
    """How much the search may do; trials decide, seconds are only a safety stop."""

    trials: int = Field(
        TRIALS, ge=0, le=10_000, description="configurations to try beyond each model's default"
    )
    seconds: float = Field(
        600.0, gt=0, le=7 * 86_400,
        description="safety stop; a run that hits it says so, one that goes on after a cut has it anew",
    )  # fmt: skip
    sampler: Literal["tpe", "genetic"] = Field(
        "tpe", description="how trials are found: by a model of the earlier ones, or bred from the best"
    )


class Costs(Section):
    """What mistakes cost, in the user's unit."""

    unit: str = Field("", max_length=40, description="unit of the costs, for instance €")
    false_negative: float | None = Field(
        None, ge=0, description="two classes: a positive case that is missed"
    )
    false_positive: float | None = Field(None, ge=0, description="two classes: a false alarm")
    mistake: float | None = Field(None, ge=0, description="several classes: any wrong answer")
    too_low: float | None = Field(
        None, ge=0, description="regression: each unit by which it predicts too low"
    )
    too_high: float | None = Field(
        None, ge=0, description="regression: each unit by which it predicts too high"
    )


class Timeout(Section):
    """How many seconds a notebook may take; one that takes longer is stopped and recorded as that."""

    start: float = Field(180.0, gt=0, le=LONGEST_SECONDS, description="until the kernel answers")
    cell: float | None = Field(None, gt=0, le=LONGEST_SECONDS, description="for one cell; none: no limit")
    notebook: float | None = Field(
        None, gt=0, le=LONGEST_SECONDS, description="for the whole notebook; none: no limit"
    )


RESERVED: tuple[str, ...] = ("index.html", "interactive", "latest", "readme.md")


def _folder_name(name: str) -> str:
    if name.lower() in RESERVED:
        raise ValueError(f"another name than {', '.join(RESERVED)}, which mean something under reports/")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}", name):
        raise ValueError(
            "at most 80 letters, digits, dots, dashes and underscores, beginning with a letter or digit"
        )
    return name


def _known_metric(name: str) -> str:
    if name != "auto" and name not in METRICS:
        raise ValueError(f"one of auto, {', '.join(METRICS)}")
    return name


def _known_models(models: list[str | OwnModel]) -> list[str | OwnModel]:
    if "auto" in models:
        place = models.index("auto")
        models = [*models[:place], *MODELS, *models[place + 1 :]]
    names = [name_of(model) for model in models]
    house = [model for model in models if isinstance(model, str)]
    unknown = [name for name in house if name not in MODELS and not is_path(name)]
    if unknown or not names or len(set(names)) < len(names):
        raise ValueError(f"auto, or some of {', '.join(MODELS)}, each once, and your own as {PATH_WORDS}")
    for name in house:
        if is_path(name):
            OwnModel(model=name)
    return models


def _text_or_mapping(value: Any) -> str:
    return "mapping" if isinstance(value, (Mapping, OwnModel)) else "text"


_Model = Annotated[
    Annotated[str, Tag("text")] | Annotated[OwnModel, Tag("mapping")], Discriminator(_text_or_mapping)
]


def _strategy_alone(value: Any) -> Any:
    return {"strategy": value} if isinstance(value, str) else value


def _one_or_several(value: Any) -> Any:
    return [value] if isinstance(value, (str, Mapping)) else value


def _trials_alone(value: Any) -> Any:
    return {"trials": value} if isinstance(value, int) and not isinstance(value, bool) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _gib_alone(value: Any) -> Any:
    if _is_number(value):
        return {EVERY_NOTEBOOK: value}
    if not isinstance(value, Mapping):
        raise ValueError("a number of GiB, or a mapping of notebook to such a number")
    return value


def _seconds_alone(value: Any) -> Any:
    if _is_number(value):
        return {"notebook": value}
    if not isinstance(value, (Mapping, Timeout)):
        raise ValueError("a number of seconds, or a mapping with start, cell and notebook")
    return value


# Above what any machine has: whoever gives more thinks of another unit.
MOST_GIB = 65_536
_Memory = Annotated[
    dict[str, Annotated[float, Field(ge=0.1, le=MOST_GIB)]],
    BeforeValidator(_gib_alone, json_schema_input_type=float | dict[str, float]),
]
_Timeout = Annotated[Timeout, BeforeValidator(_seconds_alone, json_schema_input_type=float | Timeout)]


def _text_alone(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {name: {"label": text} if isinstance(text, str) else text for name, text in value.items()}


class Parameters(Section):
    """Everything that an experiment's file can say."""

    experiment: Annotated[str, AfterValidator(_folder_name)] = Field(
        description="name of the experiment, and of its folder under reports/",
    )
    question: str = Field(
        min_length=1, max_length=2_000, description="what you want to know, in words for everyone"
    )
    data: Annotated[list[ColumnName], BeforeValidator(_one_or_several)] = Field(
        min_length=1,
        description="a file, a list or pattern of files, sklearn:NAME, or the address of a database",
    )
    query: str | None = Field(
        None, min_length=1, max_length=100_000, description="the SQL whose rows are the table, for a database"
    )
    target: ColumnName = Field(description="the column to predict")
    task: Literal["auto", "classification", "regression"] = Field(
        "auto", description="what kind of target it is"
    )
    positive: Scalar | None = Field(
        None, description="two classes: the value to find; none picks one and says so"
    )
    id: ColumnName | None = Field(
        None, description="column that names a row; keeps a row on its side for ever"
    )
    group: ColumnName | None = Field(None, description="column whose equal values must stay on one side")
    group_parts: list[Annotated[int, Field(ge=1, le=20)]] = Field(
        default_factory=list,
        description="which parts of the group column's text name the group, counted from 1; of 309_1, [1] is "
        "309; none takes the whole text",
    )
    time: ColumnName | None = Field(None, description="column of time; the latest rows are held out")
    weight: ColumnName | None = Field(
        None, description="column that says how much a row counts, 0 or more; models fit and score by it"
    )
    drop: list[ColumnName] = Field(default_factory=list, description="columns that models must not see")
    columns: Annotated[dict[ColumnName, ColumnText], BeforeValidator(_text_alone)] = Field(
        default_factory=dict, description="column to label and unit, for people"
    )
    clean: Clean = Field(default_factory=Clean, description="changes to the table, declared and counted")
    contract: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="a file of `nightbook contract` that the table must keep; none checks nothing"
    )
    holdout: float = Field(0.2, ge=0, le=0.5, description="share of rows kept sealed for the evaluation")
    validation: Annotated[Validation, BeforeValidator(_strategy_alone)] = Field(
        default_factory=Validation, description="how the development rows are cut for validation"
    )
    metric: Annotated[str, AfterValidator(_known_metric)] = Field(
        "auto", description="what selects the model; auto fits it to the task"
    )
    models: Annotated[list[_Model], BeforeValidator(_one_or_several), AfterValidator(_known_models)] = Field(
        default_factory=lambda: list[str | OwnModel](MODELS),
        description="the candidate models; auto takes all, module:Class one of your own",
    )
    monotone: dict[ColumnName, Literal["increasing", "decreasing"]] = Field(
        default_factory=dict,
        description="column of numbers to how the answer must move with it; models that cannot are left out",
    )
    incumbent: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="the run whose model is in use; it is always in the comparison"
    )
    budget: Annotated[Budget, BeforeValidator(_trials_alone)] = Field(
        default_factory=Budget,
        description="trials of the search, how they are found, and seconds as a safety stop",
    )
    goal: float | None = Field(None, description="the value of the metric that would be good enough")
    costs: Costs | None = Field(None, description="what mistakes cost")
    sensitive: list[ColumnName] = Field(
        default_factory=list, description="columns by whose values the evaluation asks whether it is fair"
    )
    seed: int = Field(0, ge=0, le=2**32 - 1, description="seed of everything random")
    memory: _Memory | None = Field(
        None,
        description="GiB (2^30 bytes) a notebook may take with its child processes: a number, or notebook to "
        "number, '*' for the others; none takes what there is",
    )
    timeout: _Timeout = Field(
        default_factory=Timeout,
        description="seconds until a kernel answers, for a cell, for a notebook; one number is a notebook's",
    )
    retries: int = Field(
        1,
        ge=0,
        le=10,
        description="how often a notebook starts again after a failure of the machine, never of its code",
    )
    grid: dict[str, Annotated[list[JsonValue], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="key, dots lead into a section, to a list of values; each combination becomes a run",
    )

    def label(self, column: str) -> str:
        """Return the column's name for people."""
        text = self.columns.get(column)
        return text.label if text and text.label else column

    def memory_bytes(self, notebook: str) -> int | None:
        """Return what the notebook may take, None without a limit; its own goes before what holds for all."""
        allowed = self.memory or {}
        gib = allowed.get(notebook, allowed.get(EVERY_NOTEBOOK))
        return None if gib is None else int(gib * GIB)

    def unit(self, column: str) -> str:
        """Return the unit of the column's values, empty where none was given."""
        text = self.columns.get(column)
        return text.unit if text and text.unit else ""
