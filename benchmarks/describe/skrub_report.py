"""TABLE OUT writes skrub's page of the table."""

import sys
from pathlib import Path

import pandas as pd
import skrub

path, out = sys.argv[1:]
Path(out).write_text(skrub.TableReport(pd.read_csv(path), verbose=0).html(), encoding="utf-8")
