"""The file that a sandbox process is started with. It is compiled at every start, so it holds next to nothing.

The packages above this one are put in place as empty shells: a child finds its own files by their names and loads nothing else of ours.
"""

import sys

_shell = type(sys)
_child = __file__.replace("\\", "/").rpartition("/")[0]
for _name, _path in (("rlm_desktop", ""), ("rlm_desktop.sandbox", ""), ("rlm_desktop.sandbox.child", _child)):
    sys.modules[_name] = _module = _shell(_name)
    _module.__path__ = [_path] if _path else []

from rlm_desktop.sandbox.child.repl import main  # noqa: E402  (found through the shells)

if __name__ == "__main__":
    main(sys.argv[1:])
