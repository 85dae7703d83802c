"""The engine: configuration, plan, runner, storage, ledger, sources, session, commands, reports."""
