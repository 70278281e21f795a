"""E-mail by SMTP."""

from vardnara.gateways.mail.send import Letter, MailServer, mail_send, mail_server

__all__ = ["Letter", "MailServer", "mail_send", "mail_server"]
