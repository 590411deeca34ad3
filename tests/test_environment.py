"""environment.yml and pyproject.toml name the same dependencies; the lock holds them all."""

import re
import tomllib

import yaml

from helpers.paths import repository

# What who wants it installs beside the locked versions.
BESIDE_THE_LOCK = {"boosters"}


def _pyproject(*, without=frozenset()):
    project = tomllib.loads((repository() / "pyproject.toml").read_text())["project"]
    extras = {name: extra for name, extra in project["optional-dependencies"].items() if name not in without}
    names = [*project["dependencies"], *(name for extra in extras.values() for name in extra)]
    # An extra of a package, such as psycopg[binary], is pip's alone; conda's package comes whole.
    return {re.sub(r"\[.*\]", "", name) for name in names}


def test_conda_environment_names_the_same_dependencies():
    conda = yaml.safe_load((repository() / "environment.yml").read_text())["dependencies"]
    named = {item for item in conda if isinstance(item, str)} - {"python>=3.11", "pip"}
    by_pip = next(item["pip"] for item in conda if isinstance(item, dict))
    assert named | {item for item in by_pip if not item.startswith("--")} == _pyproject()


def test_lock_pins_every_dependency_with_hashes_and_no_address():
    lock = (repository() / "requirements.lock").read_text()
    pinned = {name.lower() for name in re.findall(r"(?m)^([A-Za-z0-9._-]+)==", lock)}
    wanted = {
        re.split(r"[<>=]", item)[0].lower().replace("_", "-") for item in _pyproject(without=BESIDE_THE_LOCK)
    }
    assert wanted - pinned == set()
    assert lock.count("==") <= lock.count("--hash=sha256:")
    assert "://" not in lock
    assert "--index" not in lock and "--find-links" not in lock
