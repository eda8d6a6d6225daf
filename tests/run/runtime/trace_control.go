// Traces and flight recorders are started, stopped and refused as they should be, alone and
// side by side.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/trace"
	"sync"
	"time"
)

const header = "go 1.26 trace\x00\x00\x00"

// whole says whether the bytes are a header and whole batches, and how many generations
// they end.
func whole(data []byte) (bool, int) {
	if !bytes.HasPrefix(data, []byte(header)) {
		return false, 0
	}
	data = data[len(header):]
	ends := 0
	number := func() int {
		n := 0
		for shift := 0; ; shift += 7 {
			b := data[0]
			data = data[1:]
			n |= int(b&0x7f) << shift
			if b < 0x80 {
				return n
			}
		}
	}
	last := byte(0)
	for len(data) > 0 {
		last = data[0]
		data = data[1:]
		if last == 52 {
			ends++
			continue
		}
		if last != 1 {
			return false, ends
		}
		number()
		number()
		number()
		n := number()
		if n > 64<<10 || n > len(data) {
			return false, ends
		}
		data = data[n:]
	}
	return last == 52, ends
}

func busy() {
	var group sync.WaitGroup
	for i := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 20 {
				if i%2 == 0 {
					time.Sleep(10 * time.Microsecond)
				} else {
					runtime.Gosched()
				}
			}
		}()
	}
	group.Wait()
}

func again() {
	good := 0
	for range 20 {
		var out bytes.Buffer
		if err := trace.Start(&out); err != nil {
			fmt.Println(err)
			return
		}
		busy()
		trace.Stop()
		if ok, n := whole(out.Bytes()); ok && n == 1 {
			good++
		}
	}
	fmt.Println("again and again:", good)
}

func twice() {
	var a, b bytes.Buffer
	fmt.Println("first:", trace.Start(&a))
	fmt.Println("second:", trace.Start(&b))
	fmt.Println("runtime:", runtime.StartTrace())
	trace.Stop()
	ok, _ := whole(a.Bytes())
	fmt.Println("whole:", ok, "second's bytes:", b.Len())
	trace.Stop()
	runtime.StopTrace()
}

func long() {
	var out bytes.Buffer
	trace.Start(&out)
	for end := time.Now().Add(2500 * time.Millisecond); time.Now().Before(end); {
		busy()
		time.Sleep(20 * time.Millisecond)
	}
	trace.Stop()
	ok, n := whole(out.Bytes())
	fmt.Println("long:", ok, n >= 2)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

func flight() {
	recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: time.Second, MaxBytes: 1 << 20})
	var out bytes.Buffer
	_, err := recorder.WriteTo(&out)
	fmt.Println("before:", recorder.Enabled(), err, out.Len())
	fmt.Println("start:", recorder.Start(), recorder.Enabled(), trace.IsEnabled())
	fmt.Println("again:", recorder.Start())
	other := trace.NewFlightRecorder(trace.FlightRecorderConfig{})
	fmt.Println("other:", other.Start())
	for i := range 3 {
		busy()
		out.Reset()
		n, err := recorder.WriteTo(&out)
		ok, ends := whole(out.Bytes())
		fmt.Println("snapshot", i, n == int64(out.Len()), err, ok, ends >= 1)
	}
	_, err = recorder.WriteTo(full{})
	fmt.Println("to a full disk:", err)

	// A trace beside it.
	var beside bytes.Buffer
	fmt.Println("beside:", trace.Start(&beside))
	busy()
	trace.Stop()
	ok, _ := whole(beside.Bytes())
	fmt.Println("whole:", ok, "still enabled:", recorder.Enabled(), trace.IsEnabled())
	out.Reset()
	_, err = recorder.WriteTo(&out)
	ok, _ = whole(out.Bytes())
	fmt.Println("after it:", err, ok)
	recorder.Stop()
	recorder.Stop()
	fmt.Println("stopped:", recorder.Enabled(), trace.IsEnabled())
	fmt.Println("anew:", recorder.Start())
	recorder.Stop()
}

func main() {
	again()
	twice()
	flight()
	long()
	// Annotations without a trace.
	ctx, task := trace.NewTask(context.Background(), "nothing")
	trace.WithRegion(ctx, "here", func() { trace.Log(ctx, "a", "b") })
	task.End()
}
