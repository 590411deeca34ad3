import pandas as pd

from helpers.scoring.stored import stated_classes, stated_columns, stated_probabilities


def test_hostile_classes_go_through_a_table_unchanged():
    classes = ("probability:", "<b>", "a\nb")
    answers = pd.DataFrame([[1, "<b>", 0.1, 0.7, 0.2]], columns=["row", "truth", *stated_columns(classes)])
    assert stated_classes(answers) == classes
    found = stated_probabilities(answers, ("a\nb", "probability:"))
    assert list(found.columns) == ["a\nb", "probability:"] and found.to_numpy().tolist() == [[0.2, 0.1]]
    assert stated_classes(answers[["row", "truth"]]) == ()
