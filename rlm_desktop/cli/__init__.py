"""The command line: the engine, the reader and the questions about a trace, without a window."""
