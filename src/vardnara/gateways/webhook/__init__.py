"""A signed message to an SMS gateway or a pager system."""

from vardnara.gateways.webhook.send import Notice, notice_body, signature, signature_valid, webhook_send

__all__ = ["Notice", "notice_body", "signature", "signature_valid", "webhook_send"]
