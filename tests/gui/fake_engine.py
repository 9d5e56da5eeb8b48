"""A program that speaks like an engine: it copies a prepared trace to where it was asked to write and to stdout, and obeys `stop`.

python fake_engine.py TRACE [hold | crash | refuse | flood]
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> int:
    source, manner = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    request = json.loads(sys.stdin.buffer.readline())
    if manner == "refuse":
        print("rlm-desktop: The key was refused. Give another one.\ntrace: nowhere", file=sys.stderr)
        return 1
    lines = source.read_bytes().splitlines(keepends=True)
    with Path(request["trace"]).open("wb") as target:
        for number, line in enumerate(lines):
            is_last = number == len(lines) - 1
            if is_last and manner == "hold":
                print(json.dumps({"progress": "text_streamed", "call_id": 0, "iteration": 0, "text": "x"}), flush=True)
                print(json.dumps({"progress": "of_a_later_version"}), flush=True)
                if json.loads(sys.stdin.buffer.readline() or b"{}").get("command") != "stop":
                    return 1
            if is_last and manner == "crash":
                sys.stdout.flush()
                os.abort()
            target.write(line)
            target.flush()
            sys.stdout.buffer.write(line)
            if manner != "flood":
                sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
