package cases

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"heddle.test/interop/gen/probe"
)

type nothing struct{}

type endJSON struct {
	Cancelled   bool    `json:"cancelled"`
	HadDeadline bool    `json:"hadDeadline"`
	RemainingMs float64 `json:"remainingMs"`
}

type endResult struct {
	Code int     `json:"code"`
	End  endJSON `json:"end"`
}

type deadlineInput struct {
	TimeoutMs int `json:"timeoutMs"`
}

func deadline(conn *grpc.ClientConn, input deadlineInput) (endResult, error) {
	client := probe.NewProbeClient(conn)
	id := &probe.CallId{CallId: "deadline"}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(input.TimeoutMs)*time.Millisecond)
	defer cancel()
	_, err := client.Wait(ctx, id)
	return endAtServer(client, id, codeOf(err))
}

func cancellation(conn *grpc.ClientConn, _ nothing) (endResult, error) {
	client := probe.NewProbeClient(conn)
	id := &probe.CallId{CallId: "cancel"}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := client.Hold(ctx, id)
	if err != nil {
		return endResult{}, err
	}
	if _, err := stream.Recv(); err != nil {
		return endResult{}, err
	}
	cancel()
	_, err = stream.Recv()
	return endAtServer(client, id, codeOf(err))
}

func endAtServer(client probe.ProbeClient, id *probe.CallId, code int) (endResult, error) {
	ctx, cancel := sideCall()
	defer cancel()
	end, err := client.AwaitEnd(ctx, id)
	return endResult{code, endJSON{end.GetCancelled(), end.GetHadDeadline(), end.GetRemainingMs()}}, err
}

type codeResult struct {
	Code int `json:"code"`
}

func unknownMethod(conn *grpc.ClientConn, _ nothing) (codeResult, error) {
	return callPath(conn, "/heddle.interop.Probe/NotYetServed"), nil
}

func unknownService(conn *grpc.ClientConn, _ nothing) (codeResult, error) {
	return callPath(conn, "/heddle.interop.Unserved/Ask"), nil
}

func callPath(conn *grpc.ClientConn, path string) codeResult {
	return codeResult{codeOf(conn.Invoke(context.Background(), path, &probe.Nothing{}, &probe.Nothing{}))}
}
