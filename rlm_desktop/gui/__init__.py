"""The window: the only part that knows Qt. It starts the engine as a process and draws what comes back."""
