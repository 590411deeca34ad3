import pandas as pd

from helpers.visualisation.conclusions import chosen_words, pairs_words, target_words, telling_words


def test_the_target_is_said_in_words(make_table):
    assert target_words(make_table({"y": ["No", "No", "Yes"]}, labels={"y": "Churn"})) == (
        "Churn: of 2 classes Churn = No is the most common, with 67 % of 3 rows."
    )
    assert target_words(make_table({"y": [1.0, 2, 3, 4, 5]})) == (
        "y: the median of 5 rows is 3, the middle half lies between 2 and 4."
    )


def _ranking(*told: float, certain: int) -> pd.DataFrame:
    marks = [place < certain for place in range(len(told))]
    titles = [f"t{place}" for place in range(len(told))]
    return pd.DataFrame({"title": titles, "told": told, "certain": marks})


def test_what_features_tell_is_said_in_words():
    assert telling_words(_ranking(0.5, 0.3, 0.2, 0.1, 0.0, certain=4), constant=1) == (
        "4 of 5 features tell something alone beyond chance, by a small tree on rows it had not seen; most of "
        "all t0 (50 %), t1 (30 %) and t2 (20 %). 1 feature never changes."
    )
    assert telling_words(_ranking(0.5, 0.0, certain=1), constant=0) == (
        "1 of 2 features tells something alone beyond chance, by a small tree on rows it had not seen; most of "
        "all t0 (50 %)."
    )
    assert telling_words(_ranking(0.1, 0.0, certain=0), constant=0) == (
        "None of 2 features tells anything alone beyond chance, by a small tree on rows it had not seen."
    )
    assert telling_words(_ranking(0.1, certain=0), constant=0) == (
        "Not even the only feature tells anything alone beyond chance, by a small tree on rows it had not "
        "seen."
    )
    assert telling_words(_ranking(certain=0), constant=2) == (
        "No feature has two different values, so none can tell anything. 2 features never change."
    )


def test_what_is_drawn_is_said_in_words(make_table):
    table = make_table({name: [1.0, 2.0] for name in "abcdefg"} | {"y": ["u", "v"]}, labels={"b": "B, mean"})
    assert chosen_words([], {}, table) == "No feature is drawn: none has two different values."
    assert chosen_words(["a", "b"], {}, table) == "Drawn: a and “B, mean”."
    twins = {"c": "a", "d": "a", "e": "b", "f": "a"}
    assert chosen_words(["a"], twins, table) == (
        "Drawn: a. Passed over because they show the same as one of these: c (like a), d (like a), e (like "
        "“B, mean”) "
        "and 1 more."
    )


def test_what_pairs_tell_is_said_in_words(make_table):
    table = make_table({"a": [1.0, 2], "b": [1.0, 2], "y": ["u", "v"]})
    pairs = pd.DataFrame(
        {
            "first": ["a", "b"],
            "second": ["b", "a"],
            "together": [0.82, 0.1],
            "alone": [0.7, 0.0],
            "gain": [0.12, 0.1],
            "certain": [True, False],
        }
    )
    assert pairs_words(pairs, table) == (
        "1 of 2 pairs tells more together than the better one alone, beyond chance; most of all a with b: "
        "12 points more (82 % instead of 70 %)."
    )
    assert pairs_words(pairs.tail(1), table) == (
        "The only pair tells no more together than the better one alone, beyond chance."
    )
    assert pairs_words(pairs.assign(certain=False), table) == (
        "None of 2 pairs tells more together than the better one alone, beyond chance."
    )
    assert pairs_words(pairs.head(0), table) == "There are no two features to look at together."
