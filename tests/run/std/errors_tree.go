// errors: Is, As, AsType, Join, Unwrap through trees of wrapped errors.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
)

type code int

func (c code) Error() string { return "code " + strconv.Itoa(int(c)) }
func (c code) Is(target error) bool {
	return target == errFamily || target == code(int(c)%10)
}

var errFamily = errors.New("family")

type wrap struct {
	msg string
	err error
}

func (w *wrap) Error() string { return w.msg + ": " + w.err.Error() }
func (w *wrap) Unwrap() error { return w.err }

type as struct{}

func (as) Error() string { return "as" }
func (as) As(target any) bool {
	if p, ok := target.(*code); ok {
		*p = 77
		return true
	}
	return false
}

type slice []int

func (slice) Error() string { return "slice" }

func main() {
	base := &wrap{"a", &wrap{"b", code(15)}}
	fmt.Println(base, errors.Is(base, code(15)), errors.Is(base, code(5)), errors.Is(base, errFamily), errors.Is(base, io.EOF))
	var c code
	fmt.Println(errors.As(base, &c), c)
	var w *wrap
	fmt.Println(errors.As(fmt.Errorf("x: %w", base), &w), w.msg)
	joined := errors.Join(nil, io.EOF, fmt.Errorf("two: %w", base), nil)
	fmt.Printf("%v\n%q\n", joined, joined.Error())
	fmt.Println(errors.Is(joined, io.EOF), errors.Is(joined, code(5)), errors.Unwrap(joined), errors.Join(nil, nil) == nil)
	multi := fmt.Errorf("%w %d %w", io.ErrUnexpectedEOF, 3, joined)
	for _, e := range multi.(interface{ Unwrap() []error }).Unwrap() {
		fmt.Printf("%T %q\n", e, e)
	}
	fmt.Println(errors.As(as{}, &c), c)
	var any1 interface{ Unwrap() error }
	fmt.Println(errors.As(multi, &any1), any1)
	if v, ok := errors.AsType[code](multi); ok {
		fmt.Println("AsType", v)
	}
	_, ok := errors.AsType[*fs.PathError](multi)
	fmt.Println(ok)
	_, err := os.Open("/does/not/exist")
	var pe *fs.PathError
	fmt.Println(errors.Is(err, fs.ErrNotExist), errors.As(err, &pe), pe.Op, pe.Path, pe.Err)
	_, err = strconv.Atoi("zz")
	fmt.Println(errors.Is(err, strconv.ErrSyntax), err)
	// Incomparable errors are compared without a panic.
	fmt.Println(errors.Is(slice{1}, slice{1}), errors.Is(slice{1}, io.EOF), errors.Is(nil, nil), errors.Is(io.EOF, nil))
	for _, f := range []func(){
		func() { errors.As(io.EOF, nil) },
		func() { errors.As(io.EOF, c) },
		func() { var s *string; errors.As(io.EOF, s) },
		func() { var s string; errors.As(io.EOF, &s) },
	} {
		func() {
			defer func() { fmt.Println("panic:", recover()) }()
			f()
		}()
	}
	fmt.Println(errors.ErrUnsupported, errors.New("a") == errors.New("a"))
	fmt.Printf("%+v %#v %T\n", errors.New("q"), code(3), fmt.Errorf("%w", io.EOF))
}
