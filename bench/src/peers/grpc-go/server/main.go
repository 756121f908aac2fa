// The grpc-go server of the benchmark. Usage: server PORT
package main

import (
	"context"
	"log"
	"net"
	"os"
	"strconv"

	"google.golang.org/grpc"

	"heddle.example/bench/gen/bench"
	"heddle.example/bench/gen/greeting"
)

const streamLength = 1000

type greeter struct {
	greeting.UnimplementedGreeterServer
}

func (greeter) SayHello(_ context.Context, request *greeting.HelloRequest) (*greeting.HelloReply, error) {
	return &greeting.HelloReply{Message: "Hello, " + request.GetName() + "! Welcome to gRPC."}, nil
}

type benchServer struct {
	bench.UnimplementedBenchServer
}

func (benchServer) Stream(request *bench.StreamRequest, stream grpc.ServerStreamingServer[bench.StreamReply]) error {
	count := int(request.GetCount())
	if count == 0 {
		count = streamLength
	}
	for index := range count {
		if err := stream.Send(&bench.StreamReply{Message: "Hello " + strconv.Itoa(index)}); err != nil {
			return err
		}
	}
	return nil
}

func (benchServer) Echo(_ context.Context, payload *bench.Payload) (*bench.Payload, error) {
	return payload, nil
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	greeting.RegisterGreeterServer(server, greeter{})
	bench.RegisterBenchServer(server, benchServer{})
	log.Fatal(server.Serve(listener))
}
