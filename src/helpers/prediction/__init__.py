"""The model in use: new rows held against what it learnt from, predictions with intervals, in parts."""
