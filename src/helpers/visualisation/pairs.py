"""Which two features tell more about the target together than the better of them alone."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesRegressor

from helpers.visualisation.telling import LEAF_ROWS, TWO_SIDED, Trial, alike, errors, strictness, told

ALONE = 7  # candidates that tell most alone
IN_COMPANY = 5  # and those that a forest finds useful beside others
TREES = 60
PAIR_ROWS = 10  # rows that must have both values


def pair_candidates(trial: Trial, ranking: pd.DataFrame, *, seed: int) -> list[str]:
    """Return the columns of which all pairs are tried: the best alone, and the best in company.

    A feature that tells nothing alone may decide together with another; a forest of randomised trees
    (Geurts et al. 2006) on all features notices most of these without trying every pair.
    """
    alone = list(ranking["column"].head(ALONE))
    if len(ranking) <= len(alone):
        return alone
    names = list(trial.blocks)
    widths = [trial.blocks[name].shape[1] for name in names]
    forest = ExtraTreesRegressor(
        TREES, min_samples_leaf=LEAF_ROWS, max_features="sqrt", n_jobs=1, random_state=seed
    )
    # Ranks may be missing; -1 puts missing values before all others.
    matrix = np.nan_to_num(np.hstack([trial.blocks[name] for name in names]), nan=-1.0)
    forest.fit(matrix, trial.outputs)
    starts = np.concatenate([[0], np.cumsum(widths)[:-1]])
    weight = pd.Series(np.add.reduceat(forest.feature_importances_, starts), index=names)
    useful = weight.drop(alone).sort_values(ascending=False, kind="stable")
    return [*alone, *useful.index[:IN_COMPANY]]


def telling_pairs(trial: Trial, ranking: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Rank pairs of features by what they tell together beyond the better one alone.

    Parameters
    ----------
    trial : Trial
        The rows and folds that `ranking` was made on.
    ranking : pandas.DataFrame
        What `telling_features` returns.

    Returns
    -------
    pandas.DataFrame
        One row a pair; those with a certain gain first, then by what they tell together: ``first``,
        ``second`` (columns; the first tells more alone), ``together``, ``alone`` (share of the target's
        variation told by the pair and by the better one), ``gain``, ``low``, ``high`` (the
        difference and its 95 % interval), ``certain`` (whether the gain is above 0 beyond chance, corrected
        for the number of pairs).
    """
    candidates = pair_candidates(trial, ranking, seed=seed)
    single = {name: errors(trial, [name]) for name in candidates}
    pairs = [pair for pair in combinations(candidates, 2) if _together(trial, pair) >= PAIR_ROWS]
    bar = strictness(len(pairs))
    rows = []
    for pair in pairs:
        first, second = sorted(pair, key=lambda name: float(single[name].sum()))
        both = errors(trial, [first, second])
        gain, error = told(trial, single[first], both)
        alone, together = told(trial, trial.baseline, single[first])[0], told(trial, trial.baseline, both)[0]
        interval = (gain - TWO_SIDED * error, gain + TWO_SIDED * error)
        rows.append((first, second, together, alone, gain, *interval, gain > bar * error))
    columns = ["first", "second", "together", "alone", "gain", "low", "high", "certain"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["certain", "together"], ascending=False, kind="stable", ignore_index=True)


def pairs_worth_showing(trial: Trial, pairs: pd.DataFrame, *, limit: int) -> pd.DataFrame:
    """Choose the pairs to draw: those with a gain beyond chance, none where there is no such pair.

    No feature is drawn twice, and no pair of features that are alike: its points lie on a line.

    Returns
    -------
    pandas.DataFrame
        At most `limit` rows of `pairs`.
    """
    rows = pairs[pairs["certain"]].to_dict("index")
    chosen: list[Any] = []
    drawn: set[str] = set()
    for place, row in rows.items():
        first, second = row["first"], row["second"]
        if drawn & {first, second} or alike(trial.features[first], trial.features[second]):
            continue
        chosen.append(place)
        drawn |= {first, second}
        if len(chosen) == limit:
            break
    return pairs.loc[chosen]


def _together(trial: Trial, pair: tuple[str, str]) -> int:
    first, second = (trial.features[name].series.notna() for name in pair)
    return int((first & second).sum())
