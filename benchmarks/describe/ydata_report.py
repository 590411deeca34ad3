"""Run where ydata-profiling is installed: TABLE OUT [minimal] writes its page."""

import sys

import pandas as pd
from ydata_profiling import ProfileReport

path, out, *minimal = sys.argv[1:]
ProfileReport(pd.read_csv(path), minimal=bool(minimal), progress_bar=False).to_file(out, silent=True)
