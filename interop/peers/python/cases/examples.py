"""The cases of the example services."""

import bidirectional_pb2
import bidirectional_pb2_grpc
from google.rpc import error_details_pb2
import greeter_pb2
import greeter_pb2_grpc
import grpc
from grpc_status import rpc_status
import product_pb2
import product_pb2_grpc
import unary_pb2
import unary_pb2_grpc
import upload_pb2
import upload_pb2_grpc

from cases.common import OK, RequestQueue, code_of


def greeter(channel, options):
    stub = greeter_pb2_grpc.GreeterStub(channel)
    return {"message": stub.SayHello(greeter_pb2.HelloRequest(name=options["name"])).message}


def unary(channel, options):
    stub = unary_pb2_grpc.UnaryStub(channel)
    reply = stub.GetServerResponse(unary_pb2.Message(message=options["message"]))
    return {"message": reply.message, "received": reply.received}


def bidirectional(channel, options):
    """Sends a message only when the one before it was answered."""
    requests = RequestQueue()
    responses = bidirectional_pb2_grpc.BidirectionalStub(channel).GetServerResponse(iter(requests))
    answers = []
    for text in options["messages"]:
        requests.send(bidirectional_pb2.Message(message=text))
        answers.append(next(responses).message)
    requests.end()
    for _ in responses:
        raise AssertionError("an answer came after the last message was answered")
    return {"answers": answers}


def product(channel, options):
    stub = product_pb2_grpc.ProductServiceStub(channel)
    try:
        found = stub.GetProduct(product_pb2.GetProductRequest(product_id=options["id"]))
    except grpc.RpcError as error:
        return {
            "code": code_of(error),
            "message": error.details(),
            "product": None,
            "violations": violations_of(error),
        }
    return {"code": OK, "message": "", "product": product_to_json(found), "violations": []}


def violations_of(error):
    status = rpc_status.from_call(error)
    violations = []
    for detail in status.details if status else []:
        bad_request = error_details_pb2.BadRequest()
        if not detail.Unpack(bad_request):
            raise AssertionError(f"a detail of the error is not a google.rpc.BadRequest but {detail.type_url}")
        for violation in bad_request.field_violations:
            violations.append({"field": violation.field, "description": violation.description})
    return violations


def product_to_json(found):
    return {
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "price": found.price,
        "category": found.category,
    }


def category(channel, options):
    stub = product_pb2_grpc.ProductServiceStub(channel)
    request = product_pb2.ListProductsByCategoryRequest(category=options["category"])
    return {"products": [product_to_json(found) for found in stub.ListProductsByCategory(request)]}


def upload(channel, options):
    """Sends a file whose byte at i is i modulo 251."""
    size_bytes, chunk_bytes = options["sizeBytes"], options["chunkBytes"]
    pattern = bytes(range(251))
    file = (pattern * (size_bytes // len(pattern) + 1))[:size_bytes]

    def requests():
        yield upload_pb2.UploadRequest(info=upload_pb2.FileInfo(name="pattern.bin", size_bytes=size_bytes))
        for start in range(0, size_bytes, chunk_bytes):
            yield upload_pb2.UploadRequest(chunk=file[start : start + chunk_bytes])

    receipt = upload_pb2_grpc.UploadStub(channel).UploadFile(requests())
    return {"sizeBytes": receipt.size_bytes, "sha256": receipt.sha256}
