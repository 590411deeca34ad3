"""params/schema.json says what the model says."""

from helpers.parameters.schema import schema_text
from helpers.paths import params_folder


def test_schema_file_is_generated_from_the_model():
    assert (params_folder() / "schema.json").read_text(encoding="utf-8") == schema_text()
