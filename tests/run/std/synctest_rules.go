// Rules of testing/synctest: what belongs to a bubble may not be used from outside, and the
// functions of the package not anywhere else.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func bubbled(t *testing.T, f func(t *testing.T)) { synctest.Test(t, f) }

// made has things of a bubble that is over.
type made struct {
	channel chan int
	timer   *time.Timer
	ticker  *time.Ticker
}

func things(t *testing.T) (m made) {
	bubbled(t, func(t *testing.T) {
		m = made{make(chan int, 3), time.NewTimer(time.Hour), time.NewTicker(time.Hour)}
		m.channel <- 1
	})
	return m
}

// The fatal ones end the program.
var fatal = map[string]func(t *testing.T){
	"send": func(t *testing.T) {
		var c chan int
		bubbled(t, func(t *testing.T) { c = make(chan int, 1) })
		c <- 1
	},
	"receive": func(t *testing.T) {
		var c chan int
		bubbled(t, func(t *testing.T) { c = make(chan int, 1) })
		<-c
	},
	"select": func(t *testing.T) {
		var c chan int
		bubbled(t, func(t *testing.T) { c = make(chan int, 1) })
		select {
		case <-c:
		default:
		}
	},
	"close": func(t *testing.T) {
		var c chan int
		bubbled(t, func(t *testing.T) { c = make(chan int, 1) })
		close(c)
	},
	"another bubble": func(t *testing.T) {
		var c chan int
		bubbled(t, func(t *testing.T) { c = make(chan int, 1) })
		bubbled(t, func(t *testing.T) { c <- 1 })
	},
	"select of two": func(t *testing.T) {
		select {
		case <-things(t).channel:
		case <-make(chan int):
		}
	},
	"timer.Stop":   func(t *testing.T) { things(t).timer.Stop() },
	"timer.Reset":  func(t *testing.T) { things(t).timer.Reset(time.Second) },
	"ticker.Stop":  func(t *testing.T) { things(t).ticker.Stop() },
	"ticker.Reset": func(t *testing.T) { things(t).ticker.Reset(time.Second) },
	"timer's channel": func(t *testing.T) {
		m := things(t)
		fmt.Println(len(m.channel), cap(m.channel), len(m.timer.C), cap(m.timer.C))
		<-m.timer.C
	},
	"group of another": func(t *testing.T) {
		var group sync.WaitGroup
		group.Add(1)
		bubbled(t, func(t *testing.T) { group.Add(1) })
	},
	"wait outside": func(t *testing.T) { synctest.Wait() },
	"bubble in a bubble": func(t *testing.T) {
		bubbled(t, func(t *testing.T) { bubbled(t, func(*testing.T) {}) })
	},
	"subtest": func(t *testing.T) {
		bubbled(t, func(t *testing.T) { t.Run("sub", func(*testing.T) {}) })
	},
	"parallel": func(t *testing.T) { bubbled(t, func(t *testing.T) { t.Parallel() }) },
	"two waits": func(t *testing.T) {
		bubbled(t, func(t *testing.T) {
			go synctest.Wait()
			go synctest.Wait()
			time.Sleep(time.Second)
		})
	},
	"error": func(t *testing.T) {
		bubbled(t, func(t *testing.T) {
			t.Cleanup(func() { fmt.Println("cleanup at", time.Now().UTC().Format(time.TimeOnly)) })
			time.Sleep(time.Second)
			t.Errorf("wrong")
			time.Sleep(time.Second)
			t.Fatal("very wrong")
		})
	},
	"skip": func(t *testing.T) { bubbled(t, func(t *testing.T) { t.Skip("not today") }) },
}

// services are ordinary code in a bubble.
func services(t *testing.T) {
	bubbled(t, func(t *testing.T) {
		// t.Context is cancelled before cleanups.
		t.Cleanup(func() { fmt.Println("context in cleanup:", t.Context().Err()) })
		client, server := net.Pipe()
		start := time.Now()
		go func() {
			in := bufio.NewReader(server)
			r, err := http.ReadRequest(in)
			if err != nil {
				fmt.Println(err)
				return
			}
			time.Sleep(3 * time.Second)
			body := fmt.Sprint("after ", time.Since(start), " for ", r.URL.Path)
			fmt.Fprintf(server, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		}()
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return client, nil
		}, ExpectContinueTimeout: 5 * time.Second}
		response, err := (&http.Client{Transport: transport}).Get("http://test/path")
		if err != nil {
			fmt.Println(err)
			return
		}
		body, err := io.ReadAll(response.Body)
		fmt.Printf("%s %v %v\n", body, err, time.Since(start))
		transport.CloseIdleConnections()
		server.Close()
	})
	bubbled(t, func(t *testing.T) {
		client, server := net.Pipe()
		start := time.Now()
		client.SetReadDeadline(start.Add(time.Minute))
		_, err := client.Read(make([]byte, 1))
		fmt.Println(err, time.Since(start))
		server.SetWriteDeadline(start.Add(2 * time.Minute))
		_, err = server.Write([]byte("x"))
		fmt.Println(err, time.Since(start))
		client.Close()
		server.Close()
		var once sync.Once
		value := sync.OnceValue(func() time.Duration { time.Sleep(time.Second); return time.Since(start) })
		// (Two would wait for a mutex, which is not durable.)
		go once.Do(func() { fmt.Println("once", value()) })
		time.Sleep(time.Minute)
		fmt.Println(value())
	})
}

func run(f func(t *testing.T)) {
	test := testing.InternalTest{Name: "Test", F: f}
	testing.Main(func(pattern, name string) (bool, error) { return true, nil }, []testing.InternalTest{test}, nil, nil)
}

func main() {
	if len(os.Args) > 2 {
		name := os.Args[2]
		os.Args = os.Args[:1]
		run(fatal[name])
	}
	names := []string{"send", "receive", "select", "select of two", "close", "another bubble", "timer.Stop", "timer.Reset", "ticker.Stop", "ticker.Reset", "timer's channel", "group of another", "wait outside", "bubble in a bubble", "subtest", "parallel", "two waits", "error", "skip"}
	for _, name := range names {
		cmd := exec.Command(os.Args[0], "child", name)
		var report strings.Builder
		cmd.Stderr = &report
		out, err := cmd.Output()
		first, _, _ := strings.Cut(report.String(), "\n")
		fmt.Printf("== %s: %v, %q\n", name, err, first)
		for line := range strings.Lines(string(out)) {
			if i := strings.Index(line, " ("); i > 0 && strings.HasPrefix(strings.TrimSpace(line), "--- ") {
				line = line[:i] + "\n" // without the time
			}
			if !strings.Contains(line, "goroutine") && !strings.HasPrefix(line, "\t") {
				fmt.Print(line)
			} else {
				break
			}
		}
	}
	run(services)
}
