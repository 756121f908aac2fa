// Command server serves every service of the cross-language tests on grpc-go.
//
// It prints "listening on <port>" when it is ready, and exits with 0 after a graceful shutdown.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"

	"google.golang.org/grpc"

	"heddle.test/interop/gen/bidirectional"
	"heddle.test/interop/gen/greeter"
	"heddle.test/interop/gen/probe"
	"heddle.test/interop/gen/product"
	"heddle.test/interop/gen/unary"
	"heddle.test/interop/gen/upload"
	"heddle.test/interop/peer/services"
)

func main() {
	port := flag.Int("port", 0, "TCP port on 127.0.0.1; 0 takes a free one")
	flag.Parse()

	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	stopped := make(chan struct{})
	stopGracefully := func() {
		go func() {
			server.GracefulStop()
			close(stopped)
		}()
	}
	greeter.RegisterGreeterServer(server, services.Greeter{})
	unary.RegisterUnaryServer(server, services.Unary{})
	bidirectional.RegisterBidirectionalServer(server, services.Bidirectional{})
	product.RegisterProductServiceServer(server, services.ProductService{})
	upload.RegisterUploadServer(server, services.Upload{})
	probe.RegisterProbeServer(server, services.NewProbe(stopGracefully))

	fmt.Printf("listening on %d\n", listener.Addr().(*net.TCPAddr).Port)
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
	<-stopped
}
