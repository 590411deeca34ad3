import pandas as pd
import pytest

from helpers.errors import UserError
from helpers.parameters.check import checked
from helpers.tables.prepare import load_development

ROWS = 60
HEADER = "name,amount,level,kind,when,answer,answer3"


def _line(n):
    answer = "yes" if n % 2 else "no"
    return f"w{n % 7},{n * 1.5},{n % 4},k{n % 3},2020-01-{n % 28 + 1:02d},{answer},{'abc'[n % 3]}"


CSV = "\n".join([HEADER, *map(_line, range(ROWS))])


@pytest.fixture
def problems(tmp_path):
    path = tmp_path / "t.csv"

    def refuse(text=CSV, **values):
        path.write_text(text)
        params = checked({"experiment": "e", "question": "q", "data": str(path)} | values, where="p.yaml")
        with pytest.raises(UserError) as error:
            load_development(params, where="p.yaml")
        return [str(problem) for problem in error.value.problems]

    return refuse


def test_every_unknown_name_at_once_with_the_nearest(problems):
    columns = "name, amount, level, kind, when, answer, answer3"
    found = problems(
        target="answr",
        id="nam",
        group="kin",
        time="zzz",
        drop=["levl"],
        columns={"amunt": "Amount"},
        clean={"missing": {"x1": [1], "*": [2]}, "types": {"whn": "date"}, "limits": {"x2": [0, 1]}},
    )
    known = f"which is no column of the table; expected one of {columns}."
    assert found == [
        f"p.yaml: target: given 'answr', {known} Did you mean 'answer'?",
        f"p.yaml: id: given 'nam', {known} Did you mean 'name'?",
        f"p.yaml: group: given 'kin', {known} Did you mean 'kind'?",
        f"p.yaml: time: given 'zzz', {known}",
        f"p.yaml: drop: given 'levl', {known} Did you mean 'level'?",
        f"p.yaml: columns: given 'amunt', {known} Did you mean 'amount'?",
        f"p.yaml: clean.missing: given 'x1', {known}",
        f"p.yaml: clean.types: given 'whn', {known} Did you mean 'when'?",
        f"p.yaml: clean.limits: given 'x2', {known}",
    ]


def test_names_and_the_task_are_checked_together(problems):
    found = problems(
        target="answer", drop=["nothing"], metric="rmse", positive="maybe", costs={"too_low": 1, "mistake": 2}
    )
    assert [problem.split(": given")[0] for problem in found] == [
        "p.yaml: drop", "p.yaml: positive", "p.yaml: metric", "p.yaml: costs",
    ]  # fmt: skip
    assert found[1:] == [
        "p.yaml: positive: given 'maybe', which is no value of the target; expected one of no, yes.",
        "p.yaml: metric: given rmse for a target of two classes; expected auto or one of "
        "roc_auc, average_precision, "
        "brier_score, log_loss, accuracy, balanced_accuracy, f1, mcc.",
        "p.yaml: costs: given mistake and too_low for a target of two classes; expected false_negative and "
        "false_positive.",
    ]


