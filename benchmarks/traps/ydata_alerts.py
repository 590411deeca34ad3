"""Run where ydata-profiling is installed: TABLE TARGET OUT writes its alerts as JSON: [type, columns]."""

import json
import sys
from pathlib import Path

import pandas as pd
from ydata_profiling import ProfileReport

path, _, out = sys.argv[1:]
frame = pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)
alerts = ProfileReport(frame, progress_bar=False).get_description().alerts
found = [[alert.alert_type.name, [str(alert.column_name), *map(str, alert.fields)]] for alert in alerts]
Path(out).write_text(json.dumps(found))
