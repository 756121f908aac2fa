package services

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"google.golang.org/grpc"

	"heddle.test/interop/gen/bidirectional"
	"heddle.test/interop/gen/greeter"
	"heddle.test/interop/gen/unary"
)

// Greeter greets by name.
type Greeter struct {
	greeter.UnimplementedGreeterServer
}

// SayHello answers at once.
func (Greeter) SayHello(_ context.Context, request *greeter.HelloRequest) (*greeter.HelloReply, error) {
	return &greeter.HelloReply{Message: fmt.Sprintf("Hello, %s! Welcome to gRPC.", request.GetName())}, nil
}

// Unary confirms what it received.
type Unary struct {
	unary.UnimplementedUnaryServer
}

// GetServerResponse quotes the message in its answer.
func (Unary) GetServerResponse(_ context.Context, request *unary.Message) (*unary.MessageResponse, error) {
	text := fmt.Sprintf("Hello I am up and running. Received ‘%s’ message from you", request.GetMessage())
	return &unary.MessageResponse{Message: text, Received: true}, nil
}

// Bidirectional answers each message while the client is still sending.
type Bidirectional struct {
	bidirectional.UnimplementedBidirectionalServer
}

// GetServerResponse sends one answer for each message.
func (Bidirectional) GetServerResponse(
	stream grpc.BidiStreamingServer[bidirectional.Message, bidirectional.Message],
) error {
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		what := strings.TrimPrefix(message.GetMessage(), "Hello Server Sending you the ")
		answer := &bidirectional.Message{Message: "Hello from the server received your " + what}
		if err := stream.Send(answer); err != nil {
			return err
		}
	}
}
