package services

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"heddle.test/interop/gen/probe"
)

func (p *Probe) Wait(ctx context.Context, request *probe.CallId) (*probe.Nothing, error) {
	return nil, p.waitForEnd(ctx, request.GetCallId())
}

func (p *Probe) Hold(request *probe.CallId, stream grpc.ServerStreamingServer[probe.Nothing]) error {
	if err := stream.Send(&probe.Nothing{}); err != nil {
		return err
	}
	return p.waitForEnd(stream.Context(), request.GetCallId())
}

func (p *Probe) AwaitEnd(ctx context.Context, request *probe.CallId) (*probe.CallEnd, error) {
	return p.ends.await(ctx, request.GetCallId())
}

func (p *Probe) waitForEnd(ctx context.Context, callID string) error {
	end := &probe.CallEnd{}
	if deadline, ok := ctx.Deadline(); ok {
		end.HadDeadline = true
		end.RemainingMs = float64(time.Until(deadline)) / float64(time.Millisecond)
	}
	<-ctx.Done()
	end.Cancelled = true
	p.ends.post(callID, end)
	return ctx.Err()
}
