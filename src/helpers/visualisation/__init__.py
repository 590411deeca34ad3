"""The figures one would show: the target, the features that tell most about it, pairs, a map of the rows.

Each step of the notebook has a module of measures and tables, and beside it the figures and their words:

- `target`: the target's distribution.
- `telling` ranks features, `telling_picture` draws the ranking.
- `by_target` draws a feature against the target: `by_class`, `by_class_figures`, `by_class_pictures` for
  classes, `by_value`, `by_value_figures`, `by_value_pictures` for a number.
- `pairs` ranks pairs of features, `pair_pictures` draws them as `pair_cloud` or `pair_grid`.
- `map` places the rows in two dimensions, `map_pictures` draws them.
- `conclusions` says what was found.

Shared by these: `drawable` and `classes` (what is shown by name), `bins`, `intervals`, `sample`,
`feature_axis`, `figures` (lettering, ticks, headlines), `dots`, `clouds`, `class_labels`, `words`, `picture`.
"""
