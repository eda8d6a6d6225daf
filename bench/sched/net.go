// Servers over the loopback interface: an echo of lines, and net/http.
package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"bench/measure"
)

const clients = 16

// load lets each client do its requests and prints the time for one of all requests and
// how long the slowest hundredth took.
func load(name string, each int, client func(done func())) {
	var all sync.WaitGroup
	times := make([][]time.Duration, clients)
	started := time.Now()
	for c := range times {
		all.Go(func() {
			last := time.Now()
			client(func() {
				now := time.Now()
				times[c] = append(times[c], now.Sub(last))
				last = now
			})
		})
	}
	all.Wait()
	measure.Value(name, float64(time.Since(started))/float64(clients*each))
	var flat []time.Duration
	for _, t := range times {
		flat = append(flat, t...)
	}
	measure.Value(name+", p99", float64(measure.Percentile(flat, 99)))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func listen() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	return listener
}

func echo() {
	listener := listen()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go io.Copy(conn, conn)
		}
	}()
	const each = 1000
	load("TCP echo", each, func(done func()) {
		conn, err := net.Dial("tcp", listener.Addr().String())
		check(err)
		defer conn.Close()
		reader := bufio.NewReader(conn)
		for range each {
			_, err := io.WriteString(conn, "a line of text\n")
			check(err)
			_, err = reader.ReadString('\n')
			check(err)
			done()
		}
	})
	listener.Close()
}

func hello() {
	listener := listen()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello, world\n")
	})}
	go server.Serve(listener)
	const each = 300
	url := "http://" + listener.Addr().String() + "/"
	load("net/http hello", each, func(done func()) {
		client := http.Client{Transport: &http.Transport{}}
		for range each {
			response, err := client.Get(url)
			check(err)
			_, err = io.Copy(io.Discard, response.Body)
			check(err)
			response.Body.Close()
			done()
		}
	})
	server.Close()
}

func main() {
	if measure.Wanted("TCP echo") {
		echo()
	}
	if measure.Wanted("net/http hello") {
		hello()
	}
}
