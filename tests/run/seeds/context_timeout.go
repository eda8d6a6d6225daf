// Claim: a context with a time limit and a select make a wait that ends with the result,
// with the limit, or with a cancellation, whichever is first.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func doWork(ctx context.Context, gate <-chan struct{}) <-chan string {
	result := make(chan string, 1)
	go func() {
		select {
		case <-gate:
			result <- "worked"
		case <-ctx.Done():
		}
	}()
	return result
}

func await(ctx context.Context, gate <-chan struct{}) string {
	select {
	case result := <-doWork(ctx, gate):
		return "success: " + result
	case <-ctx.Done():
		return "ended: " + ctx.Err().Error()
	}
}

func main() {
	open := make(chan struct{})
	close(open)
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	fmt.Println(await(ctx, open), ctx.Err())

	short, cancelShort := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancelShort()
	fmt.Println(await(short, nil))
	fmt.Println(errors.Is(short.Err(), context.DeadlineExceeded), short.Err() == context.DeadlineExceeded)

	cancelled, cancelNow := context.WithTimeout(context.Background(), time.Hour)
	time.AfterFunc(time.Millisecond, cancelNow)
	fmt.Println(await(cancelled, nil))

	child, cancelChild := context.WithCancel(short)
	defer cancelChild()
	fmt.Println("a child of an ended context:", await(child, nil))

	cause, cancelCause := context.WithTimeoutCause(context.Background(), 0, errors.New("no time at all"))
	defer cancelCause()
	<-cause.Done()
	fmt.Println(cause.Err(), "because", context.Cause(cause))
	_, has := cause.Deadline()
	_, hasNot := context.Background().Deadline()
	fmt.Println(has, hasNot)
}
