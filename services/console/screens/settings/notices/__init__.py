"""Which of our own people get notices, in Slack or by mail."""
