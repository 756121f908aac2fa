package services

import (
	"context"
	"sync"

	"google.golang.org/grpc/status"
)

// board holds one value for each call id; whoever asks before it was posted waits for it.
type board[T any] struct {
	mutex  sync.Mutex
	values map[string]chan T
}

func newBoard[T any]() *board[T] {
	return &board[T]{values: make(map[string]chan T)}
}

func (b *board[T]) slot(callID string) chan T {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	slot, ok := b.values[callID]
	if !ok {
		slot = make(chan T, 1)
		b.values[callID] = slot
	}
	return slot
}

func (b *board[T]) post(callID string, value T) {
	b.slot(callID) <- value
}

func (b *board[T]) await(ctx context.Context, callID string) (T, error) {
	select {
	case value := <-b.slot(callID):
		return value, nil
	case <-ctx.Done():
		var none T
		return none, status.FromContextError(ctx.Err()).Err()
	}
}

// floodCounters counts the messages that each flood has sent.
type floodCounters struct {
	mutex sync.Mutex
	sent  map[string]uint32
}

func newFloodCounters() *floodCounters {
	return &floodCounters{sent: make(map[string]uint32)}
}

func (f *floodCounters) set(callID string, messages uint32) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.sent[callID] = messages
}

func (f *floodCounters) get(callID string) uint32 {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.sent[callID]
}

// meetings lets calls with the same id wait for each other.
type meetings struct {
	mutex sync.Mutex
	open  map[string]*meeting
}

type meeting struct {
	present  int
	complete chan struct{}
}

func newMeetings() *meetings {
	return &meetings{open: make(map[string]*meeting)}
}

func (m *meetings) join(ctx context.Context, callID string, parties int) error {
	complete := m.enter(callID, parties)
	select {
	case <-complete:
		return nil
	case <-ctx.Done():
		return status.FromContextError(ctx.Err()).Err()
	}
}

func (m *meetings) enter(callID string, parties int) chan struct{} {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	current, ok := m.open[callID]
	if !ok {
		current = &meeting{complete: make(chan struct{})}
		m.open[callID] = current
	}
	current.present++
	if current.present == parties {
		close(current.complete)
	}
	return current.complete
}
