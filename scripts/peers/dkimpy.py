"""Verifies every DKIM-Signature of each message by dkimpy, with keys from a file.

usage: dkimpy.py KEYFILE MESSAGE…; prints "MESSAGE SELECTOR pass|fail REASON" a signature.
"""
import sys

import dkim

keys = {}
for line in open(sys.argv[1], "rb"):
    name, record = line.rstrip(b"\n").split(b" ", 1)
    keys[name.lower()] = record


def look_up(name, timeout=5):
    name = name if isinstance(name, bytes) else name.encode()
    return keys.get(name.rstrip(b".").lower())


for path in sys.argv[2:]:
    verifier = dkim.DKIM(open(path, "rb").read())
    count = sum(1 for name, _ in verifier.headers if name.lower() == b"dkim-signature")
    for index in range(count):
        try:
            passes, reason = verifier.verify(idx=index, dnsfunc=look_up), ""
        except dkim.DKIMException as error:
            passes, reason = False, str(error)
        selector = verifier.signature_fields.get(b"s", b"?").decode()
        print(path, selector, "pass" if passes else "fail", reason)
