// flag: all kinds of flags, custom values, errors, usage.
//
//test:args -n 5 --name=gopher -b -d 1m30s -list a -list b,c -u 7 -f 2.5 -fn x -t 9-8 -bf rest -n 6
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

type list []string

func (l *list) String() string     { return strings.Join(*l, "|") }
func (l *list) Set(s string) error { *l = append(*l, strings.Split(s, ",")...); return nil }

type pair struct{ a, b int }

func (p pair) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d-%d", p.a, p.b), nil }
func (p *pair) UnmarshalText(b []byte) error {
	_, err := fmt.Sscanf(string(b), "%d-%d", &p.a, &p.b)
	return err
}

func main() {
	n := flag.Int("n", 1, "a `count` of things")
	name := flag.String("name", "nobody", "who")
	b := flag.Bool("b", false, "switch")
	d := flag.Duration("d", time.Second, "how long")
	u := flag.Uint("u", 0, "unsigned")
	f := flag.Float64("f", 0, "float\nsecond line")
	var l list
	flag.Var(&l, "list", "many")
	flag.Func("fn", "func", func(s string) error { fmt.Println("fn", s); return nil })
	flag.BoolFunc("bf", "boolfunc", func(s string) error { fmt.Println("bf", s); return nil })
	var p pair
	flag.TextVar(&p, "t", pair{1, 2}, "text")
	flag.Parse()
	fmt.Println(*n, *name, *b, *d, *u, *f, l, p, flag.Args(), flag.NArg(), flag.NFlag(), flag.Arg(0), flag.Arg(9))
	flag.VisitAll(func(f *flag.Flag) { fmt.Print(f.Name, "=", f.Value, " (", f.DefValue, ") ") })
	fmt.Println()
	flag.Visit(func(f *flag.Flag) { fmt.Print(f.Name, " ") })
	fmt.Println(flag.Lookup("nope") == nil, flag.Set("n", "9"), flag.Set("n", "x"), flag.Set("nope", ""), *n)
	flag.CommandLine.SetOutput(os.Stdout)
	flag.PrintDefaults()
	for _, args := range [][]string{{"-x"}, {"-i"}, {"-i", "abc"}, {"-i=99999999999999999999"}, {"-b=maybe"}, {"-h"}, {"--"}, {"-"}, {"---x"}, {"-=1"}, {"-i", "0x10", "--", "-i"}, {"-d", "5"}, {"-b", "false"}} {
		fs := flag.NewFlagSet("set", flag.ContinueOnError)
		var out strings.Builder
		fs.SetOutput(&out)
		i := fs.Int("i", 3, "int")
		bb := fs.Bool("b", false, "")
		fs.Duration("d", 0, "")
		err := fs.Parse(args)
		fmt.Printf("%q: %v %d %t %q help=%t\n%s", args, err, *i, *bb, fs.Args(), errors.Is(err, flag.ErrHelp), out.String())
	}
	fs := flag.NewFlagSet("p", flag.PanicOnError)
	fs.SetOutput(io.Discard)
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		fs.Parse([]string{"-zz"})
	}()
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		fs.Int("a", 1, "")
		fs.SetOutput(os.Stdout)
		fs.Int("a", 1, "")
	}()
	fe := flag.NewFlagSet("exiting", flag.ExitOnError)
	fe.Usage = func() { fmt.Println("own usage") }
	fe.SetOutput(os.Stdout)
	fe.Parse([]string{"-undefined"})
}
