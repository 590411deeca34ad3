"""`nightbook lab`: JupyterLab with the warm kernel, on notebooks that hold the values of a params file."""
