"""params/schema.json says what the model says."""

from helpers.parameters.schema import schema, schema_text
from helpers.paths import params_folder


def test_schema_file_is_generated_from_the_model():
    assert (params_folder() / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_editors_accept_the_short_forms_of_how_a_run_goes():
    properties = schema()["properties"]
    assert {"type": "number"} in properties["memory"]["anyOf"]
    assert {"type": "number"} in properties["timeout"]["anyOf"]
    assert properties["grid"]["additionalProperties"]["minItems"] == 1