def test_without_a_name_for_messages_the_experiment_stands_there(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(CSV)
    params = checked({"experiment": "e", "question": "q", "data": str(path), "target": "x"}, where="p.yaml")
    with pytest.raises(UserError, match=r"^e: target: given 'x'"):
        load_development(params)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"target": "answer3", "positive": "a"},
            ["p.yaml: positive: given 'a' for a target of several classes; expected nothing; it "
             "is for targets of "
             "two classes. Leave it out."],
        ),
        (
            {"target": "amount", "positive": 1},
            ["p.yaml: positive: given 1 for a regression; expected nothing; it is for targets "
             "of two classes. "
             "Leave it out."],
        ),
        (
            {"target": "amount", "validation": "stratified"},
            ["p.yaml: validation: given stratified for a regression; expected auto, random, group or time."],
        ),
        (
            {"target": "amount", "costs": {"false_positive": 3, "unit": "€"}},
            ["p.yaml: costs: given false_positive for a regression; expected too_low and too_high."],
        ),
        (
            {"target": "kind", "task": "regression"},
            ["p.yaml: task: given regression for 'kind', a column of categories; expected a "
             "target of numbers. "
             "Set task: classification, or declare the column under clean.types as number."],
        ),
        (
            {"target": "when"},
            ["p.yaml: target: given 'when', a column of dates; expected a column of numbers or classes."],
        ),
        (
            {"target": "answer", "time": "kind"},
            ["p.yaml: time: given 'kind', a column of categories; expected a column of dates or numbers. "
             "If they are dates, declare the column under clean.types as date."],
        ),
        (
            {"target": "answer", "time": "when", "group": "when"},
            ["p.yaml: group: given 'when', which is the time as well; expected another column "
             "than the time."],
        ),
        (
            {"target": "answer", "clean": {"limits": {"kind": [0, 1]}, "types": {"kind": "date"}}},
            ["p.yaml: clean.types: given date for 'kind', no value of which can be read so; "
             "expected category, as "
             "which it is read when nothing is declared.",
             "p.yaml: clean.limits: given 'kind', a column of dates; expected a column of numbers."],
        ),
        (
            {"target": "answer", "weight": "kind", "monotone": {"when": "increasing"}},
            ["p.yaml: weight: given 'kind', a column of categories; expected a column of numbers, 0 or more.",
             "p.yaml: monotone: given 'when', a column of dates; expected columns of numbers."],
        ),
        (
            {"target": "answer3", "drop": ["amount"], "monotone": {"amount": "decreasing"}},
            ["p.yaml: monotone: given 'amount', which models do not see; expected columns that models see.",
             "p.yaml: monotone: given a direction for a target of several classes; expected a target of two "
             "classes or a regression. Take it out: which of several classes should become more probable is "
             "not defined."],
        ),
        (
            {"target": "answer", "drop": ["name", "amount", "level", "kind", "when", "answer3"]},
            ["p.yaml: data: given a table in which no column is left to predict from; expected "
             "at least one column "
             "that is neither target, identifier, group, time, weight nor dropped. If the file should "
             "have more columns, "
             "look at its delimiter."],
        ),
        (
            {"target": "answer", "clean": {"missing": {"answer": ["no"]}}},
            ["p.yaml: target: given 'answer', whose only value is 'yes'; expected a column with "
             "at least two values."],
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_table(problems, values, expected):
    assert problems(**values) == expected


def test_too_many_classes(problems):
    text = "a,b,c\n" + "\n".join(f"x{n},{n + 0.5},{n % 2}" for n in range(201))
    many = "with 201 different values; expected a target of at most 200 classes."
    assert problems(text, target="a") == [
        f"p.yaml: target: given 'a' {many} Choose another target, or group its values."
    ]
    assert problems(text, target="b", task="classification") == [
        f"p.yaml: target: given 'b' {many} Set task: regression."
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a,y\n" + "\n".join(f"{n * 1.5},{n % 2}" for n in range(29)),
            ["p.yaml: data: given a table with 29 usable rows; expected at least 30 rows with a "
             "value of the target, "
             "in classes that are not too rare."],
        ),
        (
            "a,y\n" + "\n".join(f"{n * 1.5},{int(n < 5)}" for n in range(60)),
            ["p.yaml: target: given 'y', of which only one value is left after cleaning; "
             "expected at least two values "
             "with enough rows each. 1 class of y (1; 5 rows) left out, with fewer than 10 rows each: too few "
             "to learn and to check."],
        ),
        (
            "a,y\n" + "1,\n" * 40,
            ["p.yaml: target: given 'y', a column without any value; expected a column with the "
             "values to predict."],
        ),
        (
            "a,y\n" + "1,x\n" * 40,
            ["p.yaml: target: given 'y', whose only value is 'x'; expected a column with at "
             "least two values."],
        ),
    ],
)  # fmt: skip
def test_too_little_to_learn_from(problems, text, expected):
    assert problems(text, target="y") == expected


def test_a_name_that_does_harm_is_cut(problems):
    name = "<script>" + "x" * 10_000
    (found,) = problems(f"{name},b\n" + "1,2\n" * 40, target="<script>" + "x" * 9_999 + "y")
    assert len(found) < 500


@pytest.mark.parametrize("positive", ["yes", "Yes", True])
def test_positive_is_compared_by_what_it_means(tmp_path, positive):
    path = tmp_path / "t.csv"
    path.write_text(CSV)
    values = {"experiment": "e", "question": "q", "data": str(path), "target": "answer", "positive": positive}
    table = load_development(checked(values, where="p")).table
    assert table.positive == "yes"
    assert isinstance(table.y, pd.Series)


def test_weights_are_numbers_of_rows_that_count(problems):
    rows = [f"{n * 1.5},{n % 2},{weight}" for n, weight in enumerate(["", "-1", *["2.5"] * 58])]
    found = problems("\n".join(["x,y,w", *rows]), target="y", weight="w")
    assert found == [
        "p.yaml: weight: given 'w' with 1 value missing and 1 value below 0; expected a number of 0 or more in "
        "every row. 0 leaves a row out."
    ]
    none = [f"{n * 1.5},{n % 2},0" for n in range(60)]
    assert problems("\n".join(["x,y,w", *none]), target="y", weight="w") == [
        "p.yaml: weight: given 'w', in which every value is 0; expected at least one row that counts."
    ]


def test_a_weight_is_no_feature(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["x,y,w", *[f"{n * 1.5},{n % 2},{n % 3}" for n in range(60)]]))
    given = {
        "experiment": "e",
        "question": "q",
        "data": str(path),
        "target": "y",
        "weight": "w",
        "holdout": 0,
    }
    table = load_development(checked(given, where="p.yaml")).table
    assert [column.name for column in table.features] == ["x"]
    assert table.weights.tolist() == [float(n % 3) for n in range(60)]
