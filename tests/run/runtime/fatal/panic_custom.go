// Panic values of named and composite types, as the report prints them.
package main

type myInt int8
type myString string
type pair struct{ a, b int }

func try(v any) {
	defer func() {
		e := recover()
		defer func() { recover() }()
		panic(e)
	}()
	panic(v)
}

func main() {
	for _, v := range []any{myInt(3), myString("s"), pair{1, 2}, []int{1}, nil, 'x', 1i} {
		try(v)
	}
	defer func() {
		panic(myString("second\nline"))
	}()
	panic(myInt(-7))
}
