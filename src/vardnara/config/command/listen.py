"""``vardnara listen``: the MLLP listener alone."""

from __future__ import annotations

import argparse
from typing import Any

from vardnara.config.command.parts_alone import part_ready
from vardnara.config.command.registry import command_add, data_option

MESSAGE_BYTES = 16 * 1024 * 1024
TLS_OPTIONS = {
    "--tls-certificate": "certificate chain of the listener (PEM); MLLP is then spoken over TLS",
    "--tls-key": "its private key (PEM)",
    "--tls-client-ca": "authorities that a sender's certificate must come from (PEM); senders then must have one",
}


def tls_options(parser: argparse.ArgumentParser) -> None:
    """Add what the listener takes beside its address."""
    for option, line in TLS_OPTIONS.items():
        parser.add_argument(option, metavar="FILE", help=line)
    parser.add_argument(
        "--max-message-bytes",
        type=int,
        default=MESSAGE_BYTES,
        metavar="N",
        help=f"largest message that is taken (default {MESSAGE_BYTES})",
    )


def tls_words(args: argparse.Namespace) -> list[str]:
    """Return the same options as words of a command line."""
    words = []
    for option in (*TLS_OPTIONS, "--max-message-bytes"):
        value = getattr(args, option.lstrip("-").replace("-", "_"))
        words += [] if value is None else [option, str(value)]
    return words


def register(subparsers: Any) -> None:
    """Declare ``listen``."""
    parser = command_add(subparsers, "listen")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=2575, help="port to listen on (default 2575)")
    tls_options(parser)
    data_option(parser)


def run(args: argparse.Namespace) -> int:
    """Listen until told to stop."""
    part_ready(args)
    from vardnara.config.parts.listener import main

    return main(
        host=args.host,
        port=args.port,
        tls_certificate=args.tls_certificate,
        tls_key=args.tls_key,
        tls_client_ca=args.tls_client_ca,
        max_message_bytes=args.max_message_bytes,
    )
