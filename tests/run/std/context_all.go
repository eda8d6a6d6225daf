// context: trees, causes, deadlines, values, AfterFunc, WithoutCancel.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

type key string

type own struct{ context.Context }

func (o own) Value(k any) any {
	if k == key("own") {
		return "mine"
	}
	return o.Context.Value(k)
}

func main() {
	bg := context.Background()
	fmt.Println(bg, context.TODO(), bg.Done() == nil, bg.Err())
	ctx, cancel := context.WithCancel(context.WithValue(bg, key("a"), 1))
	sub, subCancel := context.WithCancelCause(context.WithValue(ctx, key("b"), 2))
	fmt.Println(sub.Value(key("a")), sub.Value(key("b")), sub.Value("a"), ctx.Value(key("b")))
	fmt.Println(ctx, sub)
	wo := context.WithoutCancel(sub)
	sib, sibCancel := context.WithCancel(ctx)
	subCancel(errors.New("my cause"))
	subCancel(errors.New("second"))
	<-sub.Done()
	fmt.Println(sub.Err(), context.Cause(sub), ctx.Err(), sib.Err(), context.Cause(ctx))
	cancel()
	<-sib.Done()
	fmt.Println(ctx.Err(), sib.Err(), context.Cause(sib), wo.Err(), wo.Value(key("a")), wo)
	sibCancel()

	d, dc := context.WithDeadlineCause(bg, time.Now().Add(20*time.Millisecond), errors.New("too slow"))
	defer dc()
	dd, ddc := context.WithTimeout(d, time.Hour)
	defer ddc()
	dl1, ok1 := d.Deadline()
	dl2, ok2 := dd.Deadline()
	fmt.Println(dl1.Equal(dl2), ok1, ok2)
	<-dd.Done()
	fmt.Println(d.Err(), dd.Err(), context.Cause(d), context.Cause(dd), errors.Is(dd.Err(), context.DeadlineExceeded))
	var ne interface{ Timeout() bool }
	fmt.Println(errors.As(d.Err(), &ne), ne.Timeout())
	past, pc := context.WithTimeout(bg, -1)
	fmt.Println(past.Err())
	pc()

	c, cc := context.WithCancel(bg)
	ran := make(chan string, 3)
	stop1 := context.AfterFunc(c, func() { ran <- "one" })
	stop2 := context.AfterFunc(c, func() { ran <- "two" })
	fmt.Println(stop1(), stop1())
	cc()
	fmt.Println(<-ran, stop2())
	context.AfterFunc(c, func() { ran <- "at once" })
	fmt.Println(<-ran)

	o, oc := context.WithCancel(own{sub})
	fmt.Println(o.Value(key("own")), o.Value(key("b")), o.Err())
	oc()

	// A wide and deep tree is cancelled as a whole.
	root, rc := context.WithCancel(bg)
	var wg sync.WaitGroup
	var mu sync.Mutex
	n := 0
	var grow func(ctx context.Context, depth int)
	grow = func(ctx context.Context, depth int) {
		c, cancel := context.WithCancel(context.WithValue(ctx, key("d"), depth))
		wg.Go(func() {
			<-c.Done()
			mu.Lock()
			n += c.Value(key("d")).(int)
			mu.Unlock()
			cancel()
		})
		if depth < 5 {
			for range 3 {
				grow(c, depth+1)
			}
		}
	}
	grow(root, 0)
	rc()
	wg.Wait()
	fmt.Println(n)
	for _, f := range []func(){func() { context.WithCancel(nil) }, func() { context.WithValue(bg, nil, 1) }, func() { context.WithValue(bg, []int{}, 1) }, func() { context.WithValue(nil, "a", 1) }} {
		func() {
			defer func() { fmt.Println(recover()) }()
			f()
		}()
	}
}
