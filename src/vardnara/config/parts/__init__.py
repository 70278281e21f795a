"""The parts that run: web, listener, worker, and the heartbeat that each of them keeps."""
