"""The work: tasks with owner, state and history that is never rewritten; worker's, ward's and coordinator's pages."""
