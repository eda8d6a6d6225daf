// File descriptors used up: Open, Pipe, Dial, Accept and exec say so, and all goes on once
// some are free again. A server whose Accept fails stays a server.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	limit := syscall.Rlimit{Cur: 40, Max: 40}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		fmt.Println(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	var logged strings.Builder
	var lock sync.Mutex
	closed := make(chan bool, 10)
	server := &http.Server{
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateClosed {
				closed <- true
			}
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "hello ", r.URL.Path)
		}),
		ErrorLog: log.New(writer(func(b []byte) (int, error) {
			lock.Lock()
			defer lock.Unlock()
			return logged.Write(b)
		}), "", 0),
	}
	go server.Serve(listener)
	client := &http.Client{Transport: &http.Transport{}}
	get := func(path string) {
		r, err := client.Get("http://" + listener.Addr().String() + path)
		if err != nil {
			fmt.Println("get:", errors.Is(err, syscall.EMFILE))
			return
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		fmt.Printf("%s %v\n", body, err)
	}
	get("/before")
	client.CloseIdleConnections()
	<-closed // or the server would give its descriptor back in the midst of what follows

	// One connection that the server has yet to accept, and nothing free.
	var files []*os.File
	var last error
	for {
		f, err := os.Open("/dev/null")
		if err != nil {
			last = err
			break
		}
		files = append(files, f)
	}
	fmt.Println("open:", last)
	_, _, err = os.Pipe()
	fmt.Println("pipe:", err)
	_, err = net.Dial("tcp", listener.Addr().String())
	fmt.Println("dial:", errors.Is(err, syscall.EMFILE))
	_, err = net.Listen("tcp", "127.0.0.1:0")
	fmt.Println("listen:", errors.Is(err, syscall.EMFILE))
	err = exec.Command("/bin/true").Run()
	fmt.Println("exec:", err)
	_, err = os.ReadDir("/")
	fmt.Println("read dir:", err)
	files[0].Close()
	conn, err := net.Dial("tcp", listener.Addr().String())
	fmt.Println("dial with one free:", err)
	saysSo := func() bool {
		lock.Lock()
		defer lock.Unlock()
		text := logged.String()
		return strings.Contains(text, "Accept error: accept tcp") && strings.Contains(text, "accept4: too many open files; retrying in 5ms")
	}
	for range 5000 {
		if saysSo() {
			break
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println("accept says so:", saysSo())
	conn.Close()
	for _, f := range files[1:] {
		f.Close()
	}
	get("/after")
	var wait sync.WaitGroup
	for range 100 {
		wait.Go(func() {
			f, err := os.Open("/dev/null")
			if err != nil {
				if !errors.Is(err, syscall.EMFILE) {
					fmt.Println(err)
				}
				return
			}
			runtime.Gosched()
			f.Close()
		})
	}
	wait.Wait()
	get("/later")
	// What is not closed is closed by the collector.
	client.CloseIdleConnections()
	for range 200 {
		if _, err := os.Open("/dev/null"); err != nil {
			runtime.GC()
			time.Sleep(10 * time.Millisecond)
		}
	}
	for range 500 {
		runtime.GC()
		if someFree() {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	get("/last")
}

// someFree tells whether a connection finds all the descriptors that it needs.
func someFree() bool {
	for range 10 {
		f, err := os.Open("/dev/null")
		if err != nil {
			return false
		}
		defer f.Close()
	}
	return true
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }
