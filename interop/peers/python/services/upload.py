"""Takes a file in pieces."""

import hashlib

import upload_pb2
import upload_pb2_grpc


class Upload(upload_pb2_grpc.UploadServicer):
    def UploadFile(self, request_iterator, context):
        """Answers with the size and the digest of all pieces."""
        digest = hashlib.sha256()
        size_bytes = 0
        for request in request_iterator:
            digest.update(request.chunk)
            size_bytes += len(request.chunk)
        return upload_pb2.UploadReceipt(size_bytes=size_bytes, sha256=digest.hexdigest())
