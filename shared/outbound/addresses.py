"""To which addresses does no request of ours go, whatever name leads there?"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network

_PRIVATE, _LOCAL, _DOCUMENTATION = "private", "link-local", "for documentation"
_REFUSED_IPV4 = {
    "0.0.0.0/8": "unspecified",
    "10.0.0.0/8": _PRIVATE,
    "100.64.0.0/10": "shared by a carrier's customers",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "of a cloud's metadata",  # public by its number, but answered by the host of the machine
    "169.254.0.0/16": _LOCAL,
    "172.16.0.0/12": _PRIVATE,
    "192.0.0.0/24": "reserved",
    "192.0.2.0/24": _DOCUMENTATION,
    "192.31.196.0/24": "reserved",
    "192.52.193.0/24": "reserved",
    "192.88.99.0/24": "reserved",
    "192.168.0.0/16": _PRIVATE,
    "192.175.48.0/24": "reserved",
    "198.18.0.0/15": "for benchmarks",
    "198.51.100.0/24": _DOCUMENTATION,
    "203.0.113.0/24": _DOCUMENTATION,
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
_REFUSED_IPV6 = {
    # Within the addresses that are public. Teredo and 6to4 contain an IPv4 address that nothing would check.
    "2001::/32": "a tunnel (Teredo)",
    "2001::/23": "reserved",
    "2001:db8::/32": _DOCUMENTATION,
    "2002::/16": "a tunnel (6to4)",
    "2620:4f:8000::/48": "reserved",
    "3fff::/20": _DOCUMENTATION,
    # Outside of these, all are refused; the names are for the message.
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::ffff:0:0/96": "an IPv4 address in IPv6",
    "::/96": "an IPv4 address in IPv6",
    "64:ff9b::/96": "a translated IPv4 address (NAT64)",
    "64:ff9b:1::/48": "a translated IPv4 address (NAT64)",
    "fc00::/7": _PRIVATE,
    "fe80::/10": _LOCAL,
    "fec0::/10": _PRIVATE,
    "ff00::/8": "multicast",
}
_IPV4 = [(IPv4Network(network), kind) for network, kind in _REFUSED_IPV4.items()]
_IPV6 = [(IPv6Network(network), kind) for network, kind in _REFUSED_IPV6.items()]
_PUBLIC_IPV6 = ip_network("2000::/3")


@lru_cache(maxsize=4_096)
def why_refused(address: str) -> str | None:
    """Why no request goes to an address, such as `127.0.0.1 is loopback`; `None` if it is public."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "its address is none"
    if isinstance(parsed, IPv4Address):
        kind = next((kind for network, kind in _IPV4 if parsed in network), None)
    elif parsed.scope_id:
        kind = _LOCAL
    else:
        kind = next((kind for network, kind in _IPV6 if parsed in network), None)
        kind = kind or (None if parsed in _PUBLIC_IPV6 else "reserved")
    return kind and f"{parsed} is {kind}"
