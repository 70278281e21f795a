"""Pages of accounts: sign-in, language, the app's shell and the access log."""
