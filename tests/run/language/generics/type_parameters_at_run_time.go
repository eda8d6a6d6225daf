// Code that looks at its type parameters: type switches on values and zero values, sizes,
// conversions to interfaces, comparisons, assertions to T, names of types, nil checks.
package main

import (
	"errors"
	"fmt"
	"reflect"
	"unsafe"
)

func kind[T any](v T) string {
	switch any(v).(type) {
	case int, int8:
		return "integer"
	case string:
		return "string"
	case []T:
		return "slice of itself"
	case fmt.Stringer:
		return "stringer"
	case error:
		return "error"
	case nil:
		return "nil"
	}
	return fmt.Sprintf("other %T", v)
}
func static[T any]() string {
	switch p := any((*T)(nil)).(type) {
	case *int:
		return "int"
	case *string:
		return "string"
	case *error:
		return "error"
	case *any:
		return "any"
	default:
		return fmt.Sprintf("pointer %T", p)
	}
}
func is[T any](v any) (T, bool)            { t, ok := v.(T); return t, ok }
func must[T any](v any) T                  { return v.(T) }
func size[T any]() uintptr                 { var t T; return unsafe.Sizeof(t) }
func equal[T comparable](a, b T) bool      { return a == b }
func isZero[T comparable](t T) bool        { var z T; return t == z }
func isNil[T any](t T) bool                { return any(t) == nil }
func as[T error](err error) (t T, ok bool) { ok = errors.As(err, &t); return }
func name[T any]() string                  { return reflect.TypeFor[T]().String() }
func cases[T ~int | ~string](t T) string {
	switch v := any(t).(type) {
	case int:
		return fmt.Sprint("int ", v+1)
	case string:
		return "string " + v
	}
	return fmt.Sprintf("named %v", t)
}

type myInt int
type str struct{}

func (str) String() string { return "str" }

type fail struct{ n int }

func (f *fail) Error() string { return fmt.Sprint("fail ", f.n) }

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	fmt.Println(kind(1), kind(int8(2)), kind("s"), kind(2.5), kind(str{}), kind[error](nil), kind[any](nil), kind(error(&fail{})), kind([]int{}))
	fmt.Println(static[int](), static[string](), static[error](), static[any](), static[[]int](), static[myInt]())
	fmt.Println(is[int](5))
	fmt.Println(is[string](5))
	fmt.Println(is[fmt.Stringer](str{}))
	fmt.Println(is[any](nil))
	try(func() { must[int]("x") })
	try(func() { must[fmt.Stringer](5) })
	try(func() { must[map[string]myInt](nil) })
	fmt.Println(size[int8](), size[string](), size[[3]myInt](), size[struct{}](), size[any]())
	fmt.Println(equal(1, 1), equal[any]("a", "a"), equal[any](1, int8(1)), equal([2]any{1}, [2]any{1}), isZero(str{}), isZero(""), isZero[any](0))
	try(func() { equal[any]([]int{}, []int{}) })
	fmt.Println(isNil[any](nil), isNil[*int](nil), isNil[error](nil), isNil(0))
	f, ok := as[*fail](fmt.Errorf("w: %w", &fail{3}))
	fmt.Println(f, ok)
	fmt.Println(name[map[myInt][]str](), name[error](), name[func(...int) (string, error)](), name[*fail]())
	fmt.Println(cases(4), cases("x"), cases(myInt(5)))
}
