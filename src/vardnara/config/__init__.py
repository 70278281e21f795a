"""Settings, root urls, asgi, the ``vardnara`` command and its parts: wiring and nothing else."""
