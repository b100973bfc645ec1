"""How does a service ask for something at an outside host, without being sent where it must not go?

Hosts, redirects and answers are hostile until checked. Only the checks of this package lead to a connection: of the URL
(`targets`), of every address of its host (`addresses`), and again of each redirect.
"""

from shared.outbound.client import Outbound
from shared.outbound.failures import NoAnswer, NotConnected, Refused, TooLarge, Unreachable
from shared.outbound.messages import Answer, Limits, Request

__all__ = ["Answer", "Limits", "NoAnswer", "NotConnected", "Outbound", "Refused", "Request", "TooLarge", "Unreachable"]
