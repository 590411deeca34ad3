from helpers.style import MID, PALETTE
from helpers.visualisation.classes import class_name, class_places, shown_classes


def test_classes_keep_the_table_s_order_and_the_positive_one_leads(make_table):
    shown = shown_classes(make_table({"y": ["a", "b", "b"]}, positive="b"))
    assert shown.order == ("a", "b")
    assert shown.lead == "b"
    assert [shown.looks[name].colour for name in shown.order] == list(PALETTE[:2])


def test_many_classes_are_gathered(make_table):
    shown = shown_classes(make_table({"y": ["a", "a", "b", "b", "c", "d"]}), limit=2)
    assert shown.order == ("a", "b", "2 other classes")
    assert shown.rest == "2 other classes"
    assert shown.labels.tolist() == ["a", "a", "b", "b", "2 other classes", "2 other classes"]
    assert shown.looks["2 other classes"].colour == MID


def test_a_sample_without_a_class_keeps_the_colours(make_table):
    table = make_table({"y": ["a", "b", "c"]})
    part = shown_classes(table.rows(table.y != "a"))
    assert part.order == ("b", "c")
    assert part.looks == shown_classes(table).looks


def test_looks_differ_in_more_than_colour(make_table):
    looks = shown_classes(make_table({"y": [f"c{i}" for i in range(8)]})).looks.values()
    assert len({look.marker for look in looks}) == 8


def test_bare_answers_are_named_with_their_question(make_table):
    shown = shown_classes(make_table({"y": ["Yes", "No", "No"]}, positive="Yes", labels={"y": "Churn"}))
    assert shown.order == ("Churn = No", "Churn = Yes")
    assert class_name("-1.5", "A question longer than that") == "A questi… that = -1.5"
    assert class_name("benign", "Tumour") == "benign"


def test_places_follow_the_table_and_the_most_common_of_many_have_one(make_table):
    assert class_places(make_table({"y": ["b", "b", "a"]})) == {"a": 0, "b": 1}
    assert class_places(make_table({"y": ["a", "b", "b", "c", "c"]}), limit=2) == {"b": 0, "c": 1}
