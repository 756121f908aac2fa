"""Tells the server who makes a call, by the token in its metadata; google-auth checks it."""

import json
from typing import NamedTuple

from google.auth import jwt


class Caller(NamedTuple):
    username: str
    oauth_scope: str


class Authenticator:
    def __init__(self, trust_file: str) -> None:
        with open(trust_file, encoding="utf-8") as file:
            trust = json.load(file)
        self._audiences = trust["audiences"]
        self._endpoints = trust["endpoints"]
        self._keys = {key_id: key["publicKey"] for key_id, key in trust["keys"].items()}
        self._issuers = {key_id: key["issuer"] for key_id, key in trust["keys"].items()}

    def caller_of(self, metadata) -> Caller:
        """Raises a ValueError that says why a call's token cannot be believed."""
        values = [value for key, value in metadata if key == "authorization"]
        if len(values) != 1 or not values[0].startswith("Bearer "):
            raise ValueError("the call has no authorization of the form Bearer <token>")
        token = values[0].removeprefix("Bearer ")
        claims = jwt.decode(token, certs=self._keys)
        issuer = claims["iss"]
        if issuer != self._issuers[jwt.decode_header(token)["kid"]]:
            raise ValueError(f"the token's key does not belong to {issuer}")
        if issuer in self._endpoints:
            return Caller(claims["sub"], claims["scope"])
        if claims["sub"] != issuer or claims["aud"] not in self._audiences:
            raise ValueError(f"the token is about {claims['sub']} and meant for {claims['aud']}")
        return Caller(issuer, "")
