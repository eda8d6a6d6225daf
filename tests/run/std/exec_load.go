// Processes started by many goroutines while the collector runs: every one of them runs,
// gets its input and environment, and its output and status come back.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		text := new(bytes.Buffer)
		text.ReadFrom(os.Stdin)
		fmt.Print(os.Args[1], " ", os.Getenv("WHO"), " ", text.Len())
		// (The main thread itself blocks them for a moment while it makes another.)
		for tries := 0; blocked("/proc/self/status"); tries++ {
			if time.Sleep(time.Millisecond); tries == 5000 {
				fmt.Print(" but signals are blocked")
				break
			}
		}
		os.Exit(len(os.Args[1]))
	}
	var stop atomic.Bool
	var background sync.WaitGroup
	background.Go(func() {
		for !stop.Load() {
			runtime.GC()
		}
	})
	background.Go(func() {
		var kept [1000][]byte
		for i := 0; !stop.Load(); i++ {
			kept[i%1000] = make([]byte, 100+i%5000)
		}
	})
	var all sync.WaitGroup
	var good, killed atomic.Int32
	for i := range 50 {
		all.Go(func() {
			if i%10 == 0 {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
			}
			for j := range 6 {
				word := strings.Repeat("x", 1+(i+j)%5)
				cmd := exec.Command(os.Args[0], word)
				cmd.Env = append(os.Environ(), fmt.Sprintf("WHO=%d-%d", i, j))
				cmd.Stdin = strings.NewReader(strings.Repeat("y", 70000+i))
				out, err := cmd.Output()
				exit, _ := err.(*exec.ExitError)
				want := fmt.Sprintf("%s %d-%d %d", word, i, j, 70000+i)
				if string(out) != want || exit == nil || exit.ExitCode() != len(word) {
					fmt.Printf("%q %v instead of %q\n", out, err, want)
					continue
				}
				good.Add(1)
				if i%10 == 0 && blocked("/proc/thread-self/status") {
					fmt.Println("the thread that forked blocks signals")
				}
			}
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
			defer cancel()
			err := exec.CommandContext(ctx, "/bin/sleep", "100").Run()
			// The time may be up before it has started.
			if err == context.DeadlineExceeded || err != nil && err.Error() == "signal: killed" {
				killed.Add(1)
			} else {
				fmt.Println(err)
			}
		})
	}
	all.Wait()
	stop.Store(true)
	background.Wait()
	fmt.Println(good.Load(), "ran,", killed.Load(), "were killed")
	left, _ := os.ReadDir("/proc/self/fd")
	fmt.Println("descriptors left over:", len(left) > 12)
}

// blocked tells whether a thread blocks signals, as both sides of a fork do for a moment.
func blocked(status string) bool {
	text, err := os.ReadFile(status)
	_, mask, _ := strings.Cut(string(text), "SigBlk:\t")
	return err == nil && !strings.HasPrefix(mask, "0000000000000000")
}
