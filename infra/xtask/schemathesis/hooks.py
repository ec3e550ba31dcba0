"""Logs in as the person under test, again when that session has ended, and signs deliveries."""

import hashlib
import hmac
import json
import os
import re

import requests
import schemathesis

BASE = os.environ["INTERLOCK_BASE"]
EMAIL = os.environ["INTERLOCK_EMAIL"]
# The second is the example of `auth-password-change`, which is tried like any other.
PASSWORDS = ["interlock-demo", "five wet horses"]
COOKIE = "__Host-session"
SIGNATURE = "x-cal-signature-256"
kept = {}


def login():
    for password in PASSWORDS:
        body = {"email": EMAIL, "password": password}
        answer = requests.post(f"{BASE}/api/auth/login", json=body, timeout=60)
        if answer.status_code == 200:
            return answer.headers["set-cookie"].split(";")[0].split("=", 1)[1]
    raise RuntimeError(f"{EMAIL} cannot log in: {answer.status_code} {answer.text}")


def secret():
    if "secret" not in kept:
        answer = requests.get(f"{BASE}/__dev/calcom", timeout=60)
        kept["secret"] = answer.json()["webhookSecret"]
    return kept["secret"].encode()


@schemathesis.auth(refresh_interval=None)
class Person:
    def get(self, case, context):
        if "token" not in kept:
            kept["token"] = login()
        return kept["token"]

    def set(self, case, data, context):
        case.cookies = {**(case.cookies or {}), COOKIE: data}


@schemathesis.hook
def before_call(context, case, kwargs):
    """A signature that has the form of one becomes that of the body."""
    shown = (case.headers or {}).get(SIGNATURE)
    if not isinstance(shown, str) or not re.fullmatch(r"(sha256=)?[0-9A-Fa-f]{64}", shown):
        return
    if not isinstance(case.body, (dict, list, str, int, float, bool, type(None))):
        return
    raw = json.dumps(case.body).encode()
    case.body = raw
    case.headers[SIGNATURE] = hmac.new(secret(), raw, hashlib.sha256).hexdigest()


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code == 401:
        kept.pop("token", None)
