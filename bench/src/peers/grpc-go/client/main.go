// The grpc-go client of the benchmark. Usage: client JOB, a ClientJob as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"heddle.example/bench/gen/bench"
	"heddle.example/bench/gen/greeting"
)

const (
	greetingText = "Hello, Alice! Welcome to gRPC."
	echoBytes    = 1024 * 1024
	timedMask    = 15 // one call in sixteen is timed, as in the clients on Node
)

type clientJob struct {
	Port      int
	Call      string
	InFlight  int
	WarmupMs  int
	MeasureMs int
	Calls     int64
}

type clientResult struct {
	Calls      int64   `json:"calls"`
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpuSeconds"`
	P50Ms      float64 `json:"p50Ms"`
	P99Ms      float64 `json:"p99Ms"`
}

// callOf gives a function that makes one call and ends the program when the answer is wrong.
func callOf(job clientJob, connection *grpc.ClientConn) func() {
	if job.Call == "echo" {
		client := bench.NewBenchClient(connection)
		data := make([]byte, echoBytes)
		return func() {
			reply, err := client.Echo(context.Background(), &bench.Payload{Data: data})
			if err != nil || len(reply.GetData()) != echoBytes {
				log.Fatalf("wrong echo: %v", err)
			}
		}
	}
	client := greeting.NewGreeterClient(connection)
	return func() {
		reply, err := client.SayHello(context.Background(), &greeting.HelloRequest{Name: "Alice"})
		if err != nil || reply.GetMessage() != greetingText {
			log.Fatalf("wrong greeting: %q %v", reply.GetMessage(), err)
		}
	}
}

// run calls until the limit has passed, or `calls` times when that is not 0. It gives the number of calls and the
// latencies of those that were timed.
func run(call func(), inFlight int, calls int64, limit time.Duration) (int64, []time.Duration) {
	var left, done atomic.Int64
	left.Store(calls)
	if calls == 0 {
		left.Store(1 << 62)
		time.AfterFunc(limit, func() { left.Store(0) })
	}
	timed := make([][]time.Duration, inFlight)
	var workers sync.WaitGroup
	for worker := range inFlight {
		workers.Go(func() {
			for own := 0; left.Add(-1) >= 0; own++ {
				if own&timedMask != 0 {
					call()
				} else {
					startedAt := time.Now()
					call()
					timed[worker] = append(timed[worker], time.Since(startedAt))
				}
				done.Add(1)
			}
		})
	}
	workers.Wait()
	return done.Load(), slices.Concat(timed...)
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func milliseconds(sorted []time.Duration, percent int) float64 {
	return sorted[(len(sorted)-1)*percent/100].Seconds() * 1e3
}

func main() {
	var job clientJob
	if err := json.Unmarshal([]byte(os.Args[1]), &job); err != nil {
		log.Fatal(err)
	}
	target := fmt.Sprintf("passthrough:///127.0.0.1:%d", job.Port)
	connection, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	call := callOf(job, connection)
	run(call, job.InFlight, 0, time.Duration(job.WarmupMs)*time.Millisecond)
	fmt.Println("measuring")

	cpuBefore, startedAt := cpuSeconds(), time.Now()
	calls, latencies := run(call, job.InFlight, job.Calls, time.Duration(job.MeasureMs)*time.Millisecond)
	seconds, cpu := time.Since(startedAt).Seconds(), cpuSeconds()-cpuBefore
	slices.Sort(latencies)
	result := clientResult{calls, seconds, cpu, milliseconds(latencies, 50), milliseconds(latencies, 99)}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		log.Fatal(err)
	}
}
