"""Models: candidates, cross-validation, honest comparison, the choice, and the fitted one in a file."""
