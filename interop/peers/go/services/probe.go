// Package services has the server's side of every service of the cross-language tests, on grpc-go.
package services

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"heddle.test/interop/gen/probe"
)

// Probe serves heddle.interop.Probe; interop_probe.proto says what each method must do.
// Waiting and the two slow streams are in files of their own.
type Probe struct {
	probe.UnimplementedProbeServer
	ends     *board[*probe.CallEnd]
	releases *board[bool]
	floods   *floodCounters
	meetings *meetings
	shutdown func()
}

// NewProbe makes the service; shutdown must return at once and stop the server gracefully.
func NewProbe(shutdown func()) *Probe {
	return &Probe{
		ends:     newBoard[*probe.CallEnd](),
		releases: newBoard[bool](),
		floods:   newFloodCounters(),
		meetings: newMeetings(),
		shutdown: shutdown,
	}
}

func (*Probe) Echo(_ context.Context, request *probe.Payload) (*probe.Payload, error) {
	return request, nil
}

func (*Probe) Chat(stream grpc.BidiStreamingServer[probe.Payload, probe.Payload]) error {
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(message); err != nil {
			return err
		}
	}
}

func (*Probe) Measure(_ context.Context, request *probe.Payload) (*probe.Measurement, error) {
	return &probe.Measurement{BodyBytes: uint32(len(request.GetBody()))}, nil
}

func (*Probe) Produce(_ context.Context, request *probe.Measurement) (*probe.Payload, error) {
	return &probe.Payload{Body: make([]byte, request.GetBodyBytes())}, nil
}

func (*Probe) ReportMetadata(ctx context.Context, _ *probe.Nothing) (*probe.MetadataReport, error) {
	incoming, _ := metadata.FromIncomingContext(ctx)
	ascii, binary := incoming.Get("probe-ascii"), incoming.Get("probe-bin")
	headers := metadata.MD{"probe-header": ascii, "probe-header-bin": binary}
	if err := grpc.SetHeader(ctx, headers); err != nil {
		return nil, err
	}
	trailers := metadata.MD{"probe-trailer": ascii, "probe-trailer-bin": binary}
	if err := grpc.SetTrailer(ctx, trailers); err != nil {
		return nil, err
	}
	report := &probe.MetadataReport{Ascii: ascii}
	for _, value := range binary {
		report.Binary = append(report.Binary, []byte(value))
	}
	return report, nil
}

func (*Probe) Fail(ctx context.Context, request *probe.Failure) (*probe.Nothing, error) {
	if err := grpc.SetTrailer(ctx, metadata.Pairs("probe-trailer", "failed")); err != nil {
		return nil, err
	}
	return nil, status.Error(codes.Code(request.GetCode()), request.GetMessage())
}

func (p *Probe) Meet(ctx context.Context, request *probe.MeetRequest) (*probe.Meeting, error) {
	if err := p.meetings.join(ctx, request.GetCallId(), int(request.GetParties())); err != nil {
		return nil, err
	}
	caller, _ := peer.FromContext(ctx)
	return &probe.Meeting{Peer: caller.Addr.String()}, nil
}

func (p *Probe) Shutdown(context.Context, *probe.Nothing) (*probe.Nothing, error) {
	p.shutdown()
	return &probe.Nothing{}, nil
}

func (*Probe) Die(context.Context, *probe.Nothing) (*probe.Nothing, error) {
	return nil, syscall.Kill(os.Getpid(), syscall.SIGKILL)
}
