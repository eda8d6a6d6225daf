// An HTTP server and clients that break off, dawdle, send nonsense or stay silent; and the
// ways to shut it down.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var errorLog lockedBuffer

type lockedBuffer struct {
	mutex sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.Write(p)
}

type server struct {
	*http.Server
	address string
	served  chan error
	active  atomic.Int64
	ended   atomic.Int64
}

func start(set func(*http.Server), h http.HandlerFunc) *server {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	s := &server{address: l.Addr().String(), served: make(chan error, 1)}
	s.Server = &http.Server{Handler: h, ErrorLog: log.New(&errorLog, "", 0), ConnState: func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			s.active.Add(1)
		case http.StateClosed, http.StateHijacked:
			s.active.Add(-1)
			s.ended.Add(1)
		}
	}}
	set(s.Server)
	go func() { s.served <- s.Serve(l) }()
	return s
}

// raw sends text as it is, and gives the answer's status line.
func (s *server) raw(text string) string {
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		return err.Error()
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(c, text)
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return "no answer: " + err.Error()
	}
	return strings.TrimSpace(line)
}

func until(what string, f func() bool) {
	for range 5000 {
		if f() {
			fmt.Println(what)
			return
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println("never:", what)
}

func nonsense() {
	s := start(func(s *http.Server) { s.MaxHeaderBytes = 1 << 12 }, func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n, err)
	})
	for _, text := range []string{
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/3.7\r\nHost: x\r\n\r\n",
		"NONSENSE\r\n\r\n",
		"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: strange\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("a", 10_000) + "\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
		"\x00\x01\x02\x03\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\n",
	} {
		fmt.Printf("%.40q: %s\n", text, s.raw(text))
	}
	s.Close()
	fmt.Println(<-s.served)
}

// brokenOff has clients leave at every stage.
func brokenOff() {
	var begun, cancelled atomic.Int64
	s := start(func(s *http.Server) {}, func(w http.ResponseWriter, r *http.Request) {
		begun.Add(1)
		switch r.URL.Path {
		case "/wait":
			<-r.Context().Done()
			cancelled.Add(1)
		case "/read":
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				cancelled.Add(1)
			}
		case "/write":
			for range 100_000 {
				if _, err := w.Write(make([]byte, 1000)); err != nil {
					cancelled.Add(1)
					return
				}
			}
		case "/abort":
			w.Write([]byte("half"))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		case "/panic":
			panic("on purpose")
		}
	})
	const each = 50
	var group sync.WaitGroup
	for _, request := range []string{
		"",
		"GET /wait HT",
		"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nsome",
		"GET /write HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		for range each {
			group.Go(func() {
				c, err := net.Dial("tcp", s.address)
				if err != nil {
					fmt.Println(err)
					return
				}
				io.WriteString(c, request)
				for begun.Load() < 3*each {
					time.Sleep(time.Millisecond)
				}
				// A reset instead of an end.
				c.(*net.TCPConn).SetLinger(0)
				c.Close()
			})
		}
	}
	group.Wait()
	until("all handlers have ended", func() bool { return cancelled.Load() == 3*each && begun.Load() == 3*each })
	until("all connections are closed", func() bool { return s.active.Load() == 0 && s.ended.Load() == 5*each })
	for _, path := range []string{"/abort", "/panic"} {
		r, err := http.Get("http://" + s.address + path)
		if err != nil {
			fmt.Println(path, strings.HasSuffix(err.Error(), "EOF"))
			continue
		}
		body, err := io.ReadAll(r.Body)
		fmt.Printf("%s %q %v\n", path, body, err)
	}
	s.Close()
	fmt.Println(<-s.served)
	errorLog.mutex.Lock()
	fmt.Println("logged:", strings.Count(errorLog.String(), "http: panic serving"), strings.Contains(errorLog.String(), "on purpose"))
	errorLog.mutex.Unlock()
}

// slow clients meet the server's timeouts.
func slow() {
	const soon = 50 * time.Millisecond
	// Only what is to run out is short: the rest has all the time that a slow machine needs.
	for _, silence := range []struct {
		text                      string
		header, read, write, idle time.Duration
	}{
		{"", soon, time.Minute, time.Minute, time.Minute},
		{"GET / HTTP/1.1\r\nHos", soon, time.Minute, time.Minute, time.Minute},
		{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab", time.Minute, soon, time.Minute, time.Minute},
		{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", time.Minute, time.Minute, time.Minute, soon},
	} {
		s := start(func(s *http.Server) {
			s.ReadHeaderTimeout, s.ReadTimeout = silence.header, silence.read
			s.WriteTimeout, s.IdleTimeout = silence.write, silence.idle
		}, func(w http.ResponseWriter, r *http.Request) {
			_, err := io.Copy(io.Discard, r.Body)
			var timeout net.Error
			fmt.Fprint(w, errors.As(err, &timeout) && timeout.Timeout())
		})
		c, err := net.Dial("tcp", s.address)
		if err != nil {
			panic(err)
		}
		c.SetDeadline(time.Now().Add(time.Minute))
		io.WriteString(c, silence.text)
		answer, err := io.ReadAll(c)
		_, body, _ := strings.Cut(string(answer), "\r\n\r\n")
		fmt.Printf("%.20q: %q %v\n", silence.text, body, err)
		c.Close()
		s.Close()
		<-s.served
	}
}

func shutdown() {
	release := make(chan bool)
	var hooks atomic.Int64
	begun := make(chan bool, 10)
	s := start(func(s *http.Server) {}, func(w http.ResponseWriter, r *http.Request) {
		begun <- true
		if r.URL.Path == "/slow" {
			<-release
		}
		fmt.Fprint(w, "done")
	})
	s.RegisterOnShutdown(func() { hooks.Add(1) })
	answers := make(chan string, 3)
	for range 3 {
		go func() {
			r, err := http.Get("http://" + s.address + "/slow")
			if err != nil {
				answers <- err.Error()
				return
			}
			body, _ := io.ReadAll(r.Body)
			answers <- string(body)
		}()
		<-begun
	}
	idle, _ := net.Dial("tcp", s.address)
	defer idle.Close()
	io.WriteString(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	<-begun
	bufio.NewReader(idle).ReadString('\n')
	short, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	fmt.Println("too short:", s.Shutdown(short))
	cancel()
	fmt.Println("serve:", <-s.served)
	_, err := net.Dial("tcp", s.address)
	fmt.Println("refused:", err != nil)
	down := make(chan error)
	go func() { down <- s.Shutdown(context.Background()) }()
	select {
	case <-down:
		fmt.Println("did not wait")
	case <-time.After(30 * time.Millisecond):
	}
	close(release)
	fmt.Println("shutdown:", <-down, <-answers, <-answers, <-answers)
	until("hooks have run", func() bool { return hooks.Load() == 2 })
	idle.SetReadDeadline(time.Now().Add(time.Minute))
	_, err = io.Copy(io.Discard, idle)
	fmt.Println("idle one closed:", err)
	fmt.Println(s.ListenAndServe(), s.Shutdown(context.Background()), s.Close())
}

func main() {
	nonsense()
	brokenOff()
	slow()
	shutdown()
	http.DefaultClient.CloseIdleConnections()
	until("no goroutines left", func() bool { return runtime.NumGoroutine() <= 2 })
}
