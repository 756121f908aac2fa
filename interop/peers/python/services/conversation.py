"""The services that answer one text with another."""

import bidirectional_pb2
import bidirectional_pb2_grpc
import greeter_pb2
import greeter_pb2_grpc
import unary_pb2
import unary_pb2_grpc

PREFIX = "Hello Server Sending you the "


class Greeter(greeter_pb2_grpc.GreeterServicer):
    def SayHello(self, request, context):
        return greeter_pb2.HelloReply(message=f"Hello, {request.name}! Welcome to gRPC.")


class Unary(unary_pb2_grpc.UnaryServicer):
    def GetServerResponse(self, request, context):
        text = f"Hello I am up and running. Received ‘{request.message}’ message from you"
        return unary_pb2.MessageResponse(message=text, received=True)


class Bidirectional(bidirectional_pb2_grpc.BidirectionalServicer):
    def GetServerResponse(self, request_iterator, context):
        """Answers each message while the client is still sending."""
        for request in request_iterator:
            what = request.message.removeprefix(PREFIX)
            yield bidirectional_pb2.Message(message=f"Hello from the server received your {what}")
