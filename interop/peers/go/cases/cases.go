// Package cases has the client's side of every case of the cross-language tests, on grpc-go.
//
// A case takes its input as JSON, calls a server, and gives what it observed; it judges nothing.
// The inputs and results are described in interop/src/cases.
package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
)

// sideCallLimit bounds the calls that only help a case to observe another one.
const sideCallLimit = 10 * time.Second

type run func(conn *grpc.ClientConn, input json.RawMessage) (any, error)

var all = map[string]run{
	"greeter":           withInput(greet),
	"unary":             withInput(unaryAnswer),
	"bidirectional":     withInput(conversation),
	"product":           withInput(productByID),
	"category":          withInput(productsOfCategory),
	"upload":            withInput(uploadFile),
	"metadata":          withInput(metadataBothWays),
	"fail":              withInput(failures),
	"deadline":          withInput(deadline),
	"cancel":            withInput(cancellation),
	"unknown-method":    withInput(unknownMethod),
	"unknown-service":   withInput(unknownService),
	"send-bodies":       withInput(sendBodies),
	"receive-bodies":    withInput(receiveBodies),
	"slow-reader":       withInput(slowReader),
	"slow-server":       withInput(slowServer),
	"early-answers":     withInput(earlyAnswers),
	"concurrent":        withInput(concurrentCalls),
	"graceful-shutdown": withInput(gracefulShutdown),
	"killed-server":     withInput(killedServer),
}

// Run performs the case of that name and gives its result, ready to be written as JSON.
func Run(name string, conn *grpc.ClientConn, input []byte) (any, error) {
	selected, ok := all[name]
	if !ok {
		return nil, fmt.Errorf("there is no case %q", name)
	}
	return selected(conn, input)
}

func withInput[Input, Result any](perform func(*grpc.ClientConn, Input) (Result, error)) run {
	return func(conn *grpc.ClientConn, text json.RawMessage) (any, error) {
		var input Input
		if err := json.Unmarshal(text, &input); err != nil {
			return nil, fmt.Errorf("the input is not what the case wants: %w", err)
		}
		return perform(conn, input)
	}
}

func sideCall() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), sideCallLimit)
}

func codeOf(err error) int {
	return int(status.Code(err))
}

func messageOf(err error) string {
	return status.Convert(err).Message()
}
