"""The built-in extractive model: searches, ranks and quotes, in any script; it is not a language model and says so."""

from rlm_desktop.engine.models.builtin.model import BuiltinModel, reply
from rlm_desktop.engine.models.builtin.sub_model import BUILTIN_NAME, NOT_FOUND

__all__ = ["BUILTIN_NAME", "NOT_FOUND", "BuiltinModel", "reply"]
