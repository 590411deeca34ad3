"""Write `requirements.lock` anew: every version of every dependency pinned and hashed, no index address.

Needs uv, which resolves for all platforms and Python versions at once: ``pip install uv``.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
HEAD = """# Every version pinned and hashed. Made by `make lock`; installed with --no-deps, so it is complete.
# Left out on purpose: nvidia-nccl, 469 MB that XGBoost loads only to train on several GPUs.
"""
# Not `boosters`: 100 MB and minutes of fits that not everyone wants; `pip install '.[boosters]'` adds them.
EXTRAS = ("cluster", "dev", "postgresql")
LEFT_OUT = re.compile(r"(?m)^nvidia-nccl[^\n]*\\\n(?:    --hash[^\n]*\n)+")


def main() -> int:
    """Resolve and write the lock; return the exit status."""
    command = [
        "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
        "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header",
        *(f"--extra={name}" for name in EXTRAS), "pyproject.toml",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        sys.stderr.write("uv is not installed; expected on the path. Install it: pip install uv\n")
        return 2
    if done.returncode:
        sys.stderr.write(done.stderr)
        return done.returncode
    LOCK.write_text(HEAD + LEFT_OUT.sub("", done.stdout), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
