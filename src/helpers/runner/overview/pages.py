"""The templates of the pages that are made from run records alone."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template


@cache
def template(name: str) -> Template:
    """Return a template of the package; what it shows is escaped."""
    folder = Path(__file__).parents[1] / "templates" / "nightbook"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)


def encodable(page: str) -> str:
    """Return the page with each lone surrogate, which UTF-8 cannot hold, shown by its number."""
    return page.encode("utf-8", "backslashreplace").decode("utf-8")
