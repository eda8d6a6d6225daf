// HTTP/2 pushed around: bodies larger than the flow control's windows, slow readers, requests
// cancelled in the middle, handlers that panic or hijack nothing, trailers, expectations,
// full duplex, graceful shutdown with requests under way.
package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type pattern struct{ left, at int }

func (p *pattern) Read(b []byte) (int, error) {
	if p.left == 0 {
		return 0, io.EOF
	}
	n := min(len(b), p.left)
	for i := range b[:n] {
		b[i] = byte((p.at + i) * 7 >> 3)
	}
	p.at += n
	p.left -= n
	return n, nil
}

func sum(r io.Reader) string {
	h := sha256.New()
	n, err := io.Copy(h, r)
	return fmt.Sprintf("%d %x %v", n, h.Sum(nil)[:4], err)
}

// late is a context whose time is up when its channel is closed.
type late struct {
	context.Context
	done chan struct{}
}

func (l *late) Done() <-chan struct{} { return l.done }

func (l *late) Err() error {
	select {
	case <-l.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func main() {
	started := make(chan string, 100)
	gone := make(chan error, 100)
	release := make(chan bool)
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "Checksum")
		h := sha256.New()
		io.Copy(io.MultiWriter(w, h), r.Body)
		w.Header().Set("Checksum", fmt.Sprintf("%x", h.Sum(nil)[:4]))
	})
	mux.HandleFunc("/sum", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto, " ", sum(r.Body)) })
	mux.HandleFunc("/pattern", func(w http.ResponseWriter, r *http.Request) { io.Copy(w, &pattern{left: 3 << 20}) })
	mux.HandleFunc("/wait", func(w http.ResponseWriter, r *http.Request) {
		started <- r.URL.Path
		select {
		case <-r.Context().Done():
			gone <- r.Context().Err()
		case <-release:
			fmt.Fprint(w, "released")
		}
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		b := make([]byte, 10000)
		for {
			if _, err := w.Write(b); err != nil {
				gone <- nil
				return
			}
		}
	})
	mux.HandleFunc("/panic", func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/half", func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("half"))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	mux.HandleFunc("/duplex", func(w http.ResponseWriter, r *http.Request) {
		b := make([]byte, 100)
		for {
			n, err := r.Body.Read(b)
			if n > 0 {
				w.Write([]byte(strings.ToUpper(string(b[:n]))))
				w.(http.Flusher).Flush()
			}
			if err != nil {
				return
			}
		}
	})
	server := httptest.NewUnstartedServer(mux)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	client := server.Client()
	get := func(path string) {
		r, err := client.Get(server.URL + path)
		if err != nil {
			fmt.Println(path, "error:", strings.Contains(err.Error(), "INTERNAL_ERROR") || errors.Is(err, io.EOF))
			return
		}
		b, err := io.ReadAll(r.Body)
		r.Body.Close()
		fmt.Printf("%s %d %.20q %v\n", path, r.StatusCode, b, err != nil)
	}

	// Many large bodies at once, over one connection.
	var all sync.WaitGroup
	var right atomic.Int32
	want := sum(&pattern{left: 500_000})
	for i := range 30 {
		all.Go(func() {
			path := []string{"/sum", "/echo", "/pattern"}[i%3]
			r, err := client.Post(server.URL+path, "text/plain", &pattern{left: 500_000})
			if err != nil {
				fmt.Println(err)
				return
			}
			defer r.Body.Close()
			switch path {
			case "/sum":
				b, _ := io.ReadAll(r.Body)
				if string(b) != "HTTP/2.0 "+want {
					fmt.Printf("%q\n", b)
					return
				}
			case "/echo":
				if got := sum(r.Body); got != want || r.Trailer.Get("Checksum") != strings.Fields(want)[1] {
					fmt.Println(got, r.Trailer)
					return
				}
			case "/pattern":
				// A slow reader beside fast ones.
				b := make([]byte, 70000)
				n := 0
				for {
					k, err := r.Body.Read(b)
					n += k
					if err != nil {
						break
					}
					if n%5 == 0 {
						time.Sleep(100 * time.Microsecond)
					}
				}
				if n != 3<<20 {
					fmt.Println(n)
					return
				}
			}
			right.Add(1)
		})
	}
	all.Wait()
	fmt.Println("right:", right.Load())

	// Cancelled in the middle, by contexts, deadlines and closed bodies.
	for range 10 {
		ctx, cancel := context.WithCancel(context.Background())
		request, _ := http.NewRequestWithContext(ctx, "GET", server.URL+"/wait", nil)
		go func() { <-started; cancel() }()
		_, err := client.Do(request)
		if !errors.Is(err, context.Canceled) {
			fmt.Println(err)
		}
		if err := <-gone; err != context.Canceled {
			fmt.Println("handler:", err)
		}
	}
	// The time begins when the handler does.
	ctx := &late{Context: context.Background(), done: make(chan struct{})}
	request, _ := http.NewRequestWithContext(ctx, "GET", server.URL+"/wait", nil)
	go func() {
		<-started
		time.Sleep(10 * time.Millisecond)
		close(ctx.done)
	}()
	_, err := client.Do(request)
	fmt.Println("deadline:", errors.Is(err, context.DeadlineExceeded))
	<-gone
	for range 5 {
		r, err := client.Get(server.URL + "/endless")
		if err != nil {
			fmt.Println(err)
			return
		}
		io.CopyN(io.Discard, r.Body, 100_000)
		r.Body.Close()
		<-gone
	}
	fmt.Println("closed bodies end their handlers")

	get("/panic")
	get("/half")
	get("/pattern")
	get("/missing")

	// Both ways at once.
	in, out := io.Pipe()
	request, _ = http.NewRequest("POST", server.URL+"/duplex", in)
	go out.Write([]byte("one"))
	r, err := client.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	b := make([]byte, 100)
	for _, word := range []string{"", "two", "three"} {
		if word != "" {
			out.Write([]byte(word))
		}
		n, err := r.Body.Read(b)
		fmt.Printf("%q %v\n", b[:n], err)
	}
	out.Close()
	rest, err := io.ReadAll(r.Body)
	fmt.Printf("%q %v\n", rest, err)

	// Shutdown waits for what is under way.
	result := make(chan string)
	go func() {
		r, err := client.Get(server.URL + "/wait")
		if err != nil {
			result <- err.Error()
			return
		}
		b, err := io.ReadAll(r.Body)
		result <- fmt.Sprintf("%s %v", b, err)
	}()
	<-started
	down := make(chan error)
	go func() { down <- server.Config.Shutdown(context.Background()) }()
	time.Sleep(20 * time.Millisecond)
	close(release)
	fmt.Println(<-result)
	fmt.Println("shutdown:", <-down)
	_, err = http.Get(server.URL)
	fmt.Println("afterwards:", err != nil)
}
