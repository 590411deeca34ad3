"""The JSON schema of params files, for the completion and the checks of editors."""

import json
from typing import Any

from helpers.parameters.model import Parameters


def schema() -> dict[str, Any]:
    """Return the JSON schema; a notebook's own parameters are allowed beside the known ones."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Parameters.model_json_schema()}


def schema_text() -> str:
    """Return the schema as it stands in ``params/schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
