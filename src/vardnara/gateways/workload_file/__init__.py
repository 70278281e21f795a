"""Workload files: wards, tasks, norms and agreements as TOML (``schema.json`` describes the format)."""

from vardnara.gateways.workload_file.data import WorkloadCase
from vardnara.gateways.workload_file.read import workload_case_read, workload_file_read

__all__ = ["WorkloadCase", "workload_case_read", "workload_file_read"]
