package cases

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"heddle.test/interop/gen/probe"
)

// attemptInterval is what lies between two calls while a case waits for a server to go or to come back.
const attemptInterval = 50 * time.Millisecond

type shutdownInput struct {
	Messages []string `json:"messages"`
}

type shutdownResult struct {
	Echoed       []string `json:"echoed"`
	RefusedCodes []int    `json:"refusedCodes"`
	Code         int      `json:"code"`
}

// gracefulShutdown goes on with an open stream after the server has stopped taking calls.
func gracefulShutdown(conn *grpc.ClientConn, input shutdownInput) (shutdownResult, error) {
	client := probe.NewProbeClient(conn)
	result := shutdownResult{Echoed: []string{}}
	stream, err := client.Chat(context.Background())
	if err != nil {
		return result, err
	}
	for i, text := range input.Messages {
		if err := stream.Send(&probe.Payload{Body: []byte(text)}); err != nil {
			return result, err
		}
		answer, err := stream.Recv()
		if err != nil {
			return result, err
		}
		result.Echoed = append(result.Echoed, string(answer.GetBody()))
		if i > 0 {
			continue
		}
		if _, err := client.Shutdown(context.Background(), &probe.Nothing{}); err != nil {
			return result, err
		}
		if result.RefusedCodes, err = failuresUntil(client, codes.Unavailable); err != nil {
			return result, err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return result, err
	}
	if _, err = stream.Recv(); !errors.Is(err, io.EOF) {
		result.Code = codeOf(err)
	}
	return result, nil
}

type killedResult struct {
	StreamCode int   `json:"streamCode"`
	RetryCodes []int `json:"retryCodes"`
}

// killedServer reads a stream whose server dies, and then calls until there is a server again.
func killedServer(conn *grpc.ClientConn, _ nothing) (killedResult, error) {
	client := probe.NewProbeClient(conn)
	result := killedResult{}
	request := &probe.FloodRequest{CallId: "killed-server", Messages: 1_000_000, BodyBytes: 16 * 1024}
	stream, err := client.Flood(context.Background(), request)
	if err != nil {
		return result, err
	}
	if _, err := stream.Recv(); err != nil {
		return result, err
	}
	// Its outcome says nothing: the server dies before it can answer.
	_, _ = client.Die(context.Background(), &probe.Nothing{})
	for err == nil {
		_, err = stream.Recv()
	}
	if !errors.Is(err, io.EOF) {
		result.StreamCode = codeOf(err)
	}
	result.RetryCodes, err = failuresUntil(client, codes.OK)
	return result, err
}

// failuresUntil calls Echo again and again until it ends with the wanted code. It gives the codes of all calls that failed.
func failuresUntil(client probe.ProbeClient, wanted codes.Code) ([]int, error) {
	failures := []int{}
	limit := time.Now().Add(sideCallLimit)
	for time.Now().Before(limit) {
		ctx, cancel := sideCall()
		_, err := client.Echo(ctx, &probe.Payload{})
		cancel()
		if err != nil {
			failures = append(failures, codeOf(err))
		}
		if status.Code(err) == wanted {
			return failures, nil
		}
		time.Sleep(attemptInterval)
	}
	return failures, fmt.Errorf("no call ended with %s within %s; failures: %v", wanted, sideCallLimit, failures)
}
