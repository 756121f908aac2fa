package services

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"google.golang.org/grpc"

	"heddle.test/interop/gen/upload"
)

// Upload takes a file in pieces.
type Upload struct {
	upload.UnimplementedUploadServer
}

// UploadFile answers with the size and the digest of all pieces.
func (Upload) UploadFile(stream grpc.ClientStreamingServer[upload.UploadRequest, upload.UploadReceipt]) error {
	digest := sha256.New()
	var sizeBytes uint64
	for {
		request, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		chunk := request.GetChunk()
		digest.Write(chunk)
		sizeBytes += uint64(len(chunk))
	}
	return stream.SendAndClose(&upload.UploadReceipt{SizeBytes: sizeBytes, Sha256: hex.EncodeToString(digest.Sum(nil))})
}
