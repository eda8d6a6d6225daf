// os/signal: Notify, Stop, Ignore, Reset, NotifyContext, many signals, children.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

func send(s syscall.Signal) { syscall.Kill(os.Getpid(), s) }

func main() {
	if len(os.Args) > 1 {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGTERM)
		fmt.Println("ready")
		fmt.Println("child got", <-c)
		os.Exit(4)
	}
	c := make(chan os.Signal, 10)
	signal.Notify(c, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGHUP)
	for _, s := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGHUP} {
		send(s)
		fmt.Println(<-c)
	}
	d := make(chan os.Signal, 10)
	signal.Notify(d, syscall.SIGUSR1)
	send(syscall.SIGUSR1)
	fmt.Println(<-c, <-d)
	signal.Stop(c)
	send(syscall.SIGUSR1)
	fmt.Println(<-d, len(c))
	signal.Ignore(syscall.SIGUSR2)
	send(syscall.SIGUSR2)
	fmt.Println(signal.Ignored(syscall.SIGUSR2), signal.Ignored(syscall.SIGUSR1))
	signal.Reset(syscall.SIGUSR2)
	fmt.Println(signal.Ignored(syscall.SIGUSR2))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT)
	send(syscall.SIGINT)
	<-ctx.Done()
	fmt.Println(ctx.Err(), context.Cause(ctx))
	stop()
	all := make(chan os.Signal, 100)
	signal.Notify(all)
	send(syscall.SIGWINCH)
	send(syscall.SIGCONT)
	got := map[os.Signal]bool{}
	for !got[syscall.SIGWINCH] || !got[syscall.SIGCONT] {
		got[<-all] = true
	}
	fmt.Println("both")
	signal.Stop(all)
	// A full channel drops signals and never blocks.
	small := make(chan os.Signal, 1)
	signal.Notify(small, syscall.SIGUSR2)
	for range 50 {
		send(syscall.SIGUSR2)
		time.Sleep(100 * time.Microsecond)
	}
	<-small
	fmt.Println("still alive")
	// Real-time signals and a storm of them during work.
	rt := make(chan os.Signal, 1000)
	signal.Notify(rt, syscall.Signal(40))
	go func() {
		for range 200 {
			send(syscall.Signal(40))
		}
		send(syscall.SIGUSR1)
	}()
	sum := 0
	s := make([]*int, 0)
	for i := range 200000 {
		sum += i
		s = append(s[:len(s)%1000], &i)
	}
	<-d
	fmt.Println(sum, <-rt)
	cmd := exec.Command(os.Args[0], "child")
	out, _ := cmd.StdoutPipe()
	cmd.Start()
	buf := make([]byte, 100)
	n, _ := out.Read(buf)
	fmt.Print(string(buf[:n]))
	cmd.Process.Signal(syscall.SIGTERM)
	n, _ = out.Read(buf)
	fmt.Print(string(buf[:n]))
	fmt.Println(cmd.Wait())
	func() {
		defer func() { fmt.Println(recover()) }()
		signal.Notify(nil)
	}()
	signal.Reset()
	send(syscall.SIGHUP)
	time.Sleep(5 * time.Second)
}
