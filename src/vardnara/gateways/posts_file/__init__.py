"""Posts files: a workload file and how posts are laid out on it, as TOML (``schema.json`` describes the format)."""

from vardnara.gateways.posts_file.data import PostsCase
from vardnara.gateways.posts_file.read import posts_file_read

__all__ = ["PostsCase", "posts_file_read"]
