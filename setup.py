"""What pyproject.toml cannot say: an editable install, as `make` does, installs kernelspec and template, too.

setuptools' editable wheel asks the distribution for `has_data` before it installs data files, and no
distribution has it.
"""

from setuptools import Distribution, setup


class WithDataFiles(Distribution):
    """A distribution whose data files are installed in editable mode as well."""

    def has_data(self) -> bool:
        """Tell whether there are data files."""
        return bool(self.has_data_files())


setup(distclass=WithDataFiles)
