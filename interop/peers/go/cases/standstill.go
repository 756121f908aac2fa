package cases

import (
	"errors"
	"time"
)

const (
	standstillInterval = 50 * time.Millisecond
	standstillSamples  = 8
	standstillLimit    = 10 * time.Second
)

// whenItStandsStill gives a count once it is above zero and the same in several samples that follow each other.
func whenItStandsStill(count func() (uint32, error)) (uint32, error) {
	limit := time.Now().Add(standstillLimit)
	var last uint32
	for same := 0; same < standstillSamples; {
		if time.Now().After(limit) {
			return last, errors.New("the sender was never held back: its count of messages did not stand still")
		}
		time.Sleep(standstillInterval)
		current, err := count()
		if err != nil {
			return last, err
		}
		if current > 0 && current == last {
			same++
		} else {
			same = 0
		}
		last = current
	}
	return last, nil
}
