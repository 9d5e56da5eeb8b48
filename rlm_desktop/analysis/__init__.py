"""Pure functions of a trace: what the record of a run says beyond itself."""
