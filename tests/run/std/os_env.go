// os: environment, arguments, exit; Expand; user folders; process facts.
//
//test:args one two -x
//test:env GX_A=1
//test:env GX_EMPTY=
//test:env HOME=/home/gopher
package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	fmt.Println(os.Args[1:], len(os.Args[0]) > 0)
	fmt.Println(os.Getenv("GX_A"), os.Getenv("GX_NONE"))
	v, ok := os.LookupEnv("GX_EMPTY")
	fmt.Printf("%q %t\n", v, ok)
	_, ok = os.LookupEnv("GX_NONE")
	fmt.Println(ok)
	fmt.Println(os.Setenv("GX_B", "two"), os.Setenv("", "x"), os.Setenv("A=B", "x"), os.Setenv("NUL", "a\x00b"), os.Unsetenv("GX_A"))
	fmt.Println(os.ExpandEnv("$GX_B ${GX_B}x $GX_A| $$ ${} $"), os.Expand("${a}-$b $*", strings.ToUpper))
	n := 0
	for _, e := range os.Environ() {
		if strings.HasPrefix(e, "GX_A") || strings.HasPrefix(e, "GX_B") || strings.HasPrefix(e, "GX_E") {
			fmt.Println(e)
			n++
		}
	}
	fmt.Println(n)
	h, err := os.UserHomeDir()
	fmt.Println(h, err)
	c, err := os.UserConfigDir()
	fmt.Println(c, err)
	os.Unsetenv("HOME")
	_, err = os.UserHomeDir()
	fmt.Println(err)
	os.Clearenv()
	fmt.Println(len(os.Environ()), os.TempDir(), os.DevNull, os.PathSeparator, os.IsPathSeparator('/'))
	fmt.Println(os.Getpid() > 0, os.Getppid() > 0, os.Getpagesize(), os.Getuid() == syscall.Getuid())
	exe, err := os.Executable()
	fmt.Println(exe != "", err)
	host, err := os.Hostname()
	fmt.Println(host != "", err)
	fmt.Println(os.ErrDeadlineExceeded, os.ErrNoDeadline, os.ErrProcessDone, os.Interrupt, os.Kill, syscall.SIGHUP, syscall.Signal(99))
	p, err := os.FindProcess(os.Getpid())
	fmt.Println(p.Pid == os.Getpid(), err, p.Signal(syscall.Signal(0)))
	_, err = os.StartProcess("/no/such/program", nil, &os.ProcAttr{})
	fmt.Println(err, errors.Is(err, os.ErrNotExist))
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, syscall.SIGUSR1)
	p.Signal(syscall.SIGUSR1)
	fmt.Println(<-ch)
	defer fmt.Println("never printed")
	os.Exit(7)
}
