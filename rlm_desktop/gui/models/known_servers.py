"""Servers that speak the OpenAI protocol, by the name that people know them by."""

from __future__ import annotations

from typing import Final, NamedTuple


class Server(NamedTuple):
    name: str
    base_url: str
    key_env: str = ""
    """The environment variable that this server's own tools read the key from; empty where no key is needed."""


SERVERS: Final = (
    Server("OpenAI", "https://api.openai.com/v1", "OPENAI_API_KEY"),
    Server("Anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
    Server("Google Gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
    Server("OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    Server("Groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    Server("Ollama", "http://localhost:11434/v1"),
    Server("LM Studio", "http://localhost:1234/v1"),
    Server("llama.cpp", "http://localhost:8080/v1"),
    Server("vLLM", "http://localhost:8000/v1"),
)
