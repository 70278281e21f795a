"""Calendars that phones and computers follow: iCalendar (RFC 5545), written."""

from vardnara.gateways.icalendar.write import CalendarEvent, calendar_text

__all__ = ["CalendarEvent", "calendar_text"]
