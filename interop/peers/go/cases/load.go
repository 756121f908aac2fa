package cases

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc"

	"heddle.test/interop/gen/probe"
)

type bodiesInput struct {
	BodyBytes []uint32 `json:"bodyBytes"`
}

type bodyOutcome struct {
	Code      int    `json:"code"`
	BodyBytes uint32 `json:"bodyBytes"`
}

type bodiesResult struct {
	Outcomes []bodyOutcome `json:"outcomes"`
}

func sendBodies(conn *grpc.ClientConn, input bodiesInput) (bodiesResult, error) {
	client := probe.NewProbeClient(conn)
	result := bodiesResult{Outcomes: []bodyOutcome{}}
	for _, size := range input.BodyBytes {
		measured, err := client.Measure(context.Background(), &probe.Payload{Body: make([]byte, size)})
		result.Outcomes = append(result.Outcomes, bodyOutcome{codeOf(err), measured.GetBodyBytes()})
	}
	return result, nil
}

func receiveBodies(conn *grpc.ClientConn, input bodiesInput) (bodiesResult, error) {
	client := probe.NewProbeClient(conn)
	result := bodiesResult{Outcomes: []bodyOutcome{}}
	for _, size := range input.BodyBytes {
		payload, err := client.Produce(context.Background(), &probe.Measurement{BodyBytes: size})
		result.Outcomes = append(result.Outcomes, bodyOutcome{codeOf(err), uint32(len(payload.GetBody()))})
	}
	return result, nil
}

type streamInput struct {
	Messages  uint32 `json:"messages"`
	BodyBytes uint32 `json:"bodyBytes"`
}

type streamResult struct {
	SentWhilePaused uint32 `json:"sentWhilePaused"`
	Messages        uint32 `json:"messages"`
	InOrder         bool   `json:"inOrder"`
	Sha256          string `json:"sha256"`
}

// slowReader reads one message and pauses until the server cannot send any more; then it reads the rest.
func slowReader(conn *grpc.ClientConn, input streamInput) (streamResult, error) {
	client := probe.NewProbeClient(conn)
	request := &probe.FloodRequest{CallId: "slow-reader", Messages: input.Messages, BodyBytes: input.BodyBytes}
	stream, err := client.Flood(context.Background(), request)
	if err != nil {
		return streamResult{}, err
	}
	result := streamResult{InOrder: true}
	digest := sha256.New()
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return result, err
		}
		result.InOrder = result.InOrder && message.GetNumber() == result.Messages
		result.Messages++
		digest.Write(message.GetBody())
		if result.Messages == 1 {
			result.SentWhilePaused, err = whenItStandsStill(func() (uint32, error) {
				ctx, cancel := sideCall()
				defer cancel()
				progress, err := client.Progress(ctx, &probe.CallId{CallId: "slow-reader"})
				return progress.GetMessages(), err
			})
			if err != nil {
				return result, err
			}
		}
	}
	result.Sha256 = hex.EncodeToString(digest.Sum(nil))
	return result, nil
}

// slowServer sends until the server, which does not read, holds it back; then it lets the server read.
func slowServer(conn *grpc.ClientConn, input streamInput) (streamResult, error) {
	client := probe.NewProbeClient(conn)
	stream, err := client.Absorb(context.Background())
	if err != nil {
		return streamResult{}, err
	}
	var sent atomic.Uint32
	sending := make(chan error, 1)
	go func() {
		for number := range input.Messages {
			message := &probe.Numbered{Number: number, Body: bytes.Repeat([]byte{byte(number)}, int(input.BodyBytes))}
			if number == 0 {
				message.CallId = "slow-server"
			}
			if err := stream.Send(message); err != nil {
				sending <- err
				return
			}
			sent.Add(1)
		}
		sending <- nil
	}()
	paused, err := whenItStandsStill(func() (uint32, error) { return sent.Load(), nil })
	if err != nil {
		return streamResult{}, err
	}
	ctx, cancel := sideCall()
	defer cancel()
	if _, err := client.Release(ctx, &probe.CallId{CallId: "slow-server"}); err != nil {
		return streamResult{}, err
	}
	if err := <-sending; err != nil {
		return streamResult{}, err
	}
	absorbed, err := stream.CloseAndRecv()
	return streamResult{paused, absorbed.GetMessages(), absorbed.GetInOrder(), absorbed.GetSha256()}, err
}

type earlyInput struct {
	FirstNumbers []uint32 `json:"firstNumbers"`
	BodyBytes    uint32   `json:"bodyBytes"`
}

type earlyOutcome struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

type earlyResult struct {
	Outcomes []earlyOutcome `json:"outcomes"`
}

// earlyAnswers sends without end, until the server's answer ends the call.
func earlyAnswers(conn *grpc.ClientConn, input earlyInput) (earlyResult, error) {
	client := probe.NewProbeClient(conn)
	result := earlyResult{Outcomes: []earlyOutcome{}}
	for _, number := range input.FirstNumbers {
		stream, err := client.AnswerEarly(context.Background())
		if err != nil {
			return result, err
		}
		message := &probe.Numbered{Number: number, Body: make([]byte, input.BodyBytes)}
		for err == nil {
			err = stream.Send(message)
		}
		if !errors.Is(err, io.EOF) {
			return result, err
		}
		_, err = stream.CloseAndRecv()
		result.Outcomes = append(result.Outcomes, earlyOutcome{codeOf(err), messageOf(err)})
	}
	return result, nil
}

type concurrentInput struct {
	Calls uint32 `json:"calls"`
}

type concurrentResult struct {
	Answered    int `json:"answered"`
	Connections int `json:"connections"`
}

// concurrentCalls makes calls which are answered only when all of them are at the server.
func concurrentCalls(conn *grpc.ClientConn, input concurrentInput) (concurrentResult, error) {
	client := probe.NewProbeClient(conn)
	peers := make([]string, input.Calls)
	failed := make([]error, input.Calls)
	var calls sync.WaitGroup
	for i := range input.Calls {
		calls.Go(func() {
			ctx, cancel := sideCall()
			defer cancel()
			meeting, err := client.Meet(ctx, &probe.MeetRequest{CallId: "concurrent", Parties: input.Calls})
			peers[i], failed[i] = meeting.GetPeer(), err
		})
	}
	calls.Wait()
	if err := errors.Join(failed...); err != nil {
		return concurrentResult{}, err
	}
	distinct := make(map[string]bool)
	for _, peer := range peers {
		distinct[peer] = true
	}
	return concurrentResult{len(peers), len(distinct)}, nil
}
