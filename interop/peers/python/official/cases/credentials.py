"""The cases of credentials, for a service account whose key is in a file. google-auth makes the tokens."""

import grpc
import messages_pb2
import test_pb2_grpc
import urllib3
from google.auth import jwt
from google.auth.transport.grpc import AuthMetadataPlugin
from google.auth.transport.urllib3 import Request
from google.oauth2 import service_account

from cases.unary import LARGE_RESPONSE_BYTES, large_request
from session import Session, check_equal, check_payload


def jwt_token_creds(session: Session) -> None:
    account = _signing_account(session)
    channel = session.open_channel(_call_credentials(account))
    response = test_pb2_grpc.TestServiceStub(channel).UnaryCall(large_request(fill_username=True))
    check_equal(response.username, account.signer_email, "the user that the server names")
    check_payload(response.payload, LARGE_RESPONSE_BYTES)


def oauth2_auth_token(session: Session) -> None:
    scope = session.flags.oauth_scope
    account = service_account.Credentials.from_service_account_file(
        session.flags.service_account_key_file, scopes=[scope]
    )
    account.refresh(Request(urllib3.PoolManager()))
    channel = session.open_channel(grpc.access_token_call_credentials(account.token))
    request = messages_pb2.SimpleRequest(fill_username=True, fill_oauth_scope=True)
    response = test_pb2_grpc.TestServiceStub(channel).UnaryCall(request)
    check_equal(response.username, account.service_account_email, "the user that the server names")
    check_equal(response.oauth_scope, scope, "the scope that the server names")


def per_rpc_creds(session: Session) -> None:
    account = _signing_account(session)
    request = messages_pb2.SimpleRequest(fill_username=True)
    response = session.stub.UnaryCall(request, credentials=_call_credentials(account))
    check_equal(response.username, account.signer_email, "the user that the server names")


def _signing_account(session: Session) -> jwt.OnDemandCredentials:
    return jwt.OnDemandCredentials.from_service_account_file(session.flags.service_account_key_file)


def _call_credentials(account) -> grpc.CallCredentials:
    return grpc.metadata_call_credentials(AuthMetadataPlugin(account, Request(urllib3.PoolManager())))
