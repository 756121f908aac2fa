"""Looks products up in a fixed catalogue."""

from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
import grpc
from grpc_status import rpc_status
import product_pb2
import product_pb2_grpc

CATALOGUE = [
    product_pb2.Product(
        id="p001",
        name="Laptop Pro X",
        description="A light laptop with a 14 inch screen and a battery for the whole day.",
        price=1500,
        category="Electronics",
    ),
    product_pb2.Product(
        id="p002",
        name="Wireless Mouse",
        description="A quiet mouse for both hands; one battery lasts a year.",
        price=75.5,
        category="Electronics",
    ),
    product_pb2.Product(
        id="p003",
        name="Mechanical Keyboard",
        description="A compact keyboard with switches that can be replaced one by one.",
        price=120,
        category="Electronics",
    ),
    product_pb2.Product(
        id="p004",
        name="The Python Guide",
        description="From the first script to a program that others can maintain.",
        price=45.99,
        category="Books",
    ),
]


class ProductService(product_pb2_grpc.ProductServiceServicer):
    def GetProduct(self, request, context):
        if not request.product_id:
            context.abort_with_status(rpc_status.to_status(empty_product_id()))
        for product in CATALOGUE:
            if product.id == request.product_id:
                return product
        context.abort(grpc.StatusCode.NOT_FOUND, f"Product with ID '{request.product_id}' not found.")

    def ListProductsByCategory(self, request, context):
        for product in CATALOGUE:
            if product.category == request.category:
                yield product


def empty_product_id() -> status_pb2.Status:
    violation = error_details_pb2.BadRequest.FieldViolation(field="product_id", description="must not be empty")
    detail = any_pb2.Any()
    detail.Pack(error_details_pb2.BadRequest(field_violations=[violation]))
    return status_pb2.Status(
        code=code_pb2.INVALID_ARGUMENT, message="The request names no product.", details=[detail]
    )
