// A small language: scanner, parser, tree of interfaces, closures with environments.
package main

import (
	"errors"
	"fmt"
	"strings"
)

type value any
type env struct {
	vars  map[string]value
	outer *env
}

func (e *env) find(name string) *env {
	for ; e != nil; e = e.outer {
		if _, ok := e.vars[name]; ok {
			return e
		}
	}
	return nil
}

type symbol string
type list []value
type lambda struct {
	params list
	body   value
	env    *env
}
type builtin func(args []value) value

func read(tokens *[]string) value {
	if len(*tokens) == 0 {
		panic(errors.New("unexpected end"))
	}
	t := (*tokens)[0]
	*tokens = (*tokens)[1:]
	switch {
	case t == "(":
		var l list
		for len(*tokens) > 0 && (*tokens)[0] != ")" {
			l = append(l, read(tokens))
		}
		if len(*tokens) == 0 {
			panic(errors.New("missing )"))
		}
		*tokens = (*tokens)[1:]
		return l
	case t == ")":
		panic(errors.New("unexpected )"))
	}
	var n int
	if _, err := fmt.Sscan(t, &n); err == nil {
		return n
	}
	return symbol(t)
}

func eval(v value, e *env) value {
	for {
		switch x := v.(type) {
		case int:
			return x
		case symbol:
			if f := e.find(string(x)); f != nil {
				return f.vars[string(x)]
			}
			panic(fmt.Errorf("unknown %s", string(x)))
		case list:
			switch x[0] {
			case symbol("if"):
				if eval(x[1], e) != 0 {
					v = x[2]
				} else {
					v = x[3]
				}
				continue
			case symbol("define"):
				e.vars[string(x[1].(symbol))] = eval(x[2], e)
				return nil
			case symbol("lambda"):
				return &lambda{x[1].(list), x[2], e}
			}
			f := eval(x[0], e)
			var args []value
			for _, a := range x[1:] {
				args = append(args, eval(a, e))
			}
			switch f := f.(type) {
			case builtin:
				return f(args)
			case *lambda:
				inner := &env{map[string]value{}, f.env}
				for i, p := range f.params {
					inner.vars[string(p.(symbol))] = args[i]
				}
				v, e = f.body, inner
				continue
			}
			panic(fmt.Errorf("%v is no function", f))
		}
	}
}

func arithmetic(f func(a, b int) int) builtin {
	return func(args []value) value {
		r := args[0].(int)
		for _, a := range args[1:] {
			r = f(r, a.(int))
		}
		return r
	}
}

func run(src string, e *env) (v value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	tokens := strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(src))
	for len(tokens) > 0 {
		v = eval(read(&tokens), e)
	}
	return v, nil
}

func main() {
	e := &env{vars: map[string]value{
		"+": arithmetic(func(a, b int) int { return a + b }),
		"-": arithmetic(func(a, b int) int { return a - b }),
		"*": arithmetic(func(a, b int) int { return a * b }),
		"/": arithmetic(func(a, b int) int { return a / b }),
		"<": arithmetic(func(a, b int) int { return map[bool]int{true: 1}[a < b] }),
	}}
	for _, src := range []string{
		"(+ 1 2 3)", "(define f (lambda (n) (if (< n 2) 1 (* n (f (- n 1))))))", "(f 10)",
		"(define loop (lambda (n acc) (if (< 0 n) (loop (- n 1) (+ acc n)) acc))) (loop 100000 0)",
		"(define add (lambda (a) (lambda (b) (+ a b)))) ((add 3) 4)",
		"(/ 1 0)", "(+ 1 x)", "(1 2)", "(+ 1", ")", "(+ + 1)",
	} {
		fmt.Println(run(src, e))
	}
}
