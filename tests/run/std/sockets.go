// Sockets pushed around: Unix sockets of all kinds, descriptors sent over them, urgent ends,
// deadlines that move while others wait, closes from elsewhere, raw connections.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

func kind(err error) string {
	var op *net.OpError
	switch {
	case err == nil:
		return "nil"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "deadline"
	case errors.Is(err, net.ErrClosed):
		return "closed"
	case errors.Is(err, io.EOF):
		return "EOF"
	case errors.As(err, &op):
		var number syscall.Errno
		if errors.As(err, &number) {
			return op.Op + " " + number.Error()
		}
		return op.Op + " " + op.Err.Error()
	}
	return err.Error()
}

func descriptors(dir string) {
	l, err := net.Listen("unix", filepath.Join(dir, "fds"))
	check(err)
	go func() {
		c, err := l.Accept()
		check(err)
		r, w, err := os.Pipe()
		check(err)
		rights := syscall.UnixRights(int(r.Fd()))
		_, _, err = c.(*net.UnixConn).WriteMsgUnix([]byte("take it"), rights, nil)
		check(err)
		r.Close()
		w.WriteString("through a pipe that was sent")
		w.Close()
		c.Close()
	}()
	c, err := net.Dial("unix", l.Addr().String())
	check(err)
	b, oob := make([]byte, 100), make([]byte, 100)
	n, oobn, flags, _, err := c.(*net.UnixConn).ReadMsgUnix(b, oob)
	check(err)
	messages, err := syscall.ParseSocketControlMessage(oob[:oobn])
	check(err)
	fds, err := syscall.ParseUnixRights(&messages[0])
	check(err)
	f := os.NewFile(uintptr(fds[0]), "sent")
	text, err := io.ReadAll(f)
	fmt.Printf("%q %q %v %d\n", b[:n], text, err, flags&^syscall.MSG_CMSG_CLOEXEC)
	f.Close()
	c.Close()
	l.Close()
	_, err = os.Stat(filepath.Join(dir, "fds"))
	fmt.Println("gone with its listener:", errors.Is(err, os.ErrNotExist))
}

func packets(dir string) {
	for _, network := range []string{"unixgram", "unixpacket"} {
		path := filepath.Join(dir, network)
		if network == "unixgram" {
			p, err := net.ListenPacket(network, path)
			check(err)
			c, err := net.Dial(network, path)
			check(err)
			for _, s := range []string{"one", "", "three"} {
				n, err := c.Write([]byte(s))
				fmt.Println(network, n, err)
			}
			for range 3 {
				b := make([]byte, 2)
				n, _, err := p.ReadFrom(b)
				fmt.Printf("%q %v\n", b[:n], err)
			}
			p.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
			_, _, err = p.ReadFrom(make([]byte, 1))
			fmt.Println(kind(err))
			p.Close()
			c.Close()
			continue
		}
		l, err := net.Listen(network, path)
		check(err)
		go func() {
			c, err := net.Dial(network, path)
			check(err)
			c.Write([]byte("first"))
			c.Write([]byte("second"))
			c.Close()
		}()
		c, err := l.Accept()
		check(err)
		for range 3 {
			b := make([]byte, 10)
			n, err := c.Read(b)
			fmt.Printf("%s %q %s\n", network, b[:n], kind(err))
		}
		c.Close()
		l.Close()
	}
	l, err := net.Listen("unix", "@goxide-abstract-"+fmt.Sprint(os.Getpid()))
	check(err)
	go func() {
		c, err := net.Dial("unix", l.Addr().String())
		check(err)
		c.Write([]byte("abstract"))
		c.(*net.UnixConn).CloseWrite()
	}()
	c, err := l.Accept()
	check(err)
	text, err := io.ReadAll(c)
	fmt.Printf("%q %v\n", text, err)
}

func pair() (*net.TCPConn, *net.TCPConn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	check(err)
	s, err := l.Accept()
	check(err)
	return c.(*net.TCPConn), s.(*net.TCPConn)
}

func deadlines() {
	c, s := pair()
	defer c.Close()
	// The deadline moves while a reader waits: nearer, further, away, past.
	result := make(chan string)
	read := func() {
		_, err := c.Read(make([]byte, 1))
		result <- kind(err)
	}
	c.SetReadDeadline(time.Now().Add(time.Hour))
	go read()
	time.Sleep(2 * time.Millisecond)
	c.SetReadDeadline(time.Now().Add(3 * time.Millisecond))
	fmt.Println("nearer:", <-result)
	go read()
	fmt.Println("past:", <-result)
	c.SetReadDeadline(time.Time{})
	go read()
	time.Sleep(2 * time.Millisecond)
	s.Write([]byte("x"))
	fmt.Println("none:", <-result)
	go read()
	time.Sleep(2 * time.Millisecond)
	c.SetDeadline(time.Unix(1, 0))
	fmt.Println("long ago:", <-result)
	c.SetDeadline(time.Time{})
	// A writer that fills all buffers.
	big := make([]byte, 64<<20)
	c.SetWriteDeadline(time.Now().Add(time.Hour))
	go func() {
		// It comes nearer when the writer has begun.
		io.ReadFull(s, make([]byte, 1))
		c.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
	}()
	n, err := c.Write(big)
	fmt.Println("full:", n > 0 && n < len(big), kind(err))
	c.SetWriteDeadline(time.Time{})
	go func() {
		n, err := c.Write(big[:len(big)-n])
		c.CloseWrite()
		result <- fmt.Sprint(n > 0, " ", kind(err))
	}()
	count, err := io.Copy(io.Discard, s)
	fmt.Println(<-result, count == int64(len(big)-1), kind(err))
	// Closed by another goroutine while several wait.
	for range 3 {
		go read()
	}
	time.Sleep(2 * time.Millisecond)
	c.Close()
	fmt.Println(<-result, <-result, <-result)
	_, err = c.Write([]byte("x"))
	fmt.Println(kind(err), kind(c.SetDeadline(time.Now())), kind(c.Close()))
	s.Close()
}

