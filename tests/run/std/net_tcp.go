// net: TCP on localhost: echo, deadlines, half close, errors, many connections at once.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fmt.Println(err, l.Addr().Network())
	var handlers sync.WaitGroup
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				fmt.Println("accept ends:", errors.Is(err, net.ErrClosed))
				handlers.Done()
				return
			}
			handlers.Go(func() {
				defer c.Close()
				io.Copy(c, c)
			})
		}
	}()
	handlers.Add(1)
	c, err := net.Dial("tcp", l.Addr().String())
	fmt.Println(err, c.RemoteAddr().String() == l.Addr().String())
	fmt.Fprintf(c, "hello\n")
	line, err := bufio.NewReader(c).ReadString('\n')
	fmt.Printf("%q %v\n", line, err)
	c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	_, err = c.Read(make([]byte, 1))
	var ne net.Error
	fmt.Println(errors.As(err, &ne) && ne.Timeout(), errors.Is(err, os.ErrDeadlineExceeded))
	c.SetReadDeadline(time.Time{})
	t := c.(*net.TCPConn)
	fmt.Println(t.SetNoDelay(true), t.SetKeepAlive(true), t.SetLinger(0), t.SetReadBuffer(1<<16), t.CloseWrite())
	rest, err := io.ReadAll(c)
	fmt.Println(len(rest), err)
	_, err = c.Write([]byte("x"))
	fmt.Println(errors.Is(err, syscall.EPIPE))
	fmt.Println(c.Close(), errors.Is(c.Close(), net.ErrClosed))

	// A deadline in the past, and a close, wake a blocked reader.
	c, _ = net.Dial("tcp", l.Addr().String())
	errs := make(chan error)
	go func() { _, err := c.Read(make([]byte, 1)); errs <- err }()
	time.Sleep(5 * time.Millisecond)
	c.SetDeadline(time.Unix(1, 0))
	fmt.Println(errors.Is(<-errs, os.ErrDeadlineExceeded))
	c.SetDeadline(time.Time{})
	go func() { _, err := c.Read(make([]byte, 1)); errs <- err }()
	time.Sleep(5 * time.Millisecond)
	c.Close()
	fmt.Println(errors.Is(<-errs, net.ErrClosed))

	// A writer blocks until its reader catches up.
	c, _ = net.Dial("tcp", l.Addr().String())
	const size = 8 << 20
	var wg sync.WaitGroup
	wg.Go(func() {
		data := make([]byte, 64<<10)
		for i := range data {
			data[i] = byte(i % 251)
		}
		for sent := 0; sent < size; sent += len(data) {
			if _, err := c.Write(data); err != nil {
				fmt.Println(err)
			}
		}
		c.(*net.TCPConn).CloseWrite()
	})
	sum, n := 0, 0
	r := bufio.NewReaderSize(c, 1<<16)
	for {
		b, err := r.ReadByte()
		if err != nil {
			break
		}
		sum += int(b)
		n++
	}
	wg.Wait()
	c.Close()
	fmt.Println(n, sum)

	var mu sync.Mutex
	total := 0
	for i := range 200 {
		wg.Go(func() {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				fmt.Println(err)
				return
			}
			defer c.Close()
			br := bufio.NewReader(c)
			for j := range 20 {
				fmt.Fprintf(c, "%d-%d\n", i, j)
				s, _ := br.ReadString('\n')
				if s != fmt.Sprintf("%d-%d\n", i, j) {
					fmt.Println("wrong echo", s)
				}
				mu.Lock()
				total += len(s)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(total)
	addr := l.Addr().String()
	l.Close()
	handlers.Wait()
	_, err = net.Dial("tcp", addr)
	var oe *net.OpError
	fmt.Println(errors.Is(err, syscall.ECONNREFUSED), errors.As(err, &oe), oe.Op, oe.Net, strings.HasSuffix(err.Error(), "connect: connection refused"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = (&net.Dialer{}).DialContext(ctx, "tcp", "127.0.0.1:1")
	fmt.Println(errors.Is(err, context.Canceled))
	for _, bad := range []string{"nohost", "1.2.3.4:99999", "[::1:80", "a:b:c", ":http-nope"} {
		_, err := net.ResolveTCPAddr("tcp", bad)
		fmt.Println(err)
	}
	_, err = net.Dial("nonet", "x")
	fmt.Println(err)
	_, err = net.Listen("tcp", "127.0.0.1:bad")
	fmt.Println(err)
	l1, _ := net.Listen("tcp", "127.0.0.1:0")
	_, err = net.Listen("tcp", l1.Addr().String())
	fmt.Println(errors.Is(err, syscall.EADDRINUSE))
	l1.(*net.TCPListener).SetDeadline(time.Now().Add(5 * time.Millisecond))
	_, err = l1.Accept()
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	f, err := l1.(*net.TCPListener).File()
	fmt.Println(err, f != nil)
	l2, err := net.FileListener(f)
	fmt.Println(err, l2.Addr().String() == l1.Addr().String())
	rc, err := l1.(*net.TCPListener).SyscallConn()
	fmt.Println(err, rc.Control(func(fd uintptr) { fmt.Println(fd > 2) }))
}
