package services

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"heddle.test/interop/gen/probe"
)

func (p *Probe) Flood(request *probe.FloodRequest, stream grpc.ServerStreamingServer[probe.Numbered]) error {
	for number := range request.GetMessages() {
		body := bytes.Repeat([]byte{byte(number)}, int(request.GetBodyBytes()))
		if err := stream.Send(&probe.Numbered{Number: number, Body: body}); err != nil {
			return err
		}
		p.floods.set(request.GetCallId(), number+1)
	}
	return nil
}

func (p *Probe) Progress(_ context.Context, request *probe.CallId) (*probe.FloodProgress, error) {
	return &probe.FloodProgress{Messages: p.floods.get(request.GetCallId())}, nil
}

func (p *Probe) Absorb(stream grpc.ClientStreamingServer[probe.Numbered, probe.Absorbed]) error {
	digest := sha256.New()
	absorbed := &probe.Absorbed{InOrder: true}
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if absorbed.Messages == 0 {
			if _, err := p.releases.await(stream.Context(), message.GetCallId()); err != nil {
				return err
			}
		}
		absorbed.InOrder = absorbed.InOrder && message.GetNumber() == absorbed.Messages
		absorbed.Messages++
		digest.Write(message.GetBody())
	}
	absorbed.Sha256 = hex.EncodeToString(digest.Sum(nil))
	return stream.SendAndClose(absorbed)
}

func (*Probe) AnswerEarly(stream grpc.ClientStreamingServer[probe.Numbered, probe.Absorbed]) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	if first.GetNumber() == 0 {
		return status.Error(codes.FailedPrecondition, "no more, please")
	}
	return stream.SendAndClose(&probe.Absorbed{})
}

func (p *Probe) Release(_ context.Context, request *probe.CallId) (*probe.Nothing, error) {
	p.releases.post(request.GetCallId(), true)
	return &probe.Nothing{}, nil
}
