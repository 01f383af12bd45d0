"""The one exception that a user's mistake becomes."""


class MarqueeError(Exception):
    """Something a user can put right. The message is one line that says what is wrong and what to do.

    The command line prints it and exits with 2; the app shows it. Everything else is a bug and keeps its traceback.
    """
