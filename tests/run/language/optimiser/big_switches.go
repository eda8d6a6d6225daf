// Switches with many cases: dense, sparse, negative, unsigned extremes, strings by length
// and first bytes, types; each against a table.
package main

import "fmt"

//go:noinline
func dense(n int) string {
	switch n {
	case 0:
		return "zero"
	case 1:
		return "one"
	case 2:
		return "two"
	case 3, 4:
		return "three or four"
	case 5:
		return "five"
	case 6:
		return "six"
	case 7:
		return "seven"
	case 8:
		return "eight"
	case 10:
		return "ten"
	case 11:
		return "eleven"
	case 12:
		return "twelve"
	}
	return "?"
}

//go:noinline
func sparse(n int64) int {
	switch n {
	case -1 << 63:
		return 1
	case -1000000:
		return 2
	case -1:
		return 3
	case 0:
		return 4
	case 7:
		return 5
	case 1 << 20:
		return 6
	case 1 << 31:
		return 7
	case 1<<32 + 7:
		return 8
	case 1 << 40:
		return 9
	case 1<<63 - 1:
		return 10
	}
	return 0
}

//go:noinline
func unsigned(n uint64) int {
	switch n {
	case 0:
		return 1
	case 1<<63 - 1:
		return 2
	case 1 << 63:
		return 3
	case 1<<64 - 2:
		return 4
	case 1<<64 - 1:
		return 5
	case 3, 4, 5, 6, 7, 8:
		return 6
	}
	return 0
}

//go:noinline
func bytes(b byte, i int8) int {
	r := 0
	switch b {
	case 'a', 'e', 'i', 'o', 'u':
		r = 1
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		r = 2
	case 255:
		r = 3
	case 128:
		r = 4
	}
	switch i {
	case -128, -127:
		r += 10
	case -1:
		r += 20
	case 0, 1, 2, 3, 4, 5, 6, 7:
		r += 30
	case 127:
		r += 40
	}
	return r
}

//go:noinline
func keyword(s string) int {
	switch s {
	case "break":
		return 1
	case "case":
		return 2
	case "chan":
		return 3
	case "const":
		return 4
	case "continue":
		return 5
	case "default":
		return 6
	case "defer":
		return 7
	case "else":
		return 8
	case "fallthrough":
		return 9
	case "for":
		return 10
	case "func":
		return 11
	case "go":
		return 12
	case "goto":
		return 13
	case "if":
		return 14
	case "import":
		return 15
	case "interface":
		return 16
	case "map":
		return 17
	case "package":
		return 18
	case "range":
		return 19
	case "return":
		return 20
	case "select":
		return 21
	case "struct":
		return 22
	case "switch":
		return 23
	case "type":
		return 24
	case "var":
		return 25
	case "":
		return 26
	case "défaut", "\x00":
		return 27
	}
	return 0
}

//go:noinline
func kinds(v any) int {
	switch v.(type) {
	case bool:
		return 1
	case int:
		return 2
	case int8:
		return 3
	case int16:
		return 4
	case int32:
		return 5
	case int64:
		return 6
	case uint:
		return 7
	case uint8:
		return 8
	case uint16:
		return 9
	case uint32:
		return 10
	case uint64:
		return 11
	case float32:
		return 12
	case float64:
		return 13
	case complex64:
		return 14
	case complex128:
		return 15
	case string:
		return 16
	case []byte:
		return 17
	case []string:
		return 18
	case map[string]int:
		return 19
	case error:
		return 20
	case func():
		return 21
	case *int:
		return 22
	case chan int:
		return 23
	case nil:
		return 24
	case struct{}:
		return 25
	case [2]int:
		return 26
	}
	return 0
}

func main() {
	for n := -2; n < 15; n++ {
		fmt.Print(dense(n), " ")
	}
	fmt.Println(dense(1<<62), dense(-1<<63))
	for _, n := range []int64{-1 << 63, -1<<63 + 1, -1000000, -1, 0, 7, 8, 1 << 20, 1 << 31, 1<<32 + 7, 1 << 40, 1<<63 - 1, 1 << 32} {
		fmt.Print(sparse(n), " ")
	}
	for _, n := range []uint64{0, 1, 3, 8, 9, 1<<63 - 1, 1 << 63, 1<<64 - 2, 1<<64 - 1} {
		fmt.Print(unsigned(n), " ")
	}
	fmt.Println()
	sum := 0
	for i := range 256 {
		sum = (sum*33 + bytes(byte(i), int8(i))) % 1000003
	}
	fmt.Println(sum, bytes(255, 127), bytes('a', -1), bytes(128, -128))
	for _, s := range []string{"break", "brea", "breaks", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go", "goto", "got", "if", "import",
		"interface", "map", "package", "range", "return", "select", "struct", "switch", "type", "var", "", "défaut", "\x00", "\x01", "Go", "gO"} {
		fmt.Print(keyword(s), " ")
	}
	fmt.Println()
	for _, v := range []any{true, 1, int8(1), int16(1), int32(1), int64(1), uint(1), uint8(1), uint16(1), uint32(1), uint64(1), float32(1), 1.0, complex64(1), 1i, "s", []byte{}, []string{},
		map[string]int{}, fmt.Errorf("e"), func() {}, new(int), make(chan int), nil, struct{}{}, [2]int{}, [3]int{}, uintptr(1)} {
		fmt.Print(kinds(v), " ")
	}
	fmt.Println()
}
