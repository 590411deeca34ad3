import psutil
import pytest

from helpers.memory import available_bytes


@pytest.fixture
def groups(tmp_path):
    """Write control groups; give what is free under them."""

    def free(own, **contents):
        for path, text in contents.items():
            file = tmp_path / path.replace("__", "/").replace("_DOT_", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        (tmp_path / "own").write_text(own)
        return available_bytes(groups=tmp_path, own=tmp_path / "own")

    return free


def test_the_tightest_group_above_counts_and_cached_files_are_free(groups):
    assert groups(
        "0::/a/b\n",
        a__memory_DOT_max="1000\n", a__memory_DOT_current="700\n",
        a__memory_DOT_stat="anon 600\ninactive_file 90\n",
        a__b__memory_DOT_max="max\n", a__b__memory_DOT_current="5\n", a__b__memory_DOT_stat="",
    ) == 390  # fmt: skip


def test_the_older_control_groups(groups):
    assert groups(
        "4:cpu:/x\n3:memory:/gone\n",
        memory__memory_DOT_limit_in_bytes="500", memory__memory_DOT_usage_in_bytes="600",
        memory__memory_DOT_stat="total_inactive_file 0\n",
    ) == 0  # fmt: skip


def test_without_a_limit_it_is_the_machine(groups, monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: type("Memory", (), {"available": 123})())
    assert groups("0::/\n", memory_DOT_max="max") == 123
    assert groups("nonsense\n\n") == 123
