package cases

import (
	"context"
	"encoding/hex"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"heddle.test/interop/gen/probe"
)

type metadataValues struct {
	Ascii  []string `json:"ascii"`
	Binary []string `json:"binary"` // hexadecimal
}

type metadataResult struct {
	Seen     metadataValues `json:"seen"`
	Headers  metadataValues `json:"headers"`
	Trailers metadataValues `json:"trailers"`
}

func metadataBothWays(conn *grpc.ClientConn, input metadataValues) (metadataResult, error) {
	outgoing := metadata.MD{}
	outgoing.Append("probe-ascii", input.Ascii...)
	for _, value := range input.Binary {
		bytes, err := hex.DecodeString(value)
		if err != nil {
			return metadataResult{}, err
		}
		outgoing.Append("probe-bin", string(bytes))
	}
	var headers, trailers metadata.MD
	ctx := metadata.NewOutgoingContext(context.Background(), outgoing)
	client := probe.NewProbeClient(conn)
	report, err := client.ReportMetadata(ctx, &probe.Nothing{}, grpc.Header(&headers), grpc.Trailer(&trailers))
	if err != nil {
		return metadataResult{}, err
	}
	seen := metadataValues{Ascii: report.GetAscii(), Binary: []string{}}
	for _, value := range report.GetBinary() {
		seen.Binary = append(seen.Binary, hex.EncodeToString(value))
	}
	return metadataResult{
		Seen:     seen,
		Headers:  valuesOf(headers, "probe-header"),
		Trailers: valuesOf(trailers, "probe-trailer"),
	}, nil
}

func valuesOf(received metadata.MD, key string) metadataValues {
	values := metadataValues{Ascii: received.Get(key), Binary: []string{}}
	for _, value := range received.Get(key + "-bin") {
		values.Binary = append(values.Binary, hex.EncodeToString([]byte(value)))
	}
	return values
}

type failureInput struct {
	Code    int32  `json:"code"`
	Message string `json:"message"`
}

type failuresInput struct {
	Failures []failureInput `json:"failures"`
}

type failureResult struct {
	Code    int      `json:"code"`
	Message string   `json:"message"`
	Trailer []string `json:"trailer"`
}

type failuresResult struct {
	Failures []failureResult `json:"failures"`
}

func failures(conn *grpc.ClientConn, input failuresInput) (failuresResult, error) {
	client := probe.NewProbeClient(conn)
	result := failuresResult{Failures: []failureResult{}}
	for _, wanted := range input.Failures {
		var trailers metadata.MD
		request := &probe.Failure{Code: wanted.Code, Message: wanted.Message}
		_, err := client.Fail(context.Background(), request, grpc.Trailer(&trailers))
		result.Failures = append(result.Failures, failureResult{codeOf(err), messageOf(err), trailers.Get("probe-trailer")})
	}
	return result, nil
}
