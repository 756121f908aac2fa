// Command client performs one case of the cross-language tests on grpc-go and prints its result as one line of JSON.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"heddle.test/interop/peer/cases"
)

func main() {
	address := flag.String("address", "", "host:port of the server")
	name := flag.String("case", "", "the case to perform")
	input := flag.String("input", "{}", "the input of the case, as JSON")
	flag.Parse()

	conn, err := grpc.NewClient(*address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	result, err := cases.Run(*name, conn, []byte(*input))
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		log.Fatal(err)
	}
}
