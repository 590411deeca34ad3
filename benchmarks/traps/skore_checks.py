"""Run where skore is installed: TABLE TARGET OUT writes its issues and tips as JSON, [code, columns] each."""

import json
import sys
from pathlib import Path

import pandas as pd
import skore
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from skrub import tabular_pipeline

path, target, out = sys.argv[1:]
frame = pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)
frame = frame[frame[target].notna()]
X, y = frame.drop(columns=target), frame[target]
amounts = pd.api.types.is_numeric_dtype(y) and y.nunique() > 20
model = tabular_pipeline(HistGradientBoostingRegressor() if amounts else HistGradientBoostingClassifier())
checks = skore.evaluate(model, X, y, splitter=5).checks.summarize().frame()
said = checks[checks["section"].isin(["issue", "tip"])]
found = [
    [row.code, [name for name in X.columns if str(name) in str(row.explanation)]] for row in said.itertuples()
]
Path(out).write_text(json.dumps(found))