func resets() {
	c, s := pair()
	s.SetLinger(0)
	s.Close()
	_, err := c.Read(make([]byte, 1))
	fmt.Println("reset:", kind(err))
	c.Close()
	c, s = pair()
	c.Write([]byte("unread"))
	time.Sleep(time.Millisecond)
	s.Close()
	time.Sleep(time.Millisecond)
	var last error
	for range 100 {
		if _, last = c.Write([]byte("more")); last != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println("broken:", errors.Is(last, syscall.EPIPE) || errors.Is(last, syscall.ECONNRESET))
	c.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	address := l.Addr().String()
	l.Close()
	_, err = net.Dial("tcp", address)
	fmt.Println("nobody:", kind(err))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = new(net.Dialer).DialContext(ctx, "tcp", address)
	fmt.Println("cancelled:", strings.HasSuffix(err.Error(), "operation was canceled"))
	_, err = net.Listen("tcp", "127.0.0.1:99999")
	fmt.Println(err)
	_, err = net.Dial("tcp", "127.0.0.1")
	fmt.Println(err)
	_, err = net.Dial("nonsense", "127.0.0.1:1")
	fmt.Println(err)
	// Accepts that wait when the listener closes.
	l, err = net.Listen("tcp", "127.0.0.1:0")
	check(err)
	results := make(chan string, 5)
	for range 5 {
		go func() {
			_, err := l.Accept()
			results <- kind(err)
		}()
	}
	time.Sleep(2 * time.Millisecond)
	l.Close()
	for range 5 {
		fmt.Print(<-results, " ")
	}
	fmt.Println(kind(l.Close()))
	l, err = net.Listen("tcp", "127.0.0.1:0")
	check(err)
	l.(*net.TCPListener).SetDeadline(time.Now().Add(3 * time.Millisecond))
	_, err = l.Accept()
	fmt.Println("accept:", kind(err))
	l.Close()
}

func raw() {
	c, s := pair()
	conn, err := c.SyscallConn()
	check(err)
	err = conn.Control(func(fd uintptr) {
		v, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_NODELAY)
		fmt.Println("no delay:", v != 0, err)
	})
	fmt.Println(err)
	go func() { time.Sleep(2 * time.Millisecond); s.Write([]byte("raw")) }()
	var got []byte
	tries := 0
	err = conn.Read(func(fd uintptr) bool {
		b := make([]byte, 10)
		n, err := syscall.Read(int(fd), b)
		tries++
		if err == syscall.EAGAIN {
			return false
		}
		got = b[:n]
		return true
	})
	fmt.Printf("%q %v\n", got, err)
	f, err := c.File()
	check(err)
	f.Write([]byte("by the file"))
	b := make([]byte, 100)
	n, err := s.Read(b)
	fmt.Printf("%q %v\n", b[:n], err)
	f.Close()
	// Buffers written at once, and a file sent.
	go func() {
		v := net.Buffers{[]byte("a"), nil, []byte("bc"), bytes.Repeat([]byte("d"), 5000)}
		v.WriteTo(c)
		self, err := os.Open("/proc/version")
		check(err)
		io.Copy(c, self)
		c.Close()
	}()
	text, err := io.ReadAll(s)
	want, _ := os.ReadFile("/proc/version")
	fmt.Println(len(text) == 5003+len(want), bytes.HasSuffix(text, want), err)
	s.Close()
}

func udp() {
	p, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	check(err)
	defer p.Close()
	const clients, rounds = 20, 50
	var all sync.WaitGroup
	go func() {
		b := make([]byte, 100)
		for {
			n, from, err := p.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			p.WriteToUDPAddrPort(b[:n], from)
		}
	}()
	for i := range clients {
		all.Go(func() {
			c, err := net.Dial("udp", p.LocalAddr().String())
			check(err)
			defer c.Close()
			b := make([]byte, 100)
			for j := range rounds {
				text := fmt.Sprint(i, " ", j)
				c.Write([]byte(text))
				c.SetReadDeadline(time.Now().Add(time.Minute))
				n, err := c.Read(b)
				if err != nil || string(b[:n]) != text {
					fmt.Println("udp", text, string(b[:n]), err)
				}
			}
		})
	}
	all.Wait()
	c, err := net.Dial("udp", "127.0.0.1:9")
	check(err)
	c.Write([]byte("x"))
	time.Sleep(2 * time.Millisecond)
	c.SetReadDeadline(time.Now().Add(time.Minute))
	_, err = c.Read(make([]byte, 1))
	fmt.Println("unreachable:", kind(err))
	_, err = p.WriteTo(make([]byte, 70000), p.LocalAddr())
	fmt.Println("too long:", kind(err))
}

func main() {
	dir, err := os.MkdirTemp("", "sockets")
	check(err)
	defer os.RemoveAll(dir)
	descriptors(dir)
	packets(dir)
	deadlines()
	resets()
	raw()
	udp()
}
