"""Where in the technical reports a number of the summary was computed."""

QUALITY = "01_data_quality.html#overview"
QUALITY_FINDINGS = "01_data_quality.html#findings"
SPLIT = "01_data_quality.html#split"
LEADERBOARD = "04_model_selection.html#leaderboard"
LEARNING_CURVE = "04_model_selection.html#learning-curve"
CHOSEN = "04_model_selection.html#chosen"
METRICS = "05_evaluation.html#metrics"
CLASSES = "05_evaluation.html#classes"
CONFUSION = "05_evaluation.html#confusion"
ERRORS = "05_evaluation.html#errors"
COVERAGE = "05_evaluation.html#coverage"
CALIBRATION = "05_evaluation.html#calibration"
THRESHOLD = "05_evaluation.html#threshold"
COSTS = "05_evaluation.html#costs"
IMPORTANCE = "05_evaluation.html#importance"
SLICES = "05_evaluation.html#slices"
HOLDOUT = "05_evaluation.html#holdout"

REPORTS: tuple[tuple[str, str], ...] = (
    ("data quality", "01_data_quality.html"),
    ("exploration", "02_exploration.html"),
    ("visualisation", "03_visualisation.html"),
    ("model selection", "04_model_selection.html"),
    ("evaluation", "05_evaluation.html"),
)
