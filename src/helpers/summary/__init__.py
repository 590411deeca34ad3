"""The summary for people with no technical background: facts, verdict, sentences, figures, page."""
